"""Validators: which organisations' nodes order the acts of a consortium, with what power, from which block on.

Genesis names the founding ones; later ones come and go by two keys, one change at a time, and only so far that the
network still bears a node that fails or lies. A node that changes its key keeps its name: the old key loses its power
in the same block.

Source: frozen decision 26 (validator changes at a height); design §3 (n counts failure domains, n ≥ 3f + 1);
ABCI 2.0 (a change answered at height H holds from H + 2 on).
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from shanhai.acts.governance import ProposalState, Rejection
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    count,
    guard,
    label,
    noun,
    ref,
    region,
    rows,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import from_base64
from shanhai.kernel.errors import ShanhaiError
from shanhai.kernel.text import Text

VALIDATORS = "validators"
DELAY = 2
"""Blocks from the one that answers a change to the first that it holds for."""
MOST_POWER = 1_000_000
KEY_BYTES = 32
HEX = frozenset("0123456789abcdef")
Name = Annotated[str, word("节点名称", "Name of the node", max_length=60)]
Public = Annotated[str, word("共识公钥", "Consensus key", min_length=43, max_length=43)]
NodeId = Annotated[str, word("节点号", "Node id", min_length=40, max_length=40)]
Power = Annotated[int, count("表决权，0 表示退出", "Voting power, 0 to leave", le=MOST_POWER)]
Height = Annotated[int, count("起始区块", "First block")]


class Seat(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A node's key and power from a block on; genesis need not say whose node it is."""

    name: Name
    organisation: Annotated[str, ref(Organisation, "单位", "Organisation")] = ""
    public: Public
    node: NodeId
    power: Power
    since_height: Height = 0


def faults(powers: Iterable[int]) -> int:
    """Return how many nodes may fail or lie: any so many of them hold less than a third of the power."""
    falling = sorted(powers, reverse=True)
    total, held, borne = sum(falling), 0, 0
    for power in falling:
        held += power
        if 3 * held >= total:
            break
        borne += 1
    return borne


@noun
class Validators(Object, frozen=True, kw_only=True):
    """Every seat ever given, oldest first; one object."""

    noun, text = "validators", Text("记账节点", "Validators")
    region: Annotated[str, region()]
    seats: Annotated[tuple[Seat, ...], rows("席位", "Seats", least=1, most=1_000)]

    def live(self) -> dict[str, Seat]:
        """Return the seats that hold power once every change has come, by key."""
        newest = {one.public: one for one in self.seats}
        return {key: one for key, one in newest.items() if one.power}

    def due(self, height: int) -> int:
        """Return how many seats have been answered to the network when the block of that height is done."""
        return sum(1 for one in self.seats if one.since_height <= height + DELAY)

    def changes(self, before: "Validators | None", height: int) -> list[Seat]:
        """Return what the block of a height has to answer: one seat a key, the newest.

        Args:
            before: The seats before the block.
            height: The block's.
        """
        answered = before.due(height - 1) if before is not None else len(self.seats)
        return list({one.public: one for one in self.seats[answered : self.due(height)]}.values())


@noun
class ValidatorChange(Object, frozen=True, kw_only=True):
    """A proposed change of one node's key or power."""

    noun, prefix, text, title = (
        "validator_change",
        "vch",
        Text("记账节点变更", "Change of validators"),
        "name",
    )
    region: Annotated[str, region()]
    name: Name
    organisation: Annotated[str, ref(Organisation, "单位", "Organisation")]
    public: Public
    node: NodeId
    power: Power
    since_height: Height
    basis: Annotated[str, word("依据", "Basis")]
    state: Annotated[ProposalState, label("状态", "State")] = ProposalState.PROPOSED


def seats_of(change: Any, live: dict[str, Seat]) -> list[Seat]:
    """Return the seats that a change gives: the node's new one, and its old key's without power."""
    names = ("name", "organisation", "public", "node", "power", "since_height")
    seat = Seat(**{one: getattr(change, one) for one in names})
    old = [one for one in live.values() if one.name == seat.name and one.public != seat.public]
    since = seat.since_height
    ended = [msgspec.structs.replace(one, power=0, since_height=since) for one in old]
    return [*ended, seat]


def _wanted(payload: Any, case: Case[Any]) -> Any:
    """Return the change: what is proposed, or the proposal that is confirmed."""
    return payload if isinstance(payload, ProposeValidator) else case.subject


def _held(case: Case[Any]) -> Validators | None:
    return case.find(Validators, VALIDATORS)


def _powers(payload: Any, case: Case[Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Return power by key before and after the change."""
    held = _held(case)
    live = held.live() if held is not None else {}
    before = {key: one.power for key, one in live.items()}
    given = {one.public: one.power for one in seats_of(_wanted(payload, case), live)}
    return before, {key: power for key, power in (before | given).items() if power}


@guard(
    "validator.none",
    "本账本的创世没有列出记账节点，不能变更；它不是联盟账本",
    "The genesis of this ledger names no validators, so none can change; it is not a consortium's",
)
def of_a_consortium(_payload: Any, case: Case[Any]) -> Facts | None:
    """Only a consortium has validators."""
    return None if _held(case) is not None else {}


@guard(
    "validator.key",
    "共识公钥须为 32 字节的 Ed25519 公钥（base64url），节点号为 40 位小写十六进制，请取自该节点的 member.json",
    "The consensus key is an Ed25519 key of 32 bytes (base64url), the node id 40 lower-case hex digits: take both from the "
    "node's member.json",
)
def key_is_one(payload: Any, case: Case[Any]) -> Facts | None:
    """The network takes nothing else."""
    wanted = _wanted(payload, case)
    try:
        good = len(from_base64(wanted.public)) == KEY_BYTES
    except ShanhaiError:
        good = False
    return None if good and HEX.issuperset(wanted.node) else {}


@guard(
    "validator.order",
    "起始区块不得早于上一次变更的第 {height} 个区块",
    "It cannot begin before the last change does, at block {height}",
    platform("R19"),
)
def one_after_another(payload: Any, case: Case[Any]) -> Facts | None:
    """Changes take effect in the order in which they were decided."""
    held = _held(case)
    newest = held.seats[-1].since_height if held is not None else 0
    return {"height": newest} if _wanted(payload, case).since_height < newest else None


@guard(
    "validator.unknown",
    "该密钥没有表决权，无从退出；请核对公钥",
    "The key holds no power that could end; check it",
)
def leaves_from_within(payload: Any, case: Case[Any]) -> Facts | None:
    """Only who votes can cease to."""
    wanted, held = _wanted(payload, case), _held(case)
    known = held is not None and wanted.public in held.live()
    return None if wanted.power or known else {}


@guard(
    "validator.domain",
    "该单位已有节点“{name}”参与记账，一个单位只有一个；更换密钥请沿用原名称",
    "The organisation votes by its node “{name}” already, and has one only; to change its key keep the name",
    "design §3",
)
def one_an_organisation(payload: Any, case: Case[Any]) -> Facts | None:
    """Two nodes of one organisation are one failure domain; two organisations never share a name."""
    wanted, held = _wanted(payload, case), _held(case)
    others = held.live().values() if held is not None and wanted.power else ()
    for one in others:
        named = one.name == wanted.name
        if one.organisation and named is not (one.organisation == wanted.organisation):
            return {"name": one.name}
    return None


@guard(
    "validator.quorum",
    "变更后网络不能再容任何一个节点失灵或作恶（任何一个节点的表决权须不足三分之一）；请先增加节点",
    "After the change the network would bear no node that fails or lies (any one must hold less than a third); add nodes "
    "first",
    "design §3",
)
def still_bears_one(payload: Any, case: Case[Any]) -> Facts | None:
    """A network that bears a fault goes on doing so."""
    before, after = (faults(one.values()) for one in _powers(payload, case))
    return None if after or not before else {}


@guard(
    "validator.step",
    "一次变更过大：原有节点须保有三分之二以上的表决权；请减少表决权，或分次变更",
    "The change is too large: the nodes of before must keep more than two thirds; give less power, or go step by step",
    "CometBFT light client specification",
)
def goes_step_by_step(payload: Any, case: Case[Any]) -> Facts | None:
    """The nodes that run now can go on alone until the new one runs."""
    before, after = _powers(payload, case)
    kept = sum(min(power, after.get(key, 0)) for key, power in before.items())
    return None if not before or 3 * kept > 2 * sum(after.values()) else {}


CHECKS = (
    of_a_consortium,
    key_is_one,
    one_after_another,
    leaves_from_within,
    one_an_organisation,
    still_bears_one,
    goes_step_by_step,
)


@act(
    "validator.propose/1",
    "提出记账节点变更",
    "Propose a change of validators",
    on=ValidatorChange,
    by=(Role.RULEMAKER,),
    grade=Grade.GOVERN,
    also=CHECKS,
)
class ProposeValidator(Act, frozen=True, kw_only=True):
    """Propose that a node votes, votes with another power or key, or ceases to, from a block on."""

    name: Name
    organisation: Annotated[str, ref(Organisation, "单位", "Organisation")]
    public: Public
    node: NodeId
    power: Power
    since_height: Height
    basis: Annotated[str, word("依据", "Basis")]

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the proposal."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [ValidatorChange(id=case.id, region=case.post.region, **given)]


@act(
    "validator.confirm/1",
    "确认记账节点变更",
    "Confirm a change of validators",
    on=ValidatorChange,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("validator.propose"),),
    also=CHECKS,
)
class ConfirmValidator(Act, frozen=True, kw_only=True):
    """Let it happen: at its block, or two blocks on where that has passed."""

    def effects(self, case: Case[ValidatorChange]) -> list[Object]:
        """Give the seats."""
        held = case.get(Validators, VALIDATORS)
        given = seats_of(case.subject, held.live())
        return [
            held.but(seats=(*held.seats, *given)),
            case.subject.but(state=ProposalState.CONFIRMED),
        ]


@act(
    "validator.reject/1",
    "退回记账节点变更",
    "Reject a change of validators",
    on=ValidatorChange,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("validator.propose"),),
)
class RejectValidator(Rejection, frozen=True, kw_only=True):
    """Close a proposal without effect."""
