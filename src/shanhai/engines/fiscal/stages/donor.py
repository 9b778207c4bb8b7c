"""Stage 3, the donor's schedule: what a unit pays, before the transfer is closed, bounded and rounded.

Source: FAG §10(2) (linear), FiLaG Art. 4(3) (uniform share of the excess), FAG LU §§6–7 (brackets by class).
"""

from shanhai.engines.fiscal.exact import Number, Vector, tame
from shanhai.engines.fiscal.formula.functions import marginal
from shanhai.engines.fiscal.stages.registry import AMOUNT, ANY, PLAIN, TEXT, Answer, method, rows

Brackets = list[dict[str, Vector]]


@method("donor", "formula", amount=AMOUNT)
def formula(amount: Vector) -> Answer:
    """Take the formula's amount; negative amounts are refused by the caller."""
    return Answer(amount)


@method("donor", "linear", capacity=AMOUNT, target=AMOUNT, rate=PLAIN)
def linear(capacity: Vector, target: Vector, rate: Vector) -> Answer:
    """Charge `rate` of what capacity exceeds the target by."""
    rows_ = zip(capacity, target, rate, strict=True)
    return Answer([tame(r * max(0, c - t)) for c, t, r in rows_])


@method("donor", "uniform", capacity=AMOUNT, target=AMOUNT)
def uniform(capacity: Vector, target: Vector) -> Answer:
    """Charge everyone the same share of the excess; the share follows from what is to be raised (`<name>_scale_paid`)."""
    return Answer([max(0, c - t) for c, t in zip(capacity, target, strict=True)])


@method("donor", "revenue_share", base=AMOUNT, rate=PLAIN)
def revenue_share(base: Vector, rate: Vector) -> Answer:
    """Charge a share of a revenue."""
    return Answer([tame(b * r) for b, r in zip(base, rate, strict=True)])


@method("donor", "bracketed", base=ANY, scale=ANY, brackets=rows(start=ANY, rate=PLAIN))
def bracketed(base: Vector, scale: Vector, brackets: Brackets) -> Answer:
    """Charge marginal rates on a base (for example the excess a head), times a scale (for example heads).

    Args:
        base: What the brackets are about, shape (n,).
        scale: What the charge is multiplied by; base × scale is in fen.
        brackets: By rising `start`, in the base's unit; `rate` holds up to the next start.
    """
    return Answer([tame(_charge(b, brackets, at) * scale[at]) for at, b in enumerate(base)])


@method(
    "donor",
    "by_class",
    base=ANY,
    scale=ANY,
    unit_class=TEXT,
    brackets=rows(unit_class=TEXT, start=ANY, rate=PLAIN),
)
def by_class(base: Vector, scale: Vector, unit_class: list[str], brackets: Brackets) -> Answer:
    """Charge marginal rates that depend on the unit's class.

    Raises:
        ValueError: If a class has no brackets.
    """
    own: dict[str, Brackets] = {}
    for one in brackets:
        own.setdefault(str(one["unit_class"][0]), []).append(one)
    lacking = sorted(set(unit_class) - own.keys())
    if lacking:
        raise ValueError(f"没有档次的类别 classes without brackets: {'、'.join(lacking)}")
    return Answer(
        [tame(_charge(b, own[unit_class[at]], at) * scale[at]) for at, b in enumerate(base)]
    )


def _charge(base: Number, brackets: Brackets, at: int) -> Number:
    return marginal(base, [(one["start"][at], one["rate"][at]) for one in brackets])
