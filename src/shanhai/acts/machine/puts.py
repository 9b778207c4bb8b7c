"""Putting an object, compiled for each noun: its own sums, unique values and bounds, nothing looked up.

`View.put` says the same for every noun at once and is the oracle (tests/acts/test_admit.py compares them).
"""

from collections.abc import Callable
from typing import Any

from shanhai.acts.machine.objects import BOUNDED_BY, REGISTERED, Object, Sum, Total
from shanhai.acts.machine.source import Source

Put = Callable[[Any, Object], None]


class Puts(dict[type[Object], Put]):
    """The putting function of each noun, made when it is first asked for."""

    def __missing__(self, kind: type[Object]) -> Put:
        made = self[kind] = _made(kind).compiled(kind.noun)
        return made


PUTS = Puts()
REGISTERED.append(PUTS.clear)


def _made(kind: type[Object]) -> Source:
    """Write `put(view, new)` for a noun; `view` is a `Live`."""
    source = Source("put", "view, new")
    noun = source.name_of(kind, "noun")
    source.add("id = new.id", f"rows = view.state[{noun}]", "old = rows[id]")
    if kind.unique is not Object.unique:
        source.add("after = new.unique", "before = () if old is None else old.unique")
        with source.block("if before != after:"):
            source.add("view.keep_unique(before, after, id)")
    source.add("view.before.append((rows, id, old))", "rows[id] = new")
    source.add(f"view.changed[{noun}, id] = new")
    bounds = BOUNDED_BY.get(kind, ())
    if kind.sums or bounds:
        source.add(f"totals = view.state[{source.name_of(Total, 'total')}]")
    if kind.sums:
        _sums(source, kind, noun)
    for other, total in bounds:
        source.add(f"held = totals[{_key(other, total)} + id]")
        source.add("value = held.value if held is not None else 0")
        _bounded(source, other, total, "new", "id")
    return source


def _sums(source: Source, kind: type[Object], noun: str) -> None:
    """Add up: each field is read once, from the new object and from the old one."""
    names = {name: f"v{at}" for at, name in enumerate(_read(kind))}
    source.add(*(f"new_{short} = new.{name}" for name, short in names.items()))
    with source.block("if old is None:"):
        for total in kind.sums:
            owner, amount = f"new_{names[total.by]}", f"new_{names[total.field]}"
            with source.block(f"if {amount}:"):
                _add(source, noun, kind, total, owner, amount)
    with source.block("else:"):
        source.add(*(f"old_{short} = old.{name}" for name, short in names.items()))
        for total in kind.sums:
            _moved(source, noun, kind, total, names)


def _read(kind: type[Object]) -> dict[str, None]:
    """Return the fields that a noun's sums read, each once."""
    return dict.fromkeys(name for total in kind.sums for name in (total.by, total.field))


def _moved(
    source: Source, noun: str, kind: type[Object], total: Sum, names: dict[str, str]
) -> None:
    """Write what happens where owner or amount of a sum changed."""
    by, field = names[total.by], names[total.field]
    with source.block(f"if old_{by} != new_{by}:"):
        with source.block(f"if old_{by} and old_{field}:"):
            _raise(source, noun, kind, total, (f"old_{by}", f"-old_{field}"))
        with source.block(f"if new_{field}:"):
            _add(source, noun, kind, total, f"new_{by}", f"new_{field}")
    with source.block(f"elif old_{field} != new_{field}:"):
        _add(source, noun, kind, total, f"new_{by}", f"new_{field} - old_{field}")


def _add(
    source: Source, noun: str, kind: type[Object], total: Sum, owner: str, amount: str
) -> None:
    with source.block(f"if {owner}:"):
        _raise(source, noun, kind, total, (owner, amount))
        if total.within and total.of is not None:
            owners = source.name_of(total.of, "noun")
            source.add(f"within = view.state[{owners}][{owner}]")
            _bounded(source, kind, total, "within", owner)


def _raise(
    source: Source, noun: str, kind: type[Object], total: Sum, moved: tuple[str, str]
) -> None:
    """Write `View.raise_total` of an owner and an amount; the new `value` is known after it."""
    owner, amount = moved
    made = source.name_of(Total, "total")
    source.add(f"key = {_key(kind, total)} + {owner}", "held = totals[key]")
    source.add(f"value = {amount} + (held.value if held is not None else 0)")
    with source.block("if value < 0:"):
        source.add(f"view.raise_total({noun}, key, {amount})")  # says so
    source.add(f"sum = {made}(id=key, value=value)", "view.before.append((totals, key, held))")
    source.add("totals[key] = sum", f"view.changed[{made}, key] = sum")


def _bounded(source: Source, kind: type[Object], total: Sum, within: str, owner: str) -> None:
    """Write `View.bound` of the `value` that is known; what is above it, or has no owner, `View.bound` refuses."""
    force = f"view.rules >= {total.since}"
    force += f" and view.rules < {total.until}" if total.until else ""
    missing = f"{within} is None or " if within != "new" else ""
    with source.block(f"if {force} and ({missing}value > {within}.{total.within}):"):
        asked = source.name_of(kind, "noun"), source.name_of(total, "sum")
        source.add(f"view.bound({asked[0]}, {asked[1]}, {owner})")


def _key(kind: type[Object], total: Sum) -> str:
    return repr(f"{kind.noun}.{total.field}/")
