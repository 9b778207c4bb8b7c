"""State entries: what all objects were at an earlier size, under one root, so that a snapshot can be checked.

The root is RFC 6962 over canonical `[noun, id, digest]` of every object that is not derived, sorted by noun and id; it
follows from the receipts of the entries before. The rule below says at which sizes; the ledger layer compares the root
with its own (`state.differs`), as it does `seen`. So a state entry stands only if everybody who executes the log finds
the same. Source: frozen decision 28; ledger reference §4.9.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Object,
    act,
    count,
    digest,
    guard,
    moment,
    noun,
    region,
)
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text

FIRST = 1_024
"""The first size that has a state entry."""
_STEPS = 3
Size = Annotated[int, count("所述的条数", "Entries described", ge=1)]
Root = Annotated[str, digest("状态根", "Root of the state")]


def due(size: int) -> int:
    """Return the newest size up to `size` that a state entry may describe, 0 before the first.

    There are four between a power of two and the next, so that making them costs the same an act however long the log
    is, and what a snapshot leaves to be executed is at most a fifth of the log.
    """
    if size < FIRST:
        return 0
    step = 1 << (size.bit_length() - _STEPS)
    return size // step * step


@noun
class StateRoot(Object, frozen=True, kw_only=True):
    """What every object was when the log had so many entries."""

    noun, prefix, text = "state_root", "srt", Text("状态根", "State root")
    region: Annotated[str, region()]
    size: Size
    root: Root
    recorded_ms: Annotated[int, moment("记录时间", "Recorded")]

    @property
    def unique(self) -> tuple[str, ...]:
        """One for a size."""
        return (scope(self.size),)


def scope(size: int) -> str:
    """Return the unique value that a size's state root holds."""
    return f"state_root.size:{size}"


@act(
    "state.record/1",
    "记录状态根",
    "Record the state's root",
    on=StateRoot,
    by=(Role.NODE,),
    grade=Grade.DECLARE,
)
class RecordState(Act, frozen=True, kw_only=True):
    """Put the root of all objects at an earlier size into the log."""

    size: Size
    root: Root

    @guard(
        "state.size",
        "状态根只在固定的条数上记录，现在应记第 {due} 条处的；请重新运行 shanhai ledger snapshot",
        "A state's root is recorded at fixed sizes, now at {due} entries; run shanhai ledger snapshot again",
        "frozen decision 28",
    )
    def at_a_fixed_size(self, case: Case[None]) -> Facts | None:
        """The newest fixed size before this entry."""
        wanted = due(case.at.index)
        return None if self.size == wanted else {"due": wanted}

    def effects(self, case: Case[None]) -> list[Object]:
        """Keep it."""
        return [
            StateRoot(
                id=case.id,
                region=case.post.region,
                size=self.size,
                root=self.root,
                recorded_ms=case.now,
            )
        ]
