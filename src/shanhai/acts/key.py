"""Keys: enrolled in three acts by three people, rotated by themselves, revoked from an entry on.

Source: frozen decision 13.
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
    act,
    commitment,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import PersonId
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import from_base64
from shanhai.kernel.errors import ShanhaiError
from shanhai.kernel.regions import contains, stem
from shanhai.kernel.text import Text
from shanhai.ledger.signing import check_public_key, kid_of

ANYBODY = tuple(Role)


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
        outer, inner = stem(mine.region), stem(person.region)
        above = inner.startswith(outer) and (len(outer) < len(inner) or not outer)
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
        platform("R16"),
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
