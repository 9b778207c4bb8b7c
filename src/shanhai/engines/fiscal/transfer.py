"""One transfer from first dues to whole fen: donors, recipients, bounds, transition, pairs, rounding."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from shanhai.engines.fiscal.allocate import Closed, InfeasibleError, clip, close
from shanhai.engines.fiscal.arguments import compile_args
from shanhai.engines.fiscal.exact import Number, Vector, share_out, show, size, tame, total, whole
from shanhai.engines.fiscal.formula import Env, Formula, Kind, compile_formula
from shanhai.engines.fiscal.part import Part
from shanhai.engines.fiscal.placing import place
from shanhai.engines.fiscal.scheme import Rule, Transfer
from shanhai.engines.fiscal.stages import METHODS, Limits, Net
from shanhai.engines.fiscal.trace import FEN, Line, inputs_of
from shanhai.engines.fiscal.words import refuse

Lines = list[Line]
SIDES = {"paid": "上解 what is paid", "received": "补助 what is received"}


class Outcome(NamedTuple):
    """A computed transfer, whole fen."""

    paid: list[int]
    received: list[int]
    flows: dict[tuple[int, int], int]
    figures: dict[str, Number]


class Limit(NamedTuple):
    """The bounds on one side, all rules together."""

    least: list[Number | None]
    most: list[Number | None]
    names: str


class Prepared:
    """A transfer whose formulas are compiled."""

    def __init__(self, transfer: Transfer, scope: Mapping[str, Kind], currency: str) -> None:
        self.transfer, self.place, self.currency = (
            transfer,
            f"[[transfer]] {transfer.name}",
            currency,
        )
        self.donor = self._part(transfer.donor, scope, "donor") if transfer.donor else None
        self.recipient = self._part(transfer.recipient, scope, "recipient")
        self.bounds = [
            self._part(r, scope, f"bounds {n}") for n, r in enumerate(transfer.bounds, 1)
        ]
        self.transition = [
            self._part(r, scope, f"transition {n}") for n, r in enumerate(transfer.transition, 1)
        ]
        self.pool = self._pool(scope)

    def _part(self, rule: Rule, scope: Mapping[str, Kind], name: str) -> Part:
        method, place = METHODS[rule.stage][rule.method], f"{self.place} › {name}"
        return Part(rule, method, compile_args(method, rule.args, place, scope), place)

    def _pool(self, scope: Mapping[str, Kind]) -> Formula | None:
        if not self.transfer.pool:
            return None
        place = f"{self.place} › pool"
        made = compile_formula(self.transfer.pool, place, scope)
        if made.kind.vector:
            raise refuse("one_value", place=place, formula=made.text)
        if made.kind.what != "number" or made.kind.money not in (1, None):
            got = made.kind.say()
            wanted = Kind(money=1).say()
            raise refuse(
                "formula.kind", place=place, what="pool", wanted=wanted, got=got, formula=made.text
            )
        return made

    def run(self, env: Env, lines: Lines | None) -> Outcome:
        """Compute the transfer.

        Args:
            env: What is known so far.
            lines: Where the trace goes; None to keep none.

        Returns:
            What each unit pays and receives in whole fen, adding up exactly.

        Raises:
            InvalidInputError: If a due is negative, the sides do not balance, or the bounds cannot hold.
        """
        return _Run(self, env, lines).outcome()


class _Run:
    def __init__(self, prepared: Prepared, env: Env, lines: Lines | None) -> None:
        self.own, self.env, self.lines = prepared, env, lines
        self.transfer, self.place, self.name = (
            prepared.transfer,
            prepared.place,
            prepared.transfer.name,
        )
        self.figures: dict[str, Number] = {}
        self.limits = self._limits()

    def outcome(self) -> Outcome:
        state = Net(*self._sides())
        for part in [*self.own.bounds, *self.own.transition]:
            if part.method.gives == "net":
                state = self._shaped(part, state)
        return self._whole(state)

    def _shaped(self, part: Part, state: Net) -> Net:
        """Apply what works on both sides at once; refuse what it breaks."""
        found: Net = part.run(self.env, state)
        net = [tame(r - p) for p, r in zip(found.paid, found.received, strict=True)]
        self._line(part, f"{self.name}.{part.rule.method}", net)
        if self.own.donor is None and any(found.paid):
            unit = self.env.units[next(at for at, paid in enumerate(found.paid) if paid)]
            detail = f"{unit} 会变成付款方，而出资的是 {self.transfer.payer} it would have to pay"
            raise refuse("rule", place=part.place, method=part.rule.method, detail=detail)
        if part.rule.stage == "bounds":
            self._still_within(part, "paid", found.paid)
            self._still_within(part, "received", found.received)
        return found

    def _still_within(self, part: Part, side: str, amounts: Vector) -> None:
        limit = self.limits.get(side)
        if limit is None:
            return
        rows = zip(self.env.units, amounts, limit.least, limit.most, strict=True)
        for unit, amount, least, most in rows:
            if size(clip(amount, least, most) - amount) > 1:
                raise refuse(
                    "broken",
                    place=part.place,
                    method=part.rule.method,
                    unit=unit,
                    what=SIDES[side],
                    amount_fen=whole(amount),
                    bounds=limit.names,
                )

    def _limits(self) -> dict[str, Limit]:
        found: dict[str, Limit] = {}
        for part in [*self.own.bounds, *self.own.transition]:
            if part.method.gives != "limits":
                continue
            limits: Limits = part.run(self.env)
            if limits.side == "paid" and self.own.donor is None:
                detail = "没有 donor，上解限制无从适用 there is no donor to bound"
                raise refuse("rule", place=part.place, method=part.rule.method, detail=detail)
            for word, values in (("least", limits.least), ("most", limits.most)):
                if values is not None:
                    self._line(part, f"{self.name}.{part.rule.method}.{word}", values)
            found[limits.side] = self._meet(found.get(limits.side), limits, part.rule.method)
        for side, limit in found.items():
            self._crossed(side, limit)
        return found

    def _meet(self, before: Limit | None, limits: Limits, name: str) -> Limit:
        nothing: list[Number | None] = [None] * len(self.env.units)
        least, most = limits.least or nothing, limits.most or nothing
        if before is None:
            return Limit(least, most, name)
        return Limit(
            [_tighter(max, *both) for both in zip(before.least, least, strict=True)],
            [_tighter(min, *both) for both in zip(before.most, most, strict=True)],
            f"{before.names}、{name}",
        )

    def _crossed(self, side: str, limit: Limit) -> None:
        for unit, low, high in zip(self.env.units, limit.least, limit.most, strict=True):
            if low is not None and high is not None and low > high:
                raise refuse(
                    "crossed",
                    place=self.place,
                    unit=unit,
                    what=SIDES[side],
                    low_fen=whole(low),
                    high_fen=whole(high),
                    bounds=limit.names,
                )

    def _sides(self) -> tuple[Vector, Vector]:
        """Return what is paid and received, exact, by the transfer's balance."""
        pool, balance = self._pool(), self.transfer.balance
        if balance == "none":
            return [0] * len(self.env.units), self._clipped("received", self._rule(pool))
        if balance == "pool":
            paid = self._closed("paid", self._due(), pool) if self.own.donor else self._nothing()
            return paid, self._closed("received", self._rule(pool), pool)
        if balance == "donors":
            received = self._clipped("received", self._rule(pool))
            return self._closed("paid", self._due(), total(received)), received
        paid = self._paid_first()
        across = total(paid)
        received = self._rule(across if pool is None else pool)
        if balance == "recipients":
            return paid, self._closed("received", received, across)
        received = self._clipped("received", received)
        self._balanced(across, total(received), len(received))
        return paid, received

    def _nothing(self) -> Vector:
        return [0] * len(self.env.units)

    def _paid_first(self) -> Vector:
        due = self._due()
        drop = any(p.rule.excess == "drop" for p in self.own.bounds if p.method.gives == "limits")
        if drop or "paid" not in self.limits:
            return self._clipped("paid", due)
        return self._closed("paid", due, total(due))

    def _pool(self) -> Number | None:
        if self.own.pool is None:
            return None
        pool: Number = self.own.pool.value(self.env)
        self._refuse_negative([pool] * len(self.env.units), "pool")
        if self.lines is not None:
            inputs, text = inputs_of([("pool", self.own.pool)], self.env), self.own.pool.text
            self._add(
                Line(
                    f"{self.name}_pool",
                    "recipient",
                    self.transfer.article,
                    "pool",
                    text,
                    FEN,
                    inputs,
                    pool,
                )
            )
        return pool

    def _due(self) -> Vector:
        part = self.own.donor
        if part is None:
            return self._nothing()
        due: Vector = part.run(self.env).amounts
        self._refuse_negative(due, "上解 donor")
        self._line(part, f"{self.name}.due", due)
        return due

    def _rule(self, pool: Number | None) -> Vector:
        part = self.own.recipient
        answer = part.run(self.env, pool)
        self._refuse_negative(answer.amounts, "补助 recipient")
        self.figures |= answer.figures
        self._line(part, f"{self.name}.rule", answer.amounts)
        return list(answer.amounts)

    def _refuse_negative(self, amounts: Sequence[Number], what: str) -> None:
        for unit, amount in zip(self.env.units, amounts, strict=True):
            if amount < 0:
                raise refuse(
                    "negative",
                    place=self.place,
                    unit=unit,
                    what=what,
                    value=show(amount, 2) + " fen",
                )

    def _clipped(self, side: str, amounts: Vector) -> Vector:
        limit = self.limits.get(side)
        if limit is None:
            return amounts
        rows = zip(amounts, limit.least, limit.most, strict=True)
        return [clip(*row) for row in rows]

    def _closed(self, side: str, amounts: Vector, whole_sum: Number | None) -> Vector:
        limit = self.limits.get(side)
        wanted: Number = whole_sum or 0
        least, most = (limit.least, limit.most) if limit else (None, None)
        if wanted and not total(amounts) and not any(least or ()):
            raise refuse("no_base", place=self.place, total_fen=whole(wanted), what=SIDES[side])
        try:
            closed: Closed = close(amounts, wanted, least, most)
        except InfeasibleError as error:
            raise refuse(
                "infeasible",
                place=self.place,
                what=SIDES[side],
                low_fen=whole(error.low),
                high_fen=whole(error.high) if error.high is not None else whole(wanted),
                total_fen=whole(wanted),
                bounds=limit.names if limit else "—",
            ) from error
        self.figures[f"scale_{side}"] = closed.factor
        if closed.factor != 1 and self.lines is not None:
            names = (("factor", closed.factor), ("total", wanted), ("amount", amounts))
            text = "amount × factor, within bounds" if limit else "amount × factor"
            self._add(
                Line(
                    f"{self.name}.{side}.closed",
                    side,
                    self.transfer.article,
                    "close",
                    text,
                    FEN,
                    names,
                    closed.amounts,
                )
            )
        return closed.amounts

    def _balanced(self, paid: Number, received: Number, units: int) -> None:
        allowed = self.transfer.tolerance_fen
        if size(paid - received) > (allowed if allowed >= 0 else units):
            raise refuse(
                "unbalanced",
                place=self.place,
                paid_fen=whole(paid),
                received_fen=whole(received),
                gap_fen=whole(size(paid - received)),
            )

    def _whole(self, state: Net) -> Outcome:
        size = len(self.env.units)
        paid, received = [0] * size, [0] * size
        for rows in self._groups():
            given: Vector = [state.paid[at] for at in rows]
            taken: Vector = [state.received[at] for at in rows]
            across = whole(total(taken if self.own.donor is None else given))
            if self.own.donor is not None:
                self._balanced(total(given), total(taken), len(rows))
                taken = _near(taken, across)
            both = share_out(given, whole(total(given))), share_out(taken, across)
            for at, give, take in zip(rows, *both, strict=True):
                paid[at], received[at] = give, take
        flows: dict[tuple[int, int], int] = {}
        if self.transfer.pairs:
            flows, received = place(
                self.transfer, self.env.units, paid, state.received, self.own.currency
            )
        if self.lines is not None:
            self._rounding_lines(state, paid, received)
        return Outcome(paid, received, flows, self.figures)

    def _groups(self) -> list[list[int]]:
        """Return the rows of each group that keeps its own sum; one group unless the scheme says `within`."""
        name = self.transfer.within
        if not name:
            return [list(self.env.all)]
        found: dict[str, list[int]] = {}
        for at, key in enumerate(self.env.values[name]):
            found.setdefault(key, []).append(at)
        return list(found.values())

    def _rounding_lines(self, state: Net, paid: list[int], received: list[int]) -> None:
        article = self.transfer.article
        for side, exact, rounded in (
            ("paid", state.paid, paid),
            ("received", state.received, received),
        ):
            if any(rounded):
                inputs, text = (("exact", list(exact)),), "largest remainder 最大余额法"
                self._add(
                    Line(f"{self.name}_{side}", side, article, "round", text, FEN, inputs, rounded)
                )

    def _line(self, part: Part, name: str, values: Any) -> None:
        if self.lines is not None:
            self._add(part.line(self.env, name, values))

    def _add(self, line: Line) -> None:
        if self.lines is not None:
            self.lines.append(line)


def _tighter(
    pick: Callable[[Number, Number], Number], first: Number | None, second: Number | None
) -> Number | None:
    if first is None or second is None:
        return second if first is None else first
    return pick(first, second)


def _near(amounts: Vector, across: int) -> Vector:
    """Scale by next to nothing what tolerance let differ, so that both sides round to one sum."""
    own = total(amounts)
    if not own or size(own - across) < 1:
        return amounts
    return close(amounts, across).amounts
