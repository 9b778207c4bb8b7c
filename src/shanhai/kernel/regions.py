"""Administrative regions by adcode: ancestry is a prefix (frozen decision 24).

Source: GB/T 2260 (province 2, prefecture 4, county 6 digits), extended to township (9) and village (12).
"""

from functools import lru_cache

COUNTRY = "000000"
_CUTS = (2, 4, 6, 9, 12)
_KEPT = 4096  # more regions than one county has villages


@lru_cache(_KEPT)
def stem(code: str) -> str:
    """Return the significant prefix: `510000` → `51`, `510700` → `5107`, `000000` → ``."""
    for cut in _CUTS:
        if len(code) >= cut and set(code[cut:]) <= {"0"}:
            return "" if set(code[:cut]) == {"0"} else code[:cut]
    return code


def contains(outer: str, inner: str) -> bool:
    """Return whether `inner` lies in `outer` or is it."""
    return inner.startswith(stem(outer))


def look_up(code: str) -> tuple[str, ...]:
    """Return the prefixes to look a dated value up by, nearest first: county, prefecture, province, country."""
    return tuple(code[:cut] for cut in (6, 4, 2, 0) if cut <= len(code))


def province_of(code: str) -> str:
    """Return the province's code, `510722` → `510000`."""
    return code[:2] + "0000"


def level(code: str) -> str:
    """Return `country`, `province`, `prefecture`, `county`, `township` or `village`."""
    names = {
        0: "country",
        2: "province",
        4: "prefecture",
        6: "county",
        9: "township",
        12: "village",
    }
    return names[len(stem(code))]
