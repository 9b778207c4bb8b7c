"""Epochs: a ledger that went on from an older state than was known of it says so, in its own log.

Restoring an old backup loses entries for good. The node that does it signs what stood before, what is lost and why;
every later replay shows it. An epoch repairs nothing: whoever holds a checkpoint over the lost entries still sees that
this log is another one.

Source: reliability reference §5 G14; design §3 (a restored backup is a valid shorter log).
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
    word,
)
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text

KeptSize = Annotated[int, count("保留的条数", "Entries kept", ge=1)]
KeptRoot = Annotated[str, digest("保留部分的根", "Root of what is kept")]
LostSize = Annotated[int, count("锚点所知的条数", "Entries the anchor knew of", ge=1)]
LostRoot = Annotated[str, digest("锚点所知的根", "Root the anchor knew of")]
Reason = Annotated[str, word("理由", "Reason", max_length=200)]


@noun
class Epoch(Object, frozen=True, kw_only=True):
    """A new beginning on an older state: what was kept, what is lost, and why."""

    noun, prefix, text = "epoch", "epo", Text("纪元", "Epoch")
    region: Annotated[str, region()]
    kept_size: KeptSize
    kept_root: KeptRoot
    lost_size: LostSize
    lost_root: LostRoot
    reason: Reason
    opened_ms: Annotated[int, moment("开启时间", "Opened")]

    @property
    def lost(self) -> int:
        """Return how many entries are lost."""
        return self.lost_size - self.kept_size


@act(
    "epoch.open/1",
    "开启新纪元",
    "Open an epoch",
    on=Epoch,
    by=(Role.NODE,),
    grade=Grade.DECLARE,
)
class OpenEpoch(Act, frozen=True, kw_only=True):
    """Go on from an older state, naming what is lost."""

    kept_size: KeptSize
    kept_root: KeptRoot
    lost_size: LostSize
    lost_root: LostRoot
    reason: Reason

    @guard(
        "epoch.place",
        "新纪元须紧接在保留的 {kept} 条之后，现在账上有 {size} 条；请在恢复后、有人办事之前开启",
        "An epoch follows at once on the {kept} entries kept, and there are {size}; open it after restoring, before "
        "anybody acts",
        "reliability reference G14",
    )
    def at_its_place(self, case: Case[None]) -> Facts | None:
        """Nothing was entered since."""
        size = case.at.index
        return None if size == self.kept_size else {"kept": self.kept_size, "size": size}

    @guard(
        "epoch.loss",
        "锚点所知的条数须多于保留的条数，否则没有丢失，不需要新纪元",
        "The anchor must have known of more entries than are kept; without a loss there is no new epoch",
        "reliability reference G14",
    )
    def loses(self, case: Case[None]) -> Facts | None:
        """Something is lost."""
        return None if self.lost_size > self.kept_size else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the epoch."""
        return [
            Epoch(
                id=case.id,
                region=case.post.region,
                kept_size=self.kept_size,
                kept_root=self.kept_root,
                lost_size=self.lost_size,
                lost_root=self.lost_root,
                reason=self.reason,
                opened_ms=case.now,
            )
        ]
