"""Run a prepared scheme on a table: every step in order, every transfer to the fen, every number traced.

The eight stages (capacity, need, donor schedule, recipient rule, bounds, transition, earmark, settlement) follow the
design in `docs/guide/fiscal.md`; each is a pure function of `stages/`.
"""

from typing import Any, NamedTuple

from shanhai.engines.fiscal.exact import Number, divide, tame
from shanhai.engines.fiscal.formula import Env, Kind
from shanhai.engines.fiscal.prepare import RATIOS, Ratios, Ready, ReadyLookup, ReadyStep
from shanhai.engines.fiscal.scheme import Scheme
from shanhai.engines.fiscal.stages.earmark import Purposes, earmark
from shanhai.engines.fiscal.table import Table
from shanhai.engines.fiscal.trace import FEN, Line, inputs_of, labelled, unit_of
from shanhai.engines.fiscal.transfer import Outcome, Prepared
from shanhai.engines.fiscal.words import refuse


class Result(NamedTuple):
    """What a run gives.

    Attributes:
        scheme: The scheme that ran.
        ready: The scheme as prepared.
        units: Unit codes, sorted.
        labels: Their names.
        values: Every named figure: a list of shape (n units,), or one value; money in fen.
        kinds: The kind of each figure.
        transfers: Each transfer's outcome, whole fen.
        purposes: Earmarked amounts by purpose, whole fen.
        lines: The trace; empty where none was kept.
    """

    scheme: Scheme
    ready: Ready
    units: list[str]
    labels: list[str]
    values: dict[str, Any]
    kinds: dict[str, Kind]
    transfers: dict[str, Outcome]
    purposes: Purposes
    lines: list[Line]
    env: Env

    def at(self, name: str) -> list[int]:
        """Return a money figure of whole fen by unit (`paid`, `received`, `net`, `topup`, `total`, a transfer)."""
        found: list[int] = self.values[name]
        return found


def run(ready: Ready, table: Table, *, trace: bool = True) -> Result:
    """Compute a scheme.

    Args:
        ready: The scheme, prepared.
        table: The units' data.
        trace: Whether to keep the trace; solving without is faster.

    Returns:
        The result; the sums of what units pay one another are exactly 0.

    Raises:
        InvalidInputError: At a value that is unknown, a division by zero, bounds that cannot hold, or the like.
    """
    return _Run(ready, table, trace=trace).result()


class _Run:
    def __init__(self, ready: Ready, table: Table, *, trace: bool) -> None:
        self.ready, self.table = ready, table
        self.env = Env(table.units)
        self.env.values |= table.columns | ready.parameters
        self.outcomes: dict[str, Outcome] = {}
        self.lines: list[Line] | None = [] if trace else None

    def result(self) -> Result:
        self._given_lines()
        for op in self.ready.ops:
            if isinstance(op, ReadyStep):
                self._step(op)
            elif isinstance(op, ReadyLookup):
                self._lookup(op)
            elif isinstance(op, Prepared):
                self._transfer(op)
            elif isinstance(op, Ratios):
                self._ratios(op)
            else:
                self._totals()
        scheme = self.ready.scheme
        purposes = earmark(scheme, self.env, self.outcomes, self.lines)
        return Result(
            scheme,
            self.ready,
            self.table.units,
            self.table.labels,
            self.env.values,
            self.ready.scope,
            self.outcomes,
            purposes,
            self.lines or [],
            self.env,
        )

    def _given_lines(self) -> None:
        if self.lines is None:
            return
        scheme = self.ready.scheme
        for name, column in scheme.data.columns.items():
            text = f"{column.column or name}{f' ({column.unit})' if column.unit else ''}"
            unit, source = (
                unit_of(money=column.kind == "money"),
                column.source or scheme.head.source,
            )
            values = self.env.values[name]
            self.lines.append(Line(name, "data", source, "column", text, unit, (), values))
        for name, parameter in scheme.parameters.items():
            status = "" if parameter.status == "confirmed" else f" {parameter.status}"
            article, unit = parameter.article + status, unit_of(money=bool(parameter.unit))
            values = self.env.values[name]
            self.lines.append(Line(name, "parameter", article, "value", "", unit, (), values))

    def _step(self, op: ReadyStep) -> None:
        step = op.step
        try:
            if op.method.gives == "formula":
                values = op.given.made["formula"].values(self.env)
            else:
                values = op.method.function(**op.given.values(self.env))
        except ValueError as error:
            if not error.args or not isinstance(error.args[0], str):
                raise
            place = f"[[{step.stage}]] {step.name}"
            raise refuse("rule", place=place, method=step.method, detail=str(error)) from error
        kept = values if op.kind.vector else values[0]
        self.env.values[step.name] = kept
        if self.lines is not None:
            inputs, text = inputs_of(op.given.formulas, self.env), labelled(op.given.formulas)
            unit = unit_of(money=op.kind.money == 1)
            self.lines.append(
                Line(step.name, step.stage, step.article, step.method, text, unit, inputs, kept)
            )

    def _lookup(self, op: ReadyLookup) -> None:
        found: list[Number] = []
        for unit, key in zip(self.env.units, self.env.values[op.lookup.key], strict=True):
            value = op.values.get(key, op.default)
            if value is None:
                raise refuse("lookup", place=f"[lookup.{op.name}]", key=str(key), unit=unit)
            found.append(value)
        self.env.values[op.name] = found
        if self.lines is not None:
            inputs = ((op.lookup.key, self.env.values[op.lookup.key]),)
            unit, text = unit_of(money=bool(op.lookup.unit)), f"lookup[{op.lookup.key}]"
            article = op.lookup.article
            self.lines.append(Line(op.name, "lookup", article, "lookup", text, unit, inputs, found))

    def _transfer(self, op: Prepared) -> None:
        outcome = op.run(self.env, self.lines)
        name = op.transfer.name
        self.outcomes[name] = outcome
        pairs = zip(outcome.received, outcome.paid, strict=True)
        self.env.values |= {
            name: [received - paid for received, paid in pairs],
            f"{name}_paid": outcome.paid,
            f"{name}_received": outcome.received,
            f"{name}_scale_paid": 1,
            f"{name}_scale_received": 1,
        } | {f"{name}_{key}": value for key, value in outcome.figures.items()}

    def _totals(self) -> None:
        own = {t.name: t for t in self.ready.scheme.transfers}
        sums = {key: [0] * len(self.env.units) for key in ("paid", "received", "topup")}
        for name, outcome in self.outcomes.items():
            grants = sums["topup" if own[name].kind == "topup" else "received"]
            for at, (paid, received) in enumerate(zip(outcome.paid, outcome.received, strict=True)):
                sums["paid"][at] += paid
                grants[at] += received
        rows = zip(sums["paid"], sums["received"], sums["topup"], strict=True)
        net = [r - p for p, r, _ in rows]
        both = [n + t for n, t in zip(net, sums["topup"], strict=True)]
        self.env.values |= sums | {"net": net, "total": both}
        if self.lines is not None:
            inputs = tuple((name, self.env.values[name]) for name in own)
            for key in ("paid", "received", "net", "topup", "total"):
                article = self.ready.scheme.head.source
                values = self.env.values[key]
                self.lines.append(Line(key, "total", article, "sum", "", FEN, inputs, values))

    def _ratios(self, op: Ratios) -> None:
        given = op.given.values(self.env)
        capacity, need = given["capacity"], given["need"]
        for unit, one in zip(self.env.units, need, strict=True):
            if one <= 0:
                raise refuse(
                    "negative", place="[report] need", unit=unit, what="need", value=str(one)
                )
        held = [c + t for c, t in zip(capacity, self.env.values["total"], strict=True)]
        found = [
            [tame(divide(c, n)) for c, n in zip(amounts, need, strict=True)]
            for amounts in (capacity, held)
        ]
        self.env.values |= dict(zip(RATIOS, found, strict=True))
        if self.lines is not None:
            unit = unit_of(money=self.ready.scope["before"].money == 1)
            inputs = inputs_of(op.given.formulas, self.env)
            texts = (f"({op.report.capacity}) / need", f"({op.report.capacity} + total) / need")
            for name, text, values in zip(RATIOS, texts, found, strict=True):
                self.lines.append(
                    Line(name, "report", "[report]", "ratio", text, unit, inputs, values)
                )
