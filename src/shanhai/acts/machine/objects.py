"""Nouns: a noun's state is one frozen struct; sums and unique values are declared on it."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

import msgspec

from shanhai.kernel.text import Text

O = TypeVar("O", bound="Object")  # noqa: E741 - an object of any noun


class Sum(NamedTuple):
    """A running total: `field` (or property) added up by the owner, never above the owner's field `within`.

    `since` gates only refusal: totals count from the first entry (frozen decision 18).
    """

    field: str
    by: str
    of: "type[Object] | None" = None
    within: str = ""
    since: int = 1
    until: int = 0


class Object(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """A noun's state. Defaults are omitted, so a field added later changes no old bytes.

    A tree of frozen values holds no cycle, so the collector need not walk it.
    """

    id: str
    noun: ClassVar[str] = ""  # its name in bytes, for ever
    prefix: ClassVar[str] = ""  # three registered letters of its ids
    text: ClassVar[Text] = Text("", "")
    title: ClassVar[str] = ""  # the field a reader knows it by
    derived: ClassVar[bool] = False  # recomputable from the other objects, so kept out of receipts
    sums: ClassVar[tuple[Sum, ...]] = ()
    late: ClassVar[frozenset[str]] = frozenset()  # fields whose 0 means that nobody has said it

    @classmethod
    def unsaid(cls, name: str, value: Any) -> bool:
        """Return whether a field's value says nothing: shown as unknown, never as zero."""
        return not value and name in cls.late

    @property
    def unique(self) -> tuple[str, ...]:
        """Values that no other object may hold, `scope:value`; none while void."""
        return ()

    def but(self, **changes: Any) -> Self:
        """Return the same object with some fields changed."""
        return msgspec.structs.replace(self, **changes)


class Total(Object, frozen=True, kw_only=True):
    """A sum's value for one owner."""

    noun, derived = "total", True
    value: int = 0


class Holder(Object, frozen=True, kw_only=True):
    """Who holds a unique value; "" once released."""

    noun, derived = "holder", True
    holder: str = ""


class Did(Object, frozen=True, kw_only=True):
    """All persons who ever did an act on a subject. Not recomputable, so it is receipted."""

    noun = "did"
    persons: tuple[str, ...]


NOUNS: dict[str, type[Object]] = {kind.noun: kind for kind in (Total, Holder, Did)}
BOUNDED_BY: dict[type[Object], list[tuple[type[Object], Sum]]] = {}
REGISTERED: list[Callable[[], None]] = []
"""Called after a noun is registered, by whoever made something of the nouns before."""


def noun(cls: type[O]) -> type[O]:
    """Register a noun, so that writing a bounding object checks the sums it bounds."""
    if cls.noun in NOUNS or any(cls.prefix and k.prefix == cls.prefix for k in NOUNS.values()):
        raise TypeError(f"{cls.noun} or its prefix {cls.prefix} is registered already")
    NOUNS[cls.noun] = cls
    for total in cls.sums:
        if total.within and total.of is not None:
            BOUNDED_BY.setdefault(total.of, []).append((cls, total))
    for told in REGISTERED:
        told()
    return cls
