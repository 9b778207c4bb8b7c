"""A store in a dict: for tests, replay and `shanhai verify`."""

from collections.abc import Iterable
from typing import TypeVar

from shanhai.acts.machine.objects import Object

O = TypeVar("O", bound=Object)  # noqa: E741 - an object of any noun


class Memory:
    """Objects by noun and id; the oracle for the database stores."""

    def __init__(self) -> None:
        self.objects: dict[tuple[type[Object], str], Object] = {}

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object with that id, or None."""
        return self.objects.get((kind, id))  # type: ignore[return-value]  # the key says its type

    def write(self, changed: Iterable[Object]) -> None:
        """Put objects, replacing those of the same noun and id."""
        for new in changed:
            self.objects[type(new), new.id] = new
