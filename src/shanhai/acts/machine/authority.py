"""The two objects the machine itself reads: the post acted in and the key that signs.

Source: frozen decisions 12 and 13. Their acts are in `acts.officer`.
"""

from typing import Annotated

from shanhai.acts.machine.fields import commitment, label, moment, ref, region, word
from shanhai.acts.machine.objects import Object, noun
from shanhai.acts.roles import Role
from shanhai.kernel.text import Choice, Text


class PostState(Choice):
    """Whether a post may be acted in."""

    OPEN = "open", "在任", "Held"
    ENDED = "ended", "已结束", "Ended"


@noun
class Post(Object, frozen=True, kw_only=True):
    """A dated, scoped right of a person: in a role, for an organisation, in a region, perhaps for a principal."""

    noun, prefix, text = "post", "pst", Text("岗位", "Post")
    person: Annotated[str, ref(None, "人员", "Person")]
    role: Annotated[Role, label("角色", "Role")]
    organisation: Annotated[str, ref(None, "单位", "Organisation")]
    region: Annotated[str, region()]
    from_ms: Annotated[int, moment("任职起", "From")] = 0
    to_ms: Annotated[int, moment("任职止", "Until (not included)")] = 0
    granted_ms: Annotated[int, moment("授予时间", "Granted")] = 0
    principal: Annotated[str, ref(None, "被代理人", "Principal")] = ""
    source: Annotated[str, ref(None, "来源岗位", "Source post")] = ""
    state: Annotated[PostState, label("状态", "State")] = PostState.OPEN

    @property
    def persons(self) -> frozenset[str]:
        """Return the acting person and the principal: separations treat them as one."""
        return frozenset((self.person, self.principal)) - {""}


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
    suspect_from_ms: Annotated[int, moment("存疑起点", "Suspect from")] = 0
    name: Annotated[str, commitment("设备名", "Device name")] = ""
    state: Annotated[KeyState, label("状态", "State")] = KeyState.OFFERED
