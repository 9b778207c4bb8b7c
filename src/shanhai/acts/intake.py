"""Intake roots: what people hand in off the ledger, committed to by a periodic Merkle root.

Complaints, objections not yet accepted and other submissions live in the vault; the submitter keeps an
inclusion receipt, so that nothing handed in can be made to vanish.

Source: design §3 (what the log shows); RFC 6962 for the tree.
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

Root = Annotated[str, digest("收件根", "Intake root")]
Size = Annotated[int, count("收件数", "Submissions", ge=1, le=1_000_000)]
First = Annotated[int, moment("最早收件", "First received")]
Last = Annotated[int, moment("最晚收件", "Last received")]


@noun
class Intake(Object, frozen=True, kw_only=True):
    """One root over the submissions of a period."""

    noun, prefix, text = "intake", "itk", Text("收件存证", "Intake root")
    region: Annotated[str, region()]
    root: Root
    size: Size
    first_ms: First
    last_ms: Last
    committed_ms: Annotated[int, moment("存证时间", "Committed")]

    @property
    def unique(self) -> tuple[str, ...]:
        """A root is committed once."""
        return (f"intake_root:{self.root}",)


@act(
    "intake.commit/1",
    "收件存证",
    "Commit to submissions",
    on=Intake,
    by=(Role.NODE,),
    grade=Grade.DECLARE,
)
class Commit(Act, frozen=True, kw_only=True):
    """Commit to everything handed in since the last root."""

    root: Root
    size: Size
    first_ms: First
    last_ms: Last

    @guard(
        "intake.period",
        "收件时间须先后有序且不晚于现在，请核对服务器时钟",
        "The period must run forward and end by now; check the server's clock",
        "design §3",
    )
    def in_order(self, case: Case[None]) -> Facts | None:
        """The period lies behind."""
        return None if self.first_ms <= self.last_ms <= case.now else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the root."""
        return [
            Intake(
                id=case.id,
                region=case.post.region,
                root=self.root,
                size=self.size,
                first_ms=self.first_ms,
                last_ms=self.last_ms,
                committed_ms=case.now,
            )
        ]
