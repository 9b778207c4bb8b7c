"""Multidimensional poverty after Alkire and Foster: H, A, MPI, contributions, subgroups.

Source: S. Alkire and J. Foster, J. Public Economics 95 (2011) 476–487. A household is poor where its weighted
deprivations reach k; c = k counts as poor, so shares are exact fractions. Rows with a missing indicator are
dropped and counted.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import msgspec

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.mpi_spec": Text(
        "{where}：多维贫困说明写法不对：{detail}，请对照指南改正",
        "{where}: the poverty specification is malformed: {detail}; compare it with the guide",
    ),
    "screen.mpi_weights": Text(
        "{where}：权重之和是 {total}，应为 1，请改正",
        "{where}: weights add up to {total}, not 1; correct them",
    ),
    "screen.mpi_column": Text(
        "没有列“{name}”，请补上或在说明里改名",
        "No column “{name}”; add it or rename it in the specification",
    ),
    "screen.mpi_cell": Text(
        "第 {row} 行 {name}：“{found}”应为 0 或 1（人数为正数），请改正或留空",
        "Row {row}, {name}: “{found}” should be 0 or 1 (a size positive); correct it or leave it blank",
    ),
}


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[indicators]]`: a 0/1 column, its weight as a fraction such as "1/6", and its dimension."""

    name: str
    weight: str
    dimension: str = ""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is measured: `k` as a fraction; `size` is the column of persons or survey weight."""

    k: str
    indicators: Annotated[tuple[Indicator, ...], msgspec.Meta(min_length=1)]
    size: str = ""
    group: str = ""

    @property
    def weights(self) -> dict[str, Fraction]:
        """Return each indicator's exact weight."""
        return {one.name: Fraction(one.weight) for one in self.indicators}


def load_spec(content: str | bytes, name: str = "mpi.toml") -> Spec:
    """Read a specification: TOML, in UTF-8.

    Raises:
        InvalidInputError: It is malformed, or its weights do not add up to 1.
    """
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        spec = msgspec.convert(tomllib.loads(text), Spec)
        total, cut = sum(spec.weights.values()), Fraction(spec.k)
    except (
        tomllib.TOMLDecodeError,
        msgspec.ValidationError,
        ValueError,
        ZeroDivisionError,
    ) as error:
        raise InvalidInputError("screen.mpi_spec", where=name, detail=str(error)) from error
    if total != 1:
        raise InvalidInputError("screen.mpi_weights", where=name, total=str(total))
    if not 0 < cut <= 1 or min(spec.weights.values()) <= 0:
        raise InvalidInputError("screen.mpi_spec", where=name, detail="0 < k <= 1, weights > 0")
    return spec


@dataclass(frozen=True, slots=True)
class Poverty:
    """H (share of persons poor), A (their mean deprivation), MPI = H × A, and what each indicator contributes.

    `censored` is each indicator's share of persons poor and deprived; `contribution` adds up to 1 over
    indicators, and over dimensions. `group_share` is a subgroup's share of the whole MPI.
    """

    headcount: float
    intensity: float
    mpi: float
    censored: dict[str, float]
    contribution: dict[str, float]
    dimensions: dict[str, float]
    households: int
    dropped: int
    population: float
    group_share: float = 1.0


def sort_out(
    rows: Sequence[Mapping[str, Any]], spec: Spec
) -> tuple[list[Mapping[str, Any]], list[tuple[int, str, Mapping[str, Any]]]]:
    """Return the rows that can be measured, and those set aside: number (from 1), reason, row.

    Raises:
        InvalidInputError: A column is not there.
    """
    _columns(rows, spec)
    kept, aside = list[Mapping[str, Any]](), []
    for number, row in enumerate(rows, 1):
        try:
            _household(number, row, spec)
        except InvalidInputError as error:
            aside.append((number, f"{error.say('zh')} {error.say('en')}", row))
            continue
        kept.append(row)
    return kept, aside


def _columns(rows: Sequence[Mapping[str, Any]], spec: Spec) -> None:
    for name in (*spec.weights, *filter(None, (spec.size, spec.group))):
        if rows and name not in rows[0]:
            raise InvalidInputError("screen.mpi_column", name=name)


def measure(rows: Sequence[Mapping[str, Any]], spec: Spec) -> dict[str, Poverty]:
    """Measure the whole ("") and each subgroup.

    Args:
        rows: Households: 0/1 (or true/false) for each indicator, None where missing; size and group as named.
        spec: Weights, cut-off, columns.

    Returns:
        The whole under "", then each subgroup by name, in order.

    Raises:
        InvalidInputError: A column is not there, or a cell is neither 0, 1 nor blank.
    """
    _columns(rows, spec)
    read = [_household(number, row, spec) for number, row in enumerate(rows, 1)]
    whole = _poverty(read, spec)
    found = {"": whole}
    if spec.group:
        for group in sorted({str(row[spec.group]) for row in rows}):
            part = [
                one for one, row in zip(read, rows, strict=True) if str(row[spec.group]) == group
            ]
            found[group] = _share(_poverty(part, spec), whole)
    return found


_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
"""A number as tables write it; a longer exponent would fill the memory."""
Household = tuple[Fraction, dict[str, int]] | None


def _household(number: int, row: Mapping[str, Any], spec: Spec) -> Household:
    """Return size and deprivations, None where something is missing."""
    cells = {name: _cell(number, name, row[name], {0, 1}) for name in spec.weights}
    size = _cell(number, spec.size, row[spec.size], None) if spec.size else Fraction(1)
    if size is None or None in cells.values():
        return None
    return size, {name: int(value or 0) for name, value in cells.items()}


def _cell(number: int, name: str, value: Any, known: set[int] | None) -> Fraction | None:
    if value is None or value != value or str(value).strip() == "":  # noqa: PLR0124 - NaN
        return None
    words = {"true": "1", "false": "0", "是": "1", "否": "0"}
    shown = unicodedata.normalize("NFKC", str(value)).strip()
    written = words.get(shown.lower(), shown)
    exact = Fraction(written) if _NUMBER.fullmatch(written) else Fraction(-1)
    if exact not in known if known else exact <= 0:
        raise InvalidInputError("screen.mpi_cell", row=number, name=name, found=shown)
    return exact


def _poverty(read: Iterable[Household], spec: Spec) -> Poverty:
    weights, cut = spec.weights, Fraction(spec.k)
    listed = list(read)
    kept = [one for one in listed if one is not None]
    population = sum((size for size, _ in kept), Fraction(0))
    poor = [(size, g, c) for size, g in kept if (c := _score(g, weights)) >= cut]
    persons = sum((size for size, _, _ in poor), Fraction(0))
    depth = sum((size * c for size, _, c in poor), Fraction(0))
    mpi = depth / population if population else Fraction(0)
    censored = {
        name: sum((size * g[name] for size, g, _ in poor), Fraction(0)) / (population or 1)
        for name in weights
    }
    shares = {
        name: weights[name] * censored[name] / mpi if mpi else Fraction(0) for name in weights
    }
    dimensions: dict[str, float] = {}
    for one in spec.indicators:
        key = one.dimension or one.name
        dimensions[key] = dimensions.get(key, 0.0) + float(shares[one.name])
    return Poverty(
        headcount=float(persons / population) if population else 0.0,
        intensity=float(depth / persons) if persons else 0.0,
        mpi=float(mpi),
        censored={name: float(one) for name, one in censored.items()},
        contribution={name: float(one) for name, one in shares.items()},
        dimensions=dimensions,
        households=len(kept),
        dropped=len(listed) - len(kept),
        population=float(population),
    )


def _score(deprived: Mapping[str, int], weights: Mapping[str, Fraction]) -> Fraction:
    return sum((weights[name] for name, one in deprived.items() if one), Fraction(0))


def _share(part: Poverty, whole: Poverty) -> Poverty:
    """Return a subgroup with its share of the whole MPI: population share × MPI ÷ whole MPI."""
    all_of_it = whole.population * whole.mpi
    share = part.population * part.mpi / all_of_it if all_of_it else 0.0
    values = {name: getattr(part, name) for name in Poverty.__dataclass_fields__}
    return Poverty(**(values | {"group_share": share}))
