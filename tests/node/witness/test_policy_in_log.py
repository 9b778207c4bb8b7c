"""The policy in the log, and a sequencer that is replaced: mirrors follow the quorum, not the sequencer."""

from typing import Any

import pytest

from node.witness.network import LOG_KEY, NAMES, ORIGIN, Site, Witnessing, identity, policy_of
from node.world import World, made_id
from shanhai.acts.governance import ProposalState
from shanhai.acts.roles import Role
from shanhai.acts.witness_policy import (
    ConfirmPolicy,
    ProposePolicy,
    WitnessPolicy,
    policies_of,
    rows_of,
)
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.body import Seen
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import make_vkey, parse_note
from shanhai.ledger.policy import Policy
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.admission import Signed
from shanhai.node.loop import Node
from shanhai.node.memory import Memory
from shanhai.node.replay import BadEntryError, Replay
from shanhai.node.witness.closing import Closed, close, consent, succession
from shanhai.node.witness.mirror import Mirror, Shelves
from shanhai.node.witness.round import Sequencer, run_round
from shanhai.node.witness.shelf import MemoryShelf

SUCCESSOR = Ed25519Signer(b"\x0a" * 32)
NEW = make_vkey("example.org/moni-2", SUCCESSOR)


def in_genesis(policy: Policy) -> tuple[WitnessPolicy, ...]:
    made = WitnessPolicy(
        id=made_id("wpo", 1),
        region="000000",
        log=policy.log.line,
        state=ProposalState.CONFIRMED,
        **rows_of(policy),
    )
    return (made,)


class Founded(Witnessing):
    """A sequencer whose genesis holds the policy, and its mirrors."""

    def __init__(self, count: int = 4, mirrors: int = 4) -> None:
        super().__init__(count)
        self.site = Site(self.policy)
        self.site.world = World(Memory(), witnesses=in_genesis(self.policy))
        self.site.node = self.site.world.node
        self.shelves = [Shelves(MemoryShelf(), MemoryShelf()) for _ in range(mirrors)]
        self.mirrors = [self.fresh(n) for n in range(mirrors)]

    def act(self, payload: Any, subject: str, role: Role) -> None:
        """Enter an act of an officer."""
        outcome = self.site.world.submit(payload, subject, role)
        assert outcome.accepted, outcome.refusals


@pytest.fixture
def net() -> Founded:
    made = Founded()
    made.site.grow(0, 5)
    return made


def final_size(net: Founded) -> int:
    raw = net.site.gathering.final()
    return int(raw.split(b"\n")[1]) if raw else 0


def change(net: Founded, *signers: int) -> str:
    """Propose seven domains in place of four and confirm it with these mirrors' consents."""
    made = made_id("wpo", 2)
    net.act(ProposePolicy(**rows_of(policy_of(7))), made, Role.RULEMAKER)
    net.rounds()
    given = tuple(consent(net.mirrors[n].storage, net.mirrors[n].me, made) for n in signers)
    net.act(ConfirmPolicy(consents=given), made, Role.RULEKEEPER)
    return made


def test_the_policy_of_genesis_is_used_and_must_be_the_given_one(net: Founded) -> None:
    assert all(one.refused is None for one in net.rounds())
    assert final_size(net) == 6
    net.mirrors[0].trust.root = policy_of(7)
    refused = net.round(0).refused
    assert isinstance(refused, ProofError)
    assert (refused.code, refused.facts["differs"]) == ("witness.policy", "faults")


def test_a_policy_is_changed_by_the_old_quorum_and_judges_what_comes_after(net: Founded) -> None:
    change(net, 0, 1, 2)
    size = net.site.node.head().size
    net.rounds()
    assert final_size(net) == size  # the entry that changes it is still the old policy's
    net.site.grow(20, 1)
    assert all(one.refused is None for one in net.rounds())
    assert final_size(net) == size  # four of seven are no quorum
    net.shelves += [Shelves(MemoryShelf(), MemoryShelf()) for _ in range(3)]
    net.mirrors += [net.fresh(n) for n in range(4, 7)]
    assert all(one.refused is None for one in net.rounds())
    assert final_size(net) == size + 1
    policies = policies_of(net.site.node.storage, net.site.node.constants.ledger)
    assert policies is not None
    assert [policies.at(at).quorum for at in (1, size, size + 1)] == [3, 3, 5]
    raw = net.site.gathering.final()
    assert raw is not None
    assert certify(parse_note(raw), policies).quorum == 5


def test_a_stranger_consents_to_nothing(net: Founded) -> None:
    net.rounds()
    with pytest.raises(InvalidInputError, match=r"consent\.unknown"):
        consent(net.mirrors[0].storage, net.mirrors[0].me, made_id("wpo", 9))


def test_genesis_refuses_a_policy_that_is_not_its_own() -> None:
    other = make_vkey("example.org/other", LOG_KEY)
    with pytest.raises(InvalidInputError, match=r"genesis\.invalid"):
        World(Memory(), witnesses=in_genesis(policy_of(4, log=other)))
    proposed = in_genesis(policy_of(4))[0].but(state=ProposalState.PROPOSED)
    with pytest.raises(InvalidInputError, match=r"genesis\.invalid"):
        World(Memory(), witnesses=(proposed,))


# --- another sequencer


def copied(net: Founded, number: int) -> Site:
    """Return a successor on a mirror's copy, under its own key; the officers are the world's."""
    made = Site(net.policy)
    storage = net.mirrors[number].storage
    made.world, made.node = net.site.world, Node(storage, net.site.node.constants)
    made.sealer.signer = SUCCESSOR
    return made


def replacing(net: Founded, site: Site, given: list[Closed]) -> Signed:
    act = succession(site.node, given, "模拟：原运行单位停机")
    head = site.node.head()
    world = net.site.world
    before, world.node = world.node, site.node
    signed = world.signed(act, made_id("wpo", 5), Role.RULEKEEPER, Seen(head.size, head.root.hex()))
    world.node = before
    return signed


def certified(net: Founded) -> None:
    """Let every mirror see that the checkpoint they cosigned is final."""
    net.rounds()
    assert all(one.refused is None for one in net.rounds())


def closes(net: Founded, *numbers: int) -> list[Closed]:
    return [close(net.mirrors[n], NEW) for n in numbers]


def test_a_quorum_replaces_the_sequencer_and_the_old_one_goes_on_in_vain(net: Founded) -> None:
    certified(net)
    given = closes(net, 0, 1, 2)
    successor = copied(net, 3)
    outcome = successor.node.submit(replacing(net, successor, given), net.now)
    assert outcome.accepted, outcome.refusals
    size = successor.node.head().size
    for n in range(3):
        assert run_round(net.mirrors[n], successor.sequencer, {}, net.now).refused is None
    raw = successor.gathering.final()
    assert raw is not None
    assert raw.startswith(f"example.org/moni-2\n{size}\n".encode())
    net.site.grow(30, 1)  # the old one goes on
    for n in range(3):
        refused = net.round(n).refused
        assert refused is not None
        assert refused.code == "witness.closed"
    assert final_size(net) == 6


def test_whoever_has_the_new_policy_file_joins_the_new_epoch_from_nothing(net: Founded) -> None:
    certified(net)
    successor = copied(net, 3)
    signed = replacing(net, successor, closes(net, 0, 1, 2))
    assert successor.node.submit(signed, net.now).accepted
    joining = Mirror(Memory(), net.policy, identity(0), Shelves(MemoryShelf(), MemoryShelf()))
    refused = run_round(joining, successor.sequencer, {}, net.now).refused
    assert refused is not None
    assert refused.code == "note.unsigned"  # the old file alone does not vouch for the new key
    joining.trust.root = policy_of(4, log=NEW)
    assert run_round(joining, successor.sequencer, {}, net.now).refused is None
    lines = list(successor.node.storage.packed(0, successor.node.head().size))
    replay = Replay(Memory())
    replay.run(lines)
    assert replay.size == len(lines)


def test_a_minority_replaces_nobody(net: Founded) -> None:
    certified(net)
    given = closes(net, 0, 1)
    successor = copied(net, 3)
    outcome = successor.node.submit(replacing(net, successor, given), net.now)
    assert [code for code, _ in outcome.refusals] == ["succession.closes"]
    net.site.grow(30, 1)
    assert [one.refused.code if one.refused else "" for one in net.rounds()] == [
        *("witness.closed", "witness.closed"),
        *("", ""),
    ]


def test_a_close_needs_a_certificate_and_another_key(net: Founded) -> None:
    net.round(0)
    with pytest.raises(InvalidInputError, match=r"close\.uncertified"):
        close(net.mirrors[0], NEW)
    certified(net)
    with pytest.raises(InvalidInputError, match=r"witness\.successor"):
        close(net.mirrors[0], make_vkey(ORIGIN, LOG_KEY))
    given = closes(net, 0, 1)
    other = Ed25519Signer(b"\x0b" * 32)
    given.append(close(net.mirrors[2], make_vkey("example.org/moni-3", other)))
    with pytest.raises(InvalidInputError, match=r"close\.differs"):
        succession(net.site.node, given, "模拟")


def test_witnesses_make_a_certificate_of_one_another_s_heads_alone(net: Founded) -> None:
    mute = Sequencer(net.site.get, lambda _: None, lambda _: None, lambda _: None)
    for n in range(4):
        run_round(net.mirrors[n], mute, {}, net.now)
    assert net.site.gathering.final() is None
    for n in range(4):
        run_round(net.mirrors[n], mute, net.others(n), net.now)
    assert [one.certified.size for one in net.mirrors] == [6] * 4


def test_a_log_with_an_unfounded_succession_is_refused_in_replay(net: Founded) -> None:
    certified(net)
    successor = copied(net, 3)
    assert successor.node.submit(replacing(net, successor, closes(net, 0, 1, 2)), net.now).accepted
    lines = list(successor.node.storage.packed(0, successor.node.head().size))
    at = lines[-1].index(b'"closes":[{"sig":"') + len(b'"closes":[{"sig":"')
    lines[-1] = (
        lines[-1][:at] + (b"B" if lines[-1][at : at + 1] == b"A" else b"A") + lines[-1][at + 1 :]
    )
    with pytest.raises(BadEntryError):
        Replay(Memory()).run(lines)


assert len(NAMES) == 7
