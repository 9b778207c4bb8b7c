"""Run a scheme backwards: which value of a parameter meets a target.

A target is `formula = formula` over the run's figures (`lowest(after) = 90%`, `sum(bez) = 17.3 billion`), or
`least formula`, which is made as small as it gets. Roots by regula falsi (Illinois), minima by golden section, both
on exact runs.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from shanhai.engines.fiscal.exact import Number, show, size, tame
from shanhai.engines.fiscal.formula import Formula, compile_formula
from shanhai.engines.fiscal.prepare import Ready, read_parameter
from shanhai.engines.fiscal.run import Result, run
from shanhai.engines.fiscal.table import Table
from shanhai.engines.fiscal.units import fen_per, parse_number
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.spelling import nearest

GRID = 16
MOST_RUNS = 120
CLOSE = Fraction(1, 10**13)
DIGITS = 18
NEAR = Fraction(1, 10**3)
"""How near, relatively, a rounder value must lie to be tried as the solution."""


CLOSER = 3
"""How many times a search looks closer where no two points lie on both sides of the target."""
_Pairs = tuple[tuple[Number, Number], tuple[Number, Number]]


class Target(NamedTuple):
    """What is wanted: `left − right = 0`, or `left` least where `right` is None."""

    text: str
    left: str
    right: str | None


class Solution(NamedTuple):
    """A solved parameter.

    Attributes:
        parameter: Its name.
        value: Its value as text, in the parameter's own unit.
        reached: What the target's formula came to.
        wanted: What was asked for; None for a least.
        runs: How often the scheme ran.
        result: The run at the solution, traced.
    """

    parameter: str
    value: str
    reached: Number
    wanted: Number | None
    runs: int
    result: Result


def parse_target(text: str) -> Target:
    """Read a target.

    Raises:
        InvalidInputError: If it is neither `formula = number` nor `least formula`.
    """
    word, _, rest = text.strip().partition(" ")
    if word == "least" and rest.strip():
        return Target(text, rest.strip(), None)
    pieces = text.replace("＝", "=").replace("==", "=").split("=")
    # an equals sign inside by= or where= belongs to the formula: the last one divides
    left, right = "=".join(pieces[:-1]).strip(), pieces[-1].strip()
    if len(pieces) < 2 or not left or not right or ">" in right or "<" in right:  # noqa: PLR2004
        raise refuse("target", target=text)
    return Target(text, left, right)


def choose(ready: Ready, vary: str) -> tuple[str, str]:
    """Return the parameter to move and its range: `name`, `name=low:high`, or empty if there is only one.

    Raises:
        InvalidInputError: If none is named and there are several, or the name is unknown.
    """
    known = ready.scheme.parameters
    name, _, span = vary.partition("=")
    if name:
        if name not in known:
            raise refuse("parameter", name=name, nearest=nearest(name, known))
        return name, span
    if len(known) != 1:
        raise refuse("solve.vary", names="、".join(known))
    return next(iter(known)), ""


class _Search:
    """Runs a scheme at values of one parameter and keeps what came out."""

    def __init__(self, ready: Ready, table: Table, target: Target, name: str) -> None:
        self.ready, self.table, self.target, self.name = ready, table, target, name
        self.parameter = ready.scheme.parameters[name]
        self.left = self._formula(target.left)
        self.right = self._formula(target.right) if target.right is not None else None
        if self.right is not None:
            # units of both sides must agree; compiled once for that check
            compile_formula(f"({target.left}) - ({target.right})", "--target", ready.scope)
        self.runs = 0
        self.kept: dict[Number, Number | None] = {}
        self.error: InvalidInputError | None = None

    def _formula(self, text: str) -> Formula:
        made = compile_formula(text, "--target", self.ready.scope)
        if made.kind.vector:
            raise refuse("one_value", place="--target", formula=made.text)
        return made

    def result(self, value: Number, *, trace: bool) -> Result:
        written = show(value, DIGITS)
        currency = self.ready.scheme.head.currency
        own = read_parameter(self.name, self.parameter, written, currency)
        ready = self.ready._replace(parameters=self.ready.parameters | {self.name: own})
        return run(ready, self.table, trace=trace)

    def at(self, value: Number) -> Number | None:
        """Return left − right (or left) at a value; None where the scheme cannot run there."""
        if value not in self.kept:
            self.runs += 1
            try:
                found = self.result(value, trace=False)
                gap: Number = self.left.value(found.env)
                if self.right is not None:
                    gap = gap - self.right.value(found.env)
                self.kept[value] = gap
            except InvalidInputError as error:
                self.kept[value], self.error = None, error
        return self.kept[value]


def between(ready: Ready, name: str, text: str) -> tuple[Number, Number]:
    """Return the range to search, in the parameter's own unit.

    Args:
        ready: The scheme.
        name: The parameter.
        text: `low:high`, or empty for the parameter's own `least` and `most`, or else 0 to ten times its value.

    Raises:
        InvalidInputError: If there is no range.
    """
    parameter, place = ready.scheme.parameters[name], "--vary"
    if text:
        low, colon, high = text.partition(":")
        if not colon:
            raise refuse("solve.between", name=name)
        return parse_number(low, place), parse_number(high, place)
    least = parse_number(str(parameter.least), place) if parameter.least is not None else None
    most = parse_number(str(parameter.most), place) if parameter.most is not None else None
    value = ready.parameters[name]
    if isinstance(value, str):
        raise refuse("solve.between", name=name)
    unit = parameter.unit
    scale = fen_per(unit, ready.scheme.head.currency, place) if unit else 1
    own = Fraction(value) / scale
    if most is None and not own:
        raise refuse("solve.between", name=name)
    low_, high_ = (
        (least if least is not None else 0),
        (most if most is not None else 10 * size(own)),
    )
    return tame(low_), tame(high_)


def solve(ready: Ready, table: Table, target: Target, vary: str = "") -> Solution:
    """Find the value of a parameter that meets a target.

    Args:
        ready: The scheme.
        table: The units' data.
        target: What is wanted.
        vary: The parameter to move, with its range if it has no bounds or value: `name` or `name=low:high`.

    Returns:
        The solution and the run there.

    Raises:
        InvalidInputError: If the target cannot be met within the range; says what can be reached.
    """
    name, span = choose(ready, vary)
    low, high = sorted(between(ready, name, span))
    search = _Search(ready, table, target, name)
    value = _find(search, low, high, share=not span and _is_share(ready, name))
    result = search.result(value, trace=True)
    wanted = search.right.value(result.env) if search.right is not None else None
    reached = search.left.value(result.env)
    return Solution(name, show(value, DIGITS), reached, wanted, search.runs, result)


def _is_share(ready: Ready, name: str) -> bool:
    """Return whether a parameter without a largest value is a plain number from 0 to 1, such as a rate."""
    parameter, value = ready.scheme.parameters[name], ready.parameters[name]
    plain = parameter.most is None and not parameter.unit and not isinstance(value, str)
    return plain and 0 <= Fraction(value) <= 1


def _find(search: _Search, low: Number, high: Number, *, share: bool) -> Number:
    """Return the value; a share is sought up to 1 before it is sought beyond."""
    way = _least if search.target.right is None else _root
    if share and low < 1 < high:
        try:
            return way(search, low, 1)
        except InvalidInputError as error:
            if error.code != "fiscal.solve.none":
                raise
    return way(search, low, high)


def _points(low: Number, high: Number) -> list[Number]:
    return [tame(low + Fraction(high - low) * at / GRID) for at in range(GRID + 1)]


def _known(search: _Search, points: list[Number]) -> list[tuple[Number, Number]]:
    found = [(point, gap) for point in points if (gap := search.at(point)) is not None]
    if not found and search.error is not None:
        raise search.error
    return found


def _root(search: _Search, low: Number, high: Number) -> Number:
    ends = _known(search, [low, high])
    pairs = _crossing(ends) or _between(search, _known(search, _points(low, high)))
    if pairs is None:
        raise _unreachable(search, low, high)
    return _roundest(search, _illinois(search, *pairs))


def _between(search: _Search, found: list[tuple[Number, Number]]) -> _Pairs | None:
    """Return a change of sign, looking closer around the nearest point where the target only peaks in between."""
    for _ in range(CLOSER):
        pairs = _crossing(found)
        if pairs is not None or not found:
            return pairs
        at = min(range(len(found)), key=lambda n: size(found[n][1]))
        low, high = found[max(0, at - 1)][0], found[min(len(found) - 1, at + 1)][0]
        found = _known(search, _points(low, high))
    return _crossing(found)


def _roundest(search: _Search, value: Number) -> Number:
    """Return the value with the fewest decimals next to a solution that meets the target no less closely."""
    gap = search.at(value)
    assert gap is not None  # noqa: S101 - it ran there
    for digits in range(DIGITS):
        round_ = tame(Fraction(round(value * 10**digits), 10**digits))
        if size(round_ - value) > NEAR * size(value):
            continue
        found = search.at(round_)
        if found is not None and size(found) <= size(gap):
            return round_
    return value


def _crossing(found: list[tuple[Number, Number]]) -> _Pairs | None:
    for first, second in pairwise(found):
        if first[1] * second[1] <= 0:
            return first, second
    return None


def _unreachable(search: _Search, low: Number, high: Number) -> InvalidInputError:
    ran = [value for value, gap in search.kept.items() if gap is not None]
    gaps = [search.kept[value] or 0 for value in ran]
    wanted: Number = 0
    if search.right is not None:
        wanted = search.right.value(search.result(ran[0], trace=False).env)
    return refuse(
        "solve.none",
        name=search.name,
        low=show(low),
        high=show(high),
        formula=search.target.left,
        least=show(min(gaps) + wanted),
        most=show(max(gaps) + wanted),
        value=show(wanted),
    )


def _illinois(
    search: _Search, first: tuple[Number, Number], second: tuple[Number, Number]
) -> Number:
    """Close in on a sign change; the pulled end's value is halved when it stays twice."""
    (a, fa), (b, fb) = first, second
    if not fa or not fb:
        return a if not fa else b
    scale, best = size(b - a), min((size(fa), a), (size(fb), b))
    weight_a = weight_b = Fraction(1)
    stuck = 0
    last = search.runs + MOST_RUNS
    while search.runs < last and size(b - a) > CLOSE * max(size(a), size(b), scale):
        down, up = fa * weight_a, fb * weight_b
        c = _written((a * up - b * down) / Fraction(up - down)) if stuck < 3 else None  # noqa: PLR2004
        if c is None or not min(a, b) < c < max(a, b):
            c = _written(Fraction(a + b) / 2)
        fc = search.at(c)
        if fc is None or c in (a, b):
            break
        best = min(best, (size(fc), c))
        if not fc:
            return c
        width = size(b - a)
        if (fc > 0) == (fb > 0):
            b, fb, weight_b, weight_a = c, fc, Fraction(1), weight_a / 2
        else:
            a, fa, weight_a, weight_b = c, fc, Fraction(1), weight_b / 2
        stuck = stuck + 1 if size(b - a) * 2 > width else 0
    return best[1]


def _written(value: Number) -> Number:
    """Return a value as it can be written in the scheme: at most 18 decimals."""
    return tame(Fraction(round(value * 10**DIGITS), 10**DIGITS))


_GOLDEN = Fraction(618033988749895, 10**15)


def _least(search: _Search, low: Number, high: Number) -> Number:
    found = _known(search, _points(low, high))
    at = min(range(len(found)), key=lambda n: (found[n][1], n))
    a, b = found[max(0, at - 1)][0], found[min(len(found) - 1, at + 1)][0]
    while search.runs < MOST_RUNS and size(b - a) > CLOSE * max(size(a), size(b)):
        step = Fraction(b - a) * _GOLDEN
        left, right = _written(b - step), _written(a + step)
        values = search.at(left), search.at(right)
        if None in values or left >= right:
            break
        if values[0] <= values[1]:  # type: ignore[operator]  # neither is None here
            b = right
        else:
            a = left
    kept = [(gap, value) for value, gap in search.kept.items() if gap is not None]
    return min(kept)[1]


def overridden(ready: Ready, overrides: Mapping[str, str]) -> Ready:
    """Return the scheme with some parameters set otherwise, as text in their own unit.

    Raises:
        InvalidInputError: If a name is unknown or a value is out of bounds.
    """
    found = dict(ready.parameters)
    for name, text in overrides.items():
        if name not in ready.scheme.parameters:
            near = nearest(name, ready.scheme.parameters)
            raise refuse("parameter", name=name, nearest=near)
        parameter = ready.scheme.parameters[name]
        found[name] = read_parameter(name, parameter, text, ready.scheme.head.currency)
    return ready._replace(parameters=found)
