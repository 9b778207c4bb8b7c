"""Organisations, persons, posts and keys: who may act, enrolled in three acts by three people.

Source: frozen decisions 12 and 13; 《公务员法》 (代理, 离任交接; articles 待核). Structs of person, post and key
stand in `machine.authority`, because the machine itself reads them.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Custody,
    Facts,
    Grade,
    Key,
    KeyState,
    Never,
    Object,
    Person,
    Post,
    PostState,
    act,
    commitment,
    digest,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.roles import ADMINISTRATIVE, Role
from shanhai.kernel.canonical import from_base64
from shanhai.kernel.errors import ShanhaiError
from shanhai.kernel.regions import contains, stem
from shanhai.kernel.text import Text
from shanhai.ledger.signing import check_public_key, kid_of

ANYBODY = tuple(Role)
BUSINESS = tuple(role for role in Role if role not in ADMINISTRATIVE)


class OrganisationKind(Choice):
    """What an organisation is; a payee's kind matters to payments."""

    GOVERNMENT = "government", "党政机关", "Government body"
    INSTITUTION = "institution", "事业单位", "Public institution"
    VILLAGE = "village", "村集体", "Village collective"
    COOPERATIVE = "cooperative", "农民专业合作社", "Farmers' co-operative"
    COMPANY = "company", "企业", "Company"
    SOCIAL = "social", "社会组织", "Social organisation"
    AUDIT = "audit", "审计机关", "Audit office"
    BANK = "bank", "银行", "Bank"


class OrganisationState(Choice):
    """Whether an organisation may take part."""

    ACTIVE = "active", "正常", "Active"
    CLOSED = "closed", "已注销", "Closed"


@noun
class Organisation(Object, frozen=True, kw_only=True):
    """A body that acts through its officers or is paid."""

    noun, prefix, text, title = "organisation", "org", Text("单位", "Organisation"), "name"
    name: Annotated[str, word("单位名称", "Name")]
    kind: Annotated[OrganisationKind, label("性质", "Kind")]
    region: Annotated[str, region()]
    code: Annotated[str, word("统一社会信用代码", "Unified social credit code", max_length=18)] = ""
    state: Annotated[OrganisationState, label("状态", "State")] = OrganisationState.ACTIVE

    @property
    def unique(self) -> tuple[str, ...]:
        """A credit code names one organisation."""
        return (f"credit_code:{self.code}",) if self.code else ()


OrganisationId = Annotated[str, ref(Organisation, "单位", "Organisation")]
PersonId = Annotated[str, ref(Person, "人员", "Person")]


class InvitationState(Choice):
    """Life of an invitation."""

    OPEN = "open", "待提交密钥", "Awaiting a key"
    USED = "used", "已使用", "Used"


@noun
class Invitation(Object, frozen=True, kw_only=True):
    """An administrator's invitation to a person to offer a key."""

    noun, prefix, text = "invitation", "inv", Text("密钥邀请", "Key invitation")
    person: PersonId
    organisation: Annotated[str, ref(None, "单位", "Organisation")]
    region: Annotated[str, region()]
    due_ms: Annotated[int, moment("有效期至", "Valid until")]
    state: Annotated[InvitationState, label("状态", "State")] = InvitationState.OPEN


@act(
    "organisation.register/1",
    "登记单位",
    "Register an organisation",
    on=Organisation,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
)
class RegisterOrganisation(Act, frozen=True, kw_only=True):
    """Enter an organisation."""

    name: Annotated[str, word("单位名称", "Name")]
    kind: Annotated[OrganisationKind, label("性质", "Kind")]
    region: Annotated[str, region()]
    code: Annotated[str, word("统一社会信用代码", "Unified social credit code", max_length=18)] = ""

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the organisation."""
        return [
            Organisation(
                id=case.id, name=self.name, kind=self.kind, region=self.region, code=self.code
            )
        ]


@act(
    "organisation.close/1",
    "注销单位",
    "Close an organisation",
    on=Organisation,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    when=(OrganisationState.ACTIVE,),
)
class CloseOrganisation(Act, frozen=True, kw_only=True):
    """End an organisation; its posts end one by one."""

    basis: Annotated[
        str, digest("注销文件", "Document", hint=Text("上传注销文件", "Upload the document"))
    ]

    def effects(self, case: Case[Organisation]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=OrganisationState.CLOSED)]


@act(
    "person.register/1",
    "登记人员",
    "Register a person",
    on=Person,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
)
class RegisterPerson(Act, frozen=True, kw_only=True):
    """Enter a natural person by a committed name; the registrar attests that this is nobody known already."""

    organisation: OrganisationId
    name: Annotated[str, commitment("姓名", "Name")]
    unique: Annotated[bool, flag("已核对无重复登记", "Checked: not registered before")] = False

    @guard(
        "person.unattested",
        "请先在人员库中比对，确认没有重复登记后勾选",
        "Look the person up first, then tick that no duplicate exists",
        "frozen decision 12",
    )
    def attested(self, _case: Case[None]) -> Facts | None:
        """The registrar has to attest uniqueness."""
        return None if self.unique else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the person in the organisation's region."""
        where = case.get(Organisation, self.organisation).region
        return [Person(id=case.id, organisation=self.organisation, region=where, name=self.name)]


@act(
    "person.same_as/1",
    "合并重复人员",
    "Merge a duplicate person",
    on=Person,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    creates=False,
)
class SameAs(Act, frozen=True, kw_only=True):
    """State that two registered persons are one human: separations then treat them as one."""

    other: PersonId
    basis: Annotated[str, digest("核实材料", "Evidence")]

    @guard(
        "person.itself",
        "不能与本人合并，请选择另一条登记",
        "A person cannot be merged with itself; choose the other entry",
    )
    def different(self, case: Case[Person]) -> Facts | None:
        """Two entries are needed."""
        return {} if self.other == case.id else None

    def effects(self, case: Case[Person]) -> list[Object]:
        """Point each at the other."""
        other = case.get(Person, self.other)
        return [case.subject.but(same_as=other.id), other.but(same_as=case.subject.id)]


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
        "frozen decision 12",
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


@act(
    "key.invite/1",
    "邀请登记密钥",
    "Invite a key",
    on=Invitation,
    by=(Role.ADMIN,),
    grade=Grade.GOVERN,
)
class Invite(Act, frozen=True, kw_only=True):
    """Invite a person of the administrator's organisation to offer a key."""

    person: PersonId
    due_ms: Annotated[int, moment("有效期至", "Valid until")]

    @guard(
        "key.foreign_person",
        "只能邀请本单位人员；其他单位人员由其管理员或上级管理员邀请",
        "You can only invite your own organisation's people; others are invited by theirs or one above",
    )
    def own_people(self, case: Case[None]) -> Facts | None:
        """An administrator serves one organisation, or stands above the person's region."""
        person, mine = case.get(Person, self.person), case.post
        if person.organisation == mine.organisation:
            return None
        above = contains(mine.region, person.region) and len(stem(mine.region)) < len(
            stem(person.region)
        )
        return None if above else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the invitation."""
        person = case.get(Person, self.person)
        return [
            Invitation(
                id=case.id,
                person=person.id,
                organisation=person.organisation,
                region=person.region,
                due_ms=self.due_ms,
            )
        ]


@guard(
    "key.bad",
    "公钥不符合要求，请用本平台页面或受支持的密码设备重新生成",
    "The public key is not acceptable; make it again with this platform's page or a supported device",
    "ledger specification, keys",
)
def sound_key(payload: "Offer | Rotate", case: Case[None]) -> Facts | None:
    """The key decodes, is a safe point of its curve, and belongs to the ledger's suite."""
    try:
        check_public_key(payload.alg, from_base64(payload.public))
    except ShanhaiError:
        return {}
    return {} if (payload.alg == "sm2-sm3") is not (case.view.suite.name == "sm") else None


Alg = Annotated[str, word("算法", "Algorithm", max_length=16)]
Public = Annotated[str, word("公钥", "Public key", max_length=120)]


@act(
    "key.offer/1",
    "提交密钥",
    "Offer a key",
    on=Key,
    by=(),
    grade=Grade.DECLARE,
    open_door=True,
    also=(sound_key,),
)
class Offer(Act, frozen=True, kw_only=True):
    """The newcomer offers a key and, by signing with it, proves to hold it."""

    invitation: Annotated[str, ref(Invitation, "邀请", "Invitation")]
    alg: Alg
    public: Public
    custody: Annotated[Custody, label("保管方式", "Custody")] = Custody.OFFICER
    name: Annotated[str, commitment("设备名", "Device name")] = ""

    @guard(
        "key.uninvited",
        "邀请已使用或已过期，请管理员重新邀请",
        "The invitation is used or expired; ask for a new one",
    )
    def invited(self, case: Case[None]) -> Facts | None:
        """The invitation is open and in time."""
        found = case.get(Invitation, self.invitation)
        return {} if found.state is not InvitationState.OPEN or case.now >= found.due_ms else None

    @guard("key.kid", "密钥编号与公钥不符", "The key id does not belong to the public key")
    def named(self, case: Case[None]) -> Facts | None:
        """Subject and kid are the hash of the key."""
        kid = kid_of(case.view.suite, from_base64(self.public))
        return None if case.id == kid == case.body.kid else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the offered key and use the invitation up."""
        found = case.get(Invitation, self.invitation)
        made = Key(
            id=case.id,
            person=found.person,
            region=found.region,
            alg=self.alg,
            public=self.public,
            custody=self.custody,
            name=self.name,
            invitation=found.id,
        )
        return [made, found.but(state=InvitationState.USED)]


@act(
    "key.confirm/1",
    "确认密钥",
    "Confirm a key",
    on=Key,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    when=(KeyState.OFFERED,),
    not_by=(Never("key.invite", via="invitation"),),
)
class Confirm(Act, frozen=True, kw_only=True):
    """A registrar one level up confirms, having checked the person face to face or by official channel."""

    checked: Annotated[
        bool, flag("已当面或通过公务渠道核对本人", "Checked the person in an official way")
    ] = False

    @guard(
        "key.unchecked",
        "请先核对本人身份再勾选确认",
        "Check the person's identity first, then tick",
    )
    def attested(self, _case: Case[Key]) -> Facts | None:
        """The registrar attests the check."""
        return None if self.checked else {}

    @guard(
        "key.level",
        "须由上一级登记员确认，且不能确认本人的密钥",
        "A registrar one level up confirms, and never their own key",
        "frozen decision 13",
    )
    def one_level_up(self, case: Case[Key]) -> Facts | None:
        """The registrar stands above the key's region, or for the country."""
        mine, theirs = stem(case.post.region), stem(case.subject.region)
        above = contains(case.post.region, case.subject.region) and (
            len(mine) < len(theirs) or not mine
        )
        return None if above and case.subject.person not in case.post.persons else {}

    def effects(self, case: Case[Key]) -> list[Object]:
        """Activate the key; approver and payer acts wait for the dated delay."""
        return [case.subject.but(state=KeyState.ACTIVE, confirmed_ms=case.now)]


@act(
    "key.rotate/1",
    "更换密钥",
    "Rotate a key",
    on=Key,
    by=ANYBODY,
    grade=Grade.GOVERN,
    when=(KeyState.ACTIVE,),
    also=(sound_key,),
)
class Rotate(Act, frozen=True, kw_only=True):
    """Replace one's key by a new one, signed with the old."""

    alg: Alg
    public: Public

    @guard(
        "key.not_yours",
        "只能用正在使用的密钥更换它自己",
        "A key is rotated only by its holder, signing with it",
    )
    def own(self, case: Case[Key]) -> Facts | None:
        """The old key signs."""
        return None if case.id == case.body.kid else {}

    def effects(self, case: Case[Key]) -> list[Object]:
        """Retire the old key and activate the new, from now."""
        new = Key(
            id=kid_of(case.view.suite, from_base64(self.public)),
            person=case.subject.person,
            region=case.subject.region,
            alg=self.alg,
            public=self.public,
            confirmed_ms=case.now,
            state=KeyState.ACTIVE,
        )
        return [case.subject.but(state=KeyState.ROTATED), new]


class RevocationReason(Choice):
    """Why a key is revoked."""

    LOST = "lost", "遗失", "Lost"
    STOLEN = "stolen", "被盗用", "Stolen or misused"
    LEFT = "left", "离职", "Left office"
    REPLACED = "replaced", "停用", "No longer used"


@act(
    "key.revoke/1",
    "吊销密钥",
    "Revoke a key",
    on=Key,
    by=(Role.REGISTRAR, Role.ADMIN),
    grade=Grade.GOVERN,
    when=(KeyState.ACTIVE, KeyState.OFFERED),
)
class Revoke(Act, frozen=True, kw_only=True):
    """Revoke from this entry on; `suspect_from_ms` opens reviews and voids nothing."""

    reason: Annotated[RevocationReason, label("原因", "Reason")]
    suspect_from_ms: Annotated[int, moment("存疑起点", "Suspect from")] = 0

    def effects(self, case: Case[Key]) -> list[Object]:
        """Revoke it."""
        return [case.subject.but(state=KeyState.REVOKED, suspect_from_ms=self.suspect_from_ms)]
