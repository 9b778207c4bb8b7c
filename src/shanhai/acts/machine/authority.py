"""The objects the machine itself reads: the person, the post acted in and the key that signs.

Source: frozen decisions 12 and 13. Their acts are in `acts.officer`.
"""

from typing import Annotated

from shanhai.acts.machine.fields import commitment, label, moment, ref, region, word
from shanhai.acts.machine.objects import Object, Sum, noun
from shanhai.acts.roles import ADMINISTRATIVE, Role
from shanhai.kernel.text import Choice, Text


@noun
class Person(Object, frozen=True, kw_only=True):
    """A natural person; the name is a commitment. `same_as` names the person this one turned out to be."""

    noun, prefix, text = "person", "per", Text("人员", "Person")
    organisation: Annotated[str, ref(None, "单位", "Organisation")]
    region: Annotated[str, region()]
    name: Annotated[str, commitment("姓名", "Name")]
    same_as: Annotated[str, ref(None, "同一人", "Same person as")] = ""


class PostState(Choice):
    """Whether a post may be acted in."""

    OPEN = "open", "在任", "Held"
    LEAVING = "leaving", "交接中", "Being handed over"
    ENDED = "ended", "已结束", "Ended"


@noun
class Post(Object, frozen=True, kw_only=True):
    """A dated, scoped right of a person: in a role, for an organisation, in a region, perhaps for a principal."""

    noun, prefix, text = "post", "pst", Text("岗位", "Post")
    sums = (Sum("business", by="person"), Sum("administrative", by="person"))
    person: Annotated[str, ref(None, "人员", "Person")]
    role: Annotated[Role, label("角色", "Role")]
    organisation: Annotated[str, ref(None, "单位", "Organisation")]
    region: Annotated[str, region()]
    from_ms: Annotated[int, moment("任职起", "From")] = 0
    to_ms: Annotated[int, moment("任职止", "Until (not included)")] = 0
    granted_ms: Annotated[int, moment("授予时间", "Granted")] = 0
    principal: Annotated[str, ref(None, "被代理人", "Principal")] = ""
    source: Annotated[str, ref(None, "来源岗位", "Source post")] = ""
    successor: Annotated[str, ref(None, "接任岗位", "Successor's post")] = ""
    state: Annotated[PostState, label("状态", "State")] = PostState.OPEN

    @property
    def administrative(self) -> int:
        """Return 1 for an open administrative post: it never goes with a business post."""
        return int(self.state is not PostState.ENDED and self.role in ADMINISTRATIVE)

    @property
    def business(self) -> int:
        """Return 1 for an open business post."""
        return int(self.state is not PostState.ENDED and self.role not in ADMINISTRATIVE)

    @property
    def persons(self) -> frozenset[str]:
        """Return the acting person and the principal: separations treat them as one."""
        if self.principal:
            return frozenset((self.person, self.principal))
        return frozenset((self.person,)) if self.person else frozenset()


class Custody(Choice):
    """Who holds the private key; belongs to the registered key, not to the act."""

    OFFICER = "officer", "本人保管", "Held by the officer"
    SERVER = "server", "服务器托管", "Held by the server, wrapped by the officer's PIN"


class KeyState(Choice):
    """Life of a key."""

    OFFERED = "offered", "待确认", "Awaiting the registrar"
    ACTIVE = "active", "有效", "Active"
    ROTATED = "rotated", "已更换", "Rotated"
    REVOKED = "revoked", "已吊销", "Revoked"


@noun
class Key(Object, frozen=True, kw_only=True):
    """A person's public key; its id is the kid."""

    noun, prefix, text = "key", "", Text("密钥", "Key")
    person: Annotated[str, ref(None, "人员", "Person")]
    region: Annotated[str, region()]
    alg: Annotated[str, word("算法", "Algorithm", max_length=16)]
    public: Annotated[str, word("公钥", "Public key", max_length=120)]
    custody: Annotated[Custody, label("保管方式", "Custody")] = Custody.OFFICER
    confirmed_ms: Annotated[int, moment("确认时间", "Confirmed")] = 0
    invitation: Annotated[str, ref(None, "邀请", "Invitation")] = ""
    suspect_from_ms: Annotated[int, moment("存疑起点", "Suspect from")] = 0
    name: Annotated[str, commitment("设备名", "Device name")] = ""
    state: Annotated[KeyState, label("状态", "State")] = KeyState.OFFERED
