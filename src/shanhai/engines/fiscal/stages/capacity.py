"""Stage 1, fiscal capacity: what a unit can raise.

Source: representative tax system (Musgrave; ACIR 1962) for bases at average rates; the mean of several years with a
lag as in FiLaG Art. 3; the effort rule is this platform's design (示例), after canton Luzern's reduction below the mean.
"""

from typing import Any

from shanhai.engines.fiscal.exact import Number, Vector, divide, tame, total
from shanhai.engines.fiscal.stages.registry import AMOUNT, ANY, PLAIN, Arg, method, rows


@method("capacity", "formula", gives="formula", formula=Arg("any"))
@method("need", "formula", gives="formula", formula=Arg("any"))
@method("result", "formula", gives="formula", formula=Arg("any"))
def formula(formula: list[Any]) -> list[Any]:
    """Take the formula's value."""
    return formula


@method("capacity", "mean", gives="values", values=Arg("list"))
def mean(values: list[Vector]) -> Vector:
    """Return the mean of several years.

    Args:
        values: One column a year, shape (k years, n units).
    """
    return [tame(divide(total(years), len(years))) for years in zip(*values, strict=True)]


@method(
    "capacity",
    "representative",
    bases=rows(base=ANY, revenue=AMOUNT, share=PLAIN.or_else("1")),
)
def representative(bases: list[dict[str, Vector]]) -> Vector:
    """Return Σ share · base · (all revenue ÷ all base): each base at the average rate.

    Args:
        bases: For each revenue its base (any unit), its actual revenue in fen and its inclusion share.

    Raises:
        ValueError: If a base adds up to 0.
    """
    columns = []
    for one in bases:
        across = total(one["base"])
        if not across:
            raise ValueError("税基合计为 0 a base adds up to 0")
        rate = tame(divide(total(one["revenue"]), across))
        columns.append(
            [
                tame(share * base * rate)
                for share, base in zip(one["share"], one["base"], strict=True)
            ]
        )
    return [tame(sum(parts)) for parts in zip(*columns, strict=True)]


@method(
    "capacity",
    "effort",
    capacity=AMOUNT,
    revenue=AMOUNT,
    least=PLAIN.or_else("80%"),
    penalty=PLAIN.or_else("1"),
)
def effort(capacity: Vector, revenue: Vector, least: Vector, penalty: Vector) -> Vector:
    """Count up the capacity of those who tax themselves less than `least` of the average effort.

    Effort is own revenue ÷ capacity, over the average effort of all; below `least` capacity counts as
    capacity · (1 + penalty · (least − effort)).

    Raises:
        ValueError: If no unit has capacity or revenue.
    """
    every, raised = total(capacity), total(revenue)
    if every <= 0 or raised <= 0:
        raise ValueError("能力或收入合计为 0 no capacity or revenue")
    average = divide(raised, every)
    found: list[Number] = []
    for own, got, low, weight in zip(capacity, revenue, least, penalty, strict=True):
        relative = divide(divide(got, own), average) if own > 0 else low
        found.append(tame(own * (1 + weight * max(0, low - relative))))
    return found


@method("report", "ratios", capacity=AMOUNT, need=ANY, burden=AMOUNT)
def ratios(capacity: Vector, need: Vector, burden: Vector) -> tuple[Vector, Vector, Vector]:
    """Take what a report measures equality and burden by."""
    return capacity, need, burden
