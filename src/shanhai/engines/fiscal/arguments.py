"""The arguments of a method in a scheme: compiled against the names it may read, evaluated for a run."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shanhai.engines.fiscal.formula import Env, Formula, Kind, compile_formula
from shanhai.engines.fiscal.formula.compile import names_in
from shanhai.engines.fiscal.stages.registry import Arg, Method
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.spelling import nearest


class Given(NamedTuple):
    """Compiled arguments: what to hand to the method, and every formula with its label for traces."""

    made: Mapping[str, Any]
    formulas: tuple[tuple[str, Formula], ...]

    def values(self, env: Env) -> dict[str, Any]:
        """Return the method's keyword arguments: one value a unit for each formula."""
        return {name: _value(one, env) for name, one in self.made.items()}


def _value(one: Any, env: Env) -> Any:
    if isinstance(one, Formula):
        return one.values(env)
    if isinstance(one, list):
        return [_value(each, env) for each in one]
    if isinstance(one, dict):
        return {key: _value(each, env) for key, each in one.items()}
    return one


def texts(method: Method, args: Mapping[str, Any], place: str) -> list[tuple[str, str]]:
    """Return every formula of a method's arguments with its place, for finding the names it reads.

    Raises:
        InvalidInputError: If an argument is lacking, unknown, or of the wrong form.
    """
    found = []
    for name, arg in method.args.items():
        given = _given(args, name, arg, place)
        found += list(_texts(given, arg, f"{place} › {name}"))
    return found


def _given(args: Mapping[str, Any], name: str, arg: Arg, place: str) -> Any:
    if name in args:
        return args[name]
    if arg.default is None:
        raise refuse("lacking", place=place, name=name)
    if arg.what in ("list", "rows"):
        return []
    return arg.default


def _texts(given: Any, arg: Arg, place: str) -> Iterator[tuple[str, str]]:
    if arg.what == "choice":
        if given not in arg.choices:
            near = nearest(str(given), arg.choices)
            raise refuse("unknown", place=place, name=str(given), nearest=near)
    elif arg.what == "list":
        for at, one in enumerate(_list(given, place), 1):
            yield f"{place} {at}", _formula(one, f"{place} {at}")
    elif arg.what == "rows":
        for at, one in enumerate(_list(given, place), 1):
            yield from _row_texts(one, arg, f"{place} {at}")
    else:
        yield place, _formula(given, place)


def _row_texts(one: Any, arg: Arg, place: str) -> Iterator[tuple[str, str]]:
    args = arg.rows or {}
    if not isinstance(one, dict):
        raise refuse("field", place=place, detail="应为表 a table is expected")
    for key in one:
        if key not in args:
            raise refuse("unknown", place=place, name=key, nearest=nearest(key, args))
    for name, inner in args.items():
        yield from _texts(_given(one, name, inner, place), inner, f"{place} › {name}")


def _list(given: Any, place: str) -> list[Any]:
    if not isinstance(given, list):
        raise refuse("field", place=place, detail="应为列表 a list is expected")
    return given


def _formula(given: Any, place: str) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    if not isinstance(given, str | int) or not str(given).strip():
        raise refuse("field", place=place, detail="应为公式 a formula is expected")
    return str(given)


def names_of(method: Method, args: Mapping[str, Any], place: str) -> set[str]:
    """Return every name that a method's arguments read."""
    return {name for at, text in texts(method, args, place) for name in names_in(text, at)}


def compile_args(
    method: Method, args: Mapping[str, Any], place: str, scope: Mapping[str, Kind]
) -> Given:
    """Compile a method's arguments.

    Args:
        method: The method.
        args: What the scheme wrote.
        place: Where, for refusals.
        scope: The names that may be read, with their kinds.

    Raises:
        InvalidInputError: At a formula that is wrong, or a unit that does not fit.
    """
    texts(method, args, place)
    maker = _Maker(scope)
    made = {
        name: maker.make(_given(args, name, arg, place), arg, f"{place} › {name}", name)
        for name, arg in method.args.items()
    }
    _share_unit(method, made, place)
    return Given(made, tuple(maker.formulas))


class _Maker:
    """Compiles arguments and keeps every formula with its label."""

    def __init__(self, scope: Mapping[str, Kind]) -> None:
        self.scope = scope
        self.formulas: list[tuple[str, Formula]] = []

    def _formula(self, given: Any, arg: Arg, where: str, label: str) -> Formula:
        made = compile_formula(_formula(given, where), where, self.scope)
        _fits(made, arg, where)
        self.formulas.append((label, made))
        return made

    def make(self, given: Any, arg: Arg, where: str, label: str) -> Any:
        """Compile one argument: a word, a formula, a list of formulas, or tables of arguments."""
        if arg.what == "choice":
            return given
        if arg.what not in ("list", "rows"):
            return self._formula(given, arg, where, label)
        each = self._row if arg.what == "rows" else self._formula
        inner = arg if arg.what == "rows" else Arg()
        return [
            each(one, inner, f"{where} {at}", f"{label} {at}") for at, one in enumerate(given, 1)
        ]

    def _row(self, given: Any, arg: Arg, where: str, label: str) -> dict[str, Any]:
        return {
            name: self.make(
                _given(given, name, inner, where), inner, f"{where} › {name}", f"{label}.{name}"
            )
            for name, inner in (arg.rows or {}).items()
        }


def _fits(made: Formula, arg: Arg, place: str) -> None:
    kind = made.kind
    if arg.what == "any":
        return
    if kind.what == arg.what and (arg.money is None or kind.money in (None, arg.money)):
        return
    if arg.what == "number" and arg.money is None and kind.what == "flag":
        return
    wanted = Kind(arg.what, arg.money or 0).say()
    raise refuse(
        "formula.kind",
        place=place,
        what=place.rpartition("› ")[2],
        wanted=wanted,
        got=kind.say(),
        formula=made.text,
    )


def _share_unit(method: Method, made: Mapping[str, Any], place: str) -> None:
    kinds = [made[name].kind for name in method.same]
    powers = {kind.money for kind in kinds if kind.money is not None}
    if len(powers) > 1:
        left, right = kinds[0], kinds[1]
        raise refuse(
            "formula.unit",
            place=place,
            left=left.say(),
            right=right.say(),
            operator="、".join(method.same),
            formula=f"{made[method.same[0]].text}、{made[method.same[1]].text}",
        )
