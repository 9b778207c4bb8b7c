"""A scheme made ready for data: parameters of the day, formulas compiled, steps in the order of their dependence."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from shanhai.engines.fiscal.arguments import Given, compile_args, names_of
from shanhai.engines.fiscal.exact import Number, tame
from shanhai.engines.fiscal.formula import Kind
from shanhai.engines.fiscal.formula.compile import names_in
from shanhai.engines.fiscal.formula.syntax import KEYWORDS
from shanhai.engines.fiscal.scheme import Lookup, Parameter, Report, Scheme, Step, Transfer
from shanhai.engines.fiscal.stages import METHODS, Method
from shanhai.engines.fiscal.table import check_columns
from shanhai.engines.fiscal.transfer import Prepared
from shanhai.engines.fiscal.units import MONEY_UNITS, fen_per, parse_number
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.spelling import nearest

TOTALS = ("paid", "received", "net", "topup", "total")
"""What a unit pays, receives, their difference, its top-ups, and all together, fen, over all transfers."""
RATIOS = ("before", "after")
"""`[report]` capacity per need, before and after all transfers."""
_RESERVED = frozenset({*KEYWORDS, *MONEY_UNITS, *TOTALS, *RATIOS, "by", "where"})
"""Functions are not among them: what a bracket follows is a function, `share` alone may be a parameter."""
_AFTER_ALL = "*"
Written = str | int | bool
"""A parameter's value as a scheme writes it."""
MONEY = Kind("number", 1)


class Ratios(NamedTuple):
    """`[report]` compiled: capacity, need and the amount that burden is measured against."""

    given: Given
    report: Report


class ReadyStep(NamedTuple):
    """A step whose formulas are compiled."""

    step: Step
    method: Method
    given: Given
    kind: Kind


class ReadyLookup(NamedTuple):
    """A look-up with its values read."""

    name: str
    lookup: Lookup
    values: Mapping[str, Number]
    default: Number | None


Op = ReadyStep | ReadyLookup | Prepared | Ratios | str


class Ready(NamedTuple):
    """A scheme ready to run on tables that have its columns."""

    scheme: Scheme
    day: date
    parameters: dict[str, Any]
    ops: list[Op]
    scope: dict[str, Kind]


def prepare(
    scheme: Scheme, day: date | None = None, overrides: Mapping[str, str] | None = None
) -> Ready:
    """Compile a scheme.

    Args:
        scheme: The scheme.
        day: The date whose law applies; the scheme's first day if None.
        overrides: Parameters to set otherwise, as text in the parameter's own unit.

    Returns:
        The scheme, ready to run.

    Raises:
        InvalidInputError: If the day lies outside, a name is wrong, formulas depend in a circle, or units do not fit.
    """
    today = day or scheme.head.valid_from
    if not scheme.head.valid_from <= today <= scheme.head.valid_to:
        raise refuse(
            "date",
            date=str(today),
            valid_from=str(scheme.head.valid_from),
            valid_to=str(scheme.head.valid_to),
        )
    _names(scheme)
    parameters = _parameters(scheme, today, overrides or {})
    check_columns(scheme.data, scheme.head.currency)
    scope: dict[str, Kind] = {}
    for name, column in scheme.data.columns.items():
        what = "number" if column.kind in ("number", "money") else column.kind
        money = 1 if column.kind == "money" else 0
        scope[name] = Kind(what, money, vector=True, gaps=column.missing in ("allow", "optional"))
    for name, parameter in scheme.parameters.items():
        scope[name] = _kind_of(parameter, parameters[name])
    ops = _Order(scheme, scope).ops()
    return Ready(scheme, today, parameters, ops, scope)


def _kind_of(parameter: Parameter, value: Any) -> Kind:
    if isinstance(value, str):
        return Kind("text")
    first = parameter.value if parameter.value is not None else parameter.values[0].value
    return Kind("flag") if isinstance(first, bool) else Kind("number", 1 if parameter.unit else 0)


def _names(scheme: Scheme) -> None:
    places: dict[str, str] = {}
    groups: list[tuple[str, Iterable[str]]] = [
        ("[data.columns]", scheme.data.columns),
        ("[parameters]", scheme.parameters),
        ("[lookup]", scheme.lookups),
        ("[[capacity]] [[need]] [[result]]", [step.name for step in scheme.steps]),
        ("[[transfer]]", [name for one in scheme.transfers for name in _provided(one)]),
    ]
    for place, names in groups:
        for name in names:
            if not name.isidentifier() or name in _RESERVED:
                raise refuse("name.form", place=place, name=name)
            if name in places:
                raise refuse("twice", place=place, name=name)
            places[name] = place


def _provided(transfer: Transfer) -> dict[str, Kind]:
    """Return the names that a transfer gives to later formulas."""
    name = transfer.name
    found = {name: MONEY._replace(vector=True)}
    found |= {f"{name}_{side}": MONEY._replace(vector=True) for side in ("paid", "received")}
    found |= {f"{name}_scale_{side}": Kind() for side in ("paid", "received")}
    figures = METHODS["recipient"][transfer.recipient.method].figures
    return found | {f"{name}_{key}": Kind(money=power) for key, power in figures.items()}


def _parameters(scheme: Scheme, today: date, overrides: Mapping[str, str]) -> dict[str, Any]:
    for name in overrides:
        if name not in scheme.parameters:
            raise refuse("parameter", name=name, nearest=nearest(name, scheme.parameters))
    found = {}
    for name, parameter in scheme.parameters.items():
        written = _written(name, parameter, today)
        if name in overrides:
            written = _override(written, overrides[name])
        found[name] = read_parameter(name, parameter, written, scheme.head.currency)
    return found


def _override(written: Written, text: str) -> Written:
    if isinstance(written, bool):
        return text.strip().lower() in ("1", "true", "yes", "是")
    return text


def _written(name: str, parameter: Parameter, today: date) -> Written:
    place = f"[parameters.{name}]"
    if (parameter.value is None) == (not parameter.values):
        detail = "value 与 values 写且只写一个 write either value or values"
        raise refuse("field", place=place, detail=detail)
    if parameter.value is not None:
        return parameter.value
    for span in parameter.values:
        if span.since <= today <= span.until:
            return span.value
    raise refuse("date.value", name=name, date=str(today))


def read_parameter(
    name: str, parameter: Parameter, written: Written, currency: str
) -> Number | str:
    """Return a parameter's value: fen where it has a unit, 0 or 1 for a flag, text where it is no number.

    Raises:
        InvalidInputError: If it is no number though it has a unit or bounds, or lies outside its bounds.
    """
    place = f"[parameters.{name}]"
    if isinstance(written, bool):
        return int(written)
    if parameter.kind == "text":
        return str(written)
    value = parse_number(str(written), place)
    for bound, wrong in ((parameter.least, -1), (parameter.most, 1)):
        if bound is not None and (value - parse_number(str(bound), place)) * wrong > 0:
            raise refuse(
                "range",
                place=place,
                value=str(written),
                least=str(parameter.least if parameter.least is not None else "—"),
                most=str(parameter.most if parameter.most is not None else "—"),
            )
    return tame(value * fen_per(parameter.unit, currency, place)) if parameter.unit else value


class _Order:
    """Sort everything by what it reads, then compile in that order."""

    def __init__(self, scheme: Scheme, scope: dict[str, Kind]) -> None:
        self.scheme, self.scope = scheme, scope
        self.nodes: dict[str, tuple[Any, set[str]]] = {}
        self.owner: dict[str, str] = {}
        for name, lookup in scheme.lookups.items():
            self._node(name, lookup, {lookup.key}, [name])
        for step in scheme.steps:
            method, place = METHODS[step.stage][step.method], step_place(step)
            self._node(step.name, step, names_of(method, step.args, place), [step.name])
        for transfer in scheme.transfers:
            reads = _reads(transfer)
            self._node(transfer.name, transfer, reads, list(_provided(transfer)))
        self._node(_AFTER_ALL, "totals", {t.name for t in scheme.transfers}, list(TOTALS))
        if scheme.report is not None:
            texts = [scheme.report.capacity, scheme.report.need, scheme.report.burden]
            reads = {n for text in texts if text for n in names_in(text, "[report]")}
            self._node("[report]", scheme.report, reads | {"total"}, list(RATIOS))

    def _node(self, key: str, what: Any, reads: set[str], provides: list[str]) -> None:
        self.nodes[key] = what, reads
        for name in provides:
            self.owner[name] = key

    def ops(self) -> list[Op]:
        """Return every step, each after what it reads."""
        done: dict[str, Op] = {}
        for key in self.nodes:
            self._visit(key, done, ())
        return list(done.values())

    def _visit(self, key: str, done: dict[str, Op], path: tuple[str, ...]) -> None:
        if key in done:
            return
        if key in path:
            circle = " → ".join([*path[path.index(key) :], key])
            raise refuse("cycle", names=circle)
        what, reads = self.nodes[key]
        for name in sorted(reads):
            if name in self.owner:
                self._visit(self.owner[name], done, (*path, key))
        done[key] = self._ready(key, what)

    def _ready(self, key: str, what: Any) -> Op:
        if isinstance(what, Lookup):
            return self._lookup(key, what)
        if isinstance(what, Step):
            return self._step(what)
        if isinstance(what, Transfer):
            if what.within:
                self._text_name(what.within, f"[[transfer]] {what.name} › within")
            made = Prepared(what, self.scope, self.scheme.head.currency)
            self.scope |= _provided(what)
            return made
        if isinstance(what, Report):
            return self._report(what)
        self.scope |= {name: MONEY._replace(vector=True) for name in TOTALS}
        return str(what)

    def _lookup(self, name: str, lookup: Lookup) -> ReadyLookup:
        place, currency = f"[lookup.{name}]", self.scheme.head.currency
        self._text_name(lookup.key, place)
        scale = fen_per(lookup.unit, currency, place) if lookup.unit else 1
        values = {
            k: tame(parse_number(str(v), f"{place} {k}") * scale) for k, v in lookup.values.items()
        }
        default = None
        if lookup.default is not None:
            default = tame(parse_number(str(lookup.default), place) * scale)
        self.scope[name] = Kind("number", 1 if lookup.unit else 0, vector=True)
        return ReadyLookup(name, lookup, values, default)

    def _text_name(self, name: str, place: str) -> None:
        kind = self.scope.get(name)
        if kind is None:
            raise refuse("formula.name", place=place, name=name, nearest=nearest(name, self.scope))
        if kind.what != "text" or not kind.vector:
            wanted, got = Kind("text").say(), kind.say()
            raise refuse(
                "formula.kind", place=place, what="key", wanted=wanted, got=got, formula=name
            )

    def _step(self, step: Step) -> ReadyStep:
        method = METHODS[step.stage][step.method]
        given = compile_args(method, step.args, step_place(step), self.scope)
        kind = MONEY._replace(vector=True)
        if method.gives != "money":
            found = given.made[method.gives]
            kind = (found[0] if isinstance(found, list) else found).kind
        if method.gives == "formula":
            kind = kind._replace(gaps=False)
        self.scope[step.name] = kind
        return ReadyStep(step, method, given, kind)

    def _report(self, report: Report) -> Ratios:
        columns = self.scheme.data.columns
        for name in [*report.beside, *([report.margin] if report.margin else [])]:
            if name not in columns:
                place = "[report] › beside, margin"
                raise refuse("unknown", place=place, name=name, nearest=nearest(name, columns))
        method = METHODS["report"]["ratios"]
        args = {"capacity": report.capacity, "need": report.need}
        args |= {"burden": report.burden or report.capacity}
        given = compile_args(method, args, "[report]", self.scope)
        power = (given.made["capacity"].kind.money or 0) - (given.made["need"].kind.money or 0)
        self.scope |= {name: Kind("number", power, vector=True) for name in RATIOS}
        return Ratios(given, report)


def step_place(step: Step) -> str:
    """Return where a step stands, for refusals."""
    return f"[[{step.stage}]] {step.name}"


def _reads(transfer: Transfer) -> set[str]:
    place = f"[[transfer]] {transfer.name}"
    rules = [transfer.recipient, *transfer.bounds, *transfer.transition]
    if transfer.donor is not None:
        rules.append(transfer.donor)
    reads = {
        name
        for rule in rules
        for name in names_of(METHODS[rule.stage][rule.method], rule.args, f"{place} › {rule.stage}")
    }
    reads |= {transfer.within} if transfer.within else set()
    return reads | set(names_in(transfer.pool, f"{place} › pool")) if transfer.pool else reads
