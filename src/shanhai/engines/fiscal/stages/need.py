"""Stage 2, fiscal need: what a unit has to do.

Source: FAG §9 for weighted population; 财预〔2022〕58号 for unit standards times cost factors.
"""

from math import prod

from shanhai.engines.fiscal.exact import Vector, divide, tame, total
from shanhai.engines.fiscal.stages.registry import AMOUNT, PLAIN, Arg, method, rows


@method("need", "weighted_population", population=PLAIN, weight=PLAIN.or_else("1"), total=AMOUNT)
def weighted_population(population: Vector, weight: Vector, total: Vector) -> Vector:
    """Share an amount by weighted population.

    Args:
        population: Persons, shape (n,).
        weight: Weight of each unit's persons, shape (n,).
        total: The amount, fen, the same for all.

    Raises:
        ValueError: If nobody lives anywhere.
    """
    weighted = [tame(p * w) for p, w in zip(population, weight, strict=True)]
    across = _total(weighted)
    if not across:
        raise ValueError("加权人口合计为 0 the weighted population adds up to 0")
    return [tame(divide(amount * own, across)) for amount, own in zip(total, weighted, strict=True)]


_total = total


@method("need", "unit_costs", items=rows(units=PLAIN, standard=AMOUNT, factor=PLAIN.or_else("1")))
def unit_costs(items: list[dict[str, Vector]]) -> Vector:
    """Return Σ units · standard · cost factor.

    Args:
        items: For each task its units (pupils, km …), the standard a unit in fen, and the cost factor.
    """
    columns = [
        [u * s * f for u, s, f in zip(one["units"], one["standard"], one["factor"], strict=True)]
        for one in items
    ]
    return [tame(sum(parts)) for parts in zip(*columns, strict=True)]


@method(
    "need",
    "cost_factors",
    population=PLAIN,
    average=AMOUNT,
    size=PLAIN.or_else("1"),
    area=PLAIN.or_else("1"),
    size_weight=PLAIN.or_else("85%"),
    items=rows(share=PLAIN, factor=PLAIN),
    multipliers=Arg("list", default=""),
)
def cost_factors(
    population: Vector,
    average: Vector,
    size: Vector,
    area: Vector,
    size_weight: Vector,
    items: list[dict[str, Vector]],
    multipliers: list[Vector],
) -> Vector:
    """Return the standard expenditure of one field of 财预〔2022〕58号.

    population · average · (size_weight · size + (1 − size_weight) · area) · Σ share · factor · Π multipliers.

    Args:
        population: Persons served.
        average: National average a head, fen.
        size: Population-size factor.
        area: Area factor.
        size_weight: Weight of size against area, 85 % by the rule.
        items: Shares of personnel, heating, fuel … with their factor (hardship, winter, altitude …).
        multipliers: Dependency, ethnic, municipality, lifted-out-of-poverty factors.
    """
    mixes = zip(
        *([s * f for s, f in zip(i["share"], i["factor"], strict=True)] for i in items), strict=True
    )
    products = [prod(p) for p in zip(*multipliers, strict=True)] or [1] * len(population)
    both = zip(size, area, size_weight, strict=True)
    spread = [w * s + (1 - w) * a for s, a, w in both]
    return [
        tame(p * a * s * sum(mix) * product)
        for p, a, s, mix, product in zip(population, average, spread, mixes, products, strict=True)
    ]
