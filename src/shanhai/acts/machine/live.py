"""A view that writes into the block's state at once and takes it back where an act is refused.

`View` overlays and is the oracle. Here nearly every act is accepted: what it changes is put where the next
act will look for it, and what stood there before is kept until the verdict.
"""

from typing import Any

from shanhai.acts.machine.judge import Case
from shanhai.acts.machine.objects import O, Object, Total
from shanhai.acts.machine.puts import PUTS
from shanhai.acts.machine.view import Rows, State, View
from shanhai.kernel.suite import Suite


class Live(View):
    """The state itself, with an undo list; one serves a whole block, act after act."""

    __slots__ = ("before",)

    def __init__(self, state: State, suite: Suite) -> None:
        super().__init__(state, suite)
        self.before: list[tuple[Rows, str, Object | None]] = []

    def begin(self, rules: int) -> None:
        """Begin an act under a rules version."""
        self.rules, self.changed, self.before = rules, {}, []

    def take_back(self) -> None:
        """Put back what stood before the act."""
        for rows, id, old in reversed(self.before):  # noqa: A001 - the field's name
            rows[id] = old
        self.changed, self.before = {}, []

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object as it stands, or None."""
        return self.state[kind][id]  # type: ignore[return-value]  # the key says its type

    def total(self, kind: type[Object], field: str, owner: str) -> int:
        """Return the sum of a noun's `field` over one owner."""
        found = self.state[Total][f"{kind.noun}.{field}/{owner}"]
        return found.value if found is not None else 0  # type: ignore[attr-defined]  # the key says its type

    def note(self, new: Object) -> None:
        """Put an object as it is, without totals."""
        kind, id = type(new), new.id  # noqa: A001 - the field's name
        rows = self.state[kind]
        self.before.append((rows, id, rows[id]))
        rows[id] = new
        self.changed[kind, id] = new

    def put(self, new: Object) -> None:
        """Put an object, keeping unique values and totals; as `View.put`."""
        PUTS[type(new)](self, new)


class LiveCase(Case[Any], frozen=True):
    """A case on a `Live`: what it reads stands in the block's state, with nothing laid over it."""

    def get(self, kind: type[O], id: str) -> O:  # noqa: A002 - the field's name
        """Return an object by key, or refuse `object.unknown`."""
        return self.view.state[kind][id] or self.view.get(kind, id)  # type: ignore[return-value]  # the key says its type

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return an object by key, or None."""
        return self.view.state[kind][id]  # type: ignore[return-value]  # the key says its type
