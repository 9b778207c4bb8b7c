"""Posts: granted, delegated in leave (代理), handed over (离任交接), ended.

Source: frozen decision 12; 《公务员法》 (代理, 离任交接; articles 待核).
"""

from typing import Annotated

from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    Post,
    PostState,
    act,
    digest,
    guard,
    label,
    moment,
    ref,
    region,
)
from shanhai.acts.officer import OrganisationId, PersonId
from shanhai.acts.platform import platform
from shanhai.acts.roles import ADMINISTRATIVE, Role

BUSINESS = tuple(role for role in Role if role not in ADMINISTRATIVE)


@guard(
    "post.mixed",
    "管理岗位与业务岗位不得由一人兼任，请先结束另一岗位",
    "One person never holds an administrative and a business post; end the other one first",
    "design §4",
)
def unmixed(payload: "Grant", case: Case[None]) -> Facts | None:
    """Administrative roles never go with business roles."""
    field = "business" if payload.role in ADMINISTRATIVE else "administrative"
    return {} if case.view.total(Post, field, payload.person) else None


@act(
    "post.grant/1",
    "授予岗位",
    "Grant a post",
    on=Post,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    also=(unmixed,),
)
class Grant(Act, frozen=True, kw_only=True):
    """Give a person a dated right in a role, for an organisation and a region."""

    person: PersonId
    role: Annotated[Role, label("角色", "Role")]
    organisation: OrganisationId
    region: Annotated[str, region()]
    from_ms: Annotated[int, moment("任职起", "From")] = 0
    to_ms: Annotated[int, moment("任职止", "Until (not included)")] = 0
    basis: Annotated[str, digest("任职文件", "Appointment document")]

    @guard(
        "post.self",
        "不能给自己授予岗位，请由其他登记员办理",
        "You cannot grant yourself a post; ask another registrar",
    )
    def not_self(self, case: Case[None]) -> Facts | None:
        """A registrar never grants to themselves."""
        return {} if self.person in case.post.persons else None

    @guard(
        "post.dates",
        "任职止须晚于任职起，请核对日期",
        "The end must be after the beginning; check the dates",
    )
    def ordered(self, case: Case[None]) -> Facts | None:
        """A post ends after it begins."""
        return {} if self.to_ms and self.to_ms <= max(self.from_ms, case.now) else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the post."""
        return [
            Post(
                id=case.id,
                person=self.person,
                role=self.role,
                organisation=self.organisation,
                region=self.region,
                from_ms=self.from_ms,
                to_ms=self.to_ms,
                granted_ms=case.now,
            )
        ]


@act(
    "post.end/1",
    "结束岗位",
    "End a post",
    on=Post,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    when=(PostState.OPEN, PostState.LEAVING),
)
class EndPost(Act, frozen=True, kw_only=True):
    """End a post at once; delegations from it end with it."""

    basis: Annotated[str, digest("免职文件", "Document")]

    def effects(self, case: Case[Post]) -> list[Object]:
        """End it."""
        return [case.subject.but(state=PostState.ENDED, to_ms=case.now)]


@act("post.delegate/1", "代理授权", "Delegate a post", on=Post, by=BUSINESS, grade=Grade.GOVERN)
class Delegate(Act, frozen=True, kw_only=True):
    """Let another person act for the holder while on leave (代理); it never chains."""

    person: PersonId
    from_ms: Annotated[int, moment("代理起", "From")]
    to_ms: Annotated[int, moment("代理止", "Until (not included)")]
    basis: Annotated[str, digest("代理文件", "Document")]

    @guard(
        "post.chain",
        "代理岗位不能再委托他人",
        "A delegated post cannot be delegated again",
        platform("R18"),
    )
    def no_chain(self, case: Case[None]) -> Facts | None:
        """A delegation never chains."""
        return {} if case.post.source else None

    @guard(
        "post.delegate_dates",
        "代理期限须在本岗位任期内，且止晚于起",
        "The dates must lie within your own post and end after they begin",
    )
    def within(self, case: Case[None]) -> Facts | None:
        """A delegation lies within its source."""
        late = case.post.to_ms and self.to_ms > case.post.to_ms
        return {} if self.to_ms <= max(self.from_ms, case.now) or late else None

    @guard(
        "post.delegate_mixed",
        "代理人不能是本人，也不能是管理岗位人员",
        "The delegate must be somebody else and hold no administrative post",
    )
    def fit(self, case: Case[None]) -> Facts | None:
        """The delegate is another person without administrative post."""
        admin = case.view.total(Post, "administrative", self.person)
        return {} if admin or self.person in case.post.persons else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the delegated post."""
        mine = case.post
        return [
            Post(
                id=case.id,
                person=self.person,
                principal=mine.person,
                source=mine.id,
                role=mine.role,
                organisation=mine.organisation,
                region=mine.region,
                from_ms=self.from_ms,
                to_ms=self.to_ms,
                granted_ms=case.now,
            )
        ]


@act(
    "post.hand_over/1",
    "离任交接",
    "Hand over a post",
    on=Post,
    by=BUSINESS,
    grade=Grade.GOVERN,
    when=(PostState.OPEN,),
)
class HandOver(Act, frozen=True, kw_only=True):
    """Offer the post's open items to a successor's post; the successor signs the second act."""

    successor: Annotated[str, ref(Post, "接任岗位", "Successor's post")]
    inventory: Annotated[str, digest("交接清单", "Inventory of open items")]

    @guard("post.not_yours", "只能交接本人的岗位", "You can only hand over your own post")
    def own(self, case: Case[Post]) -> Facts | None:
        """Only the holder hands over."""
        return None if case.post.id == case.id else {}

    @guard(
        "post.successor",
        "接任岗位须为同一单位、角色和地区的他人岗位",
        "The successor's post must be another person's, with the same organisation, role and region",
    )
    def fits(self, case: Case[Post]) -> Facts | None:
        """The successor stands where the holder stood."""
        new, old = case.get(Post, self.successor), case.subject
        same = (new.role, new.organisation, new.region) == (old.role, old.organisation, old.region)
        return None if same and new.person != old.person and new.state is PostState.OPEN else {}

    def effects(self, case: Case[Post]) -> list[Object]:
        """Mark it as leaving."""
        return [case.subject.but(state=PostState.LEAVING, successor=self.successor)]


@act(
    "post.take_over/1",
    "接任签收",
    "Take over a post",
    on=Post,
    by=BUSINESS,
    grade=Grade.GOVERN,
    when=(PostState.LEAVING,),
    not_by=(Never("post.hand_over"),),
)
class TakeOver(Act, frozen=True, kw_only=True):
    """Countersign the handover; the old post ends."""

    @guard(
        "post.not_successor",
        "须由交接文件载明的接任人签收",
        "Only the successor named in the handover may sign",
    )
    def named(self, case: Case[Post]) -> Facts | None:
        """The successor named signs."""
        return None if case.post.id == case.subject.successor else {}

    def effects(self, case: Case[Post]) -> list[Object]:
        """End the old post."""
        return [case.subject.but(state=PostState.ENDED, to_ms=case.now)]
