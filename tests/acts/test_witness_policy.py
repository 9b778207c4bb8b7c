"""Witness policies change under the old quorum; a sequencer is replaced where a quorum closed it. Invented names only."""

from typing import Any

import pytest

from acts.scenario import Scenario
from shanhai.acts.governance import ProposalState
from shanhai.acts.machine import Case, Post, View
from shanhai.acts.roles import Role
from shanhai.acts.succession import Close, Closing, ReplaceSequencer
from shanhai.acts.witness_policy import (
    WITNESSES,
    ConfirmPolicy,
    Consent,
    InterestRow,
    ProposePolicy,
    RejectPolicy,
    WitnessPolicy,
    WitnessRow,
    WitnessStep,
    WitnessSteps,
    policy_of,
    rows_of,
)
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.clock import Moment
from shanhai.kernel.suite import INTL
from shanhai.ledger.body import Body, Seen
from shanhai.ledger.checkpoint import Checkpoint, make_vkey, sign_note
from shanhai.ledger.merkle import Tree, consistency_path
from shanhai.ledger.signing import Ed25519Signer
from shanhai.ledger.witness import cosign, make_witness_vkey

COUNTRY, LEDGER = "000000", "0" * 64
OLD, NEW = Ed25519Signer(b"\x01" * 32), Ed25519Signer(b"\x02" * 32)
OLD_LINE = make_vkey("example.org/moni", OLD).line
NEW_LINE = make_vkey("example.org/moni-2", NEW).line
NAMES = ("east", "west", "audit", "bank", "press", "school", "court")
SIGNERS = [Ed25519Signer(bytes([30 + n]) * 32) for n in range(len(NAMES))]
LINES = [make_witness_vkey(f"{n}.example", s).line for n, s in zip(NAMES, SIGNERS, strict=True)]
LEAVES = [bytes([n]) * 32 for n in range(40)]


def witnesses(count: int) -> tuple[WitnessRow, ...]:
    return tuple(WitnessRow(domain=NAMES[n], vkey=LINES[n]) for n in range(count))


FIRST = WitnessPolicy(
    id="wpo0",
    region=COUNTRY,
    log=OLD_LINE,
    faults=1,
    witnesses=witnesses(4),
    state=ProposalState.CONFIRMED,
)
SEVEN = ProposePolicy(
    faults=2,
    witnesses=witnesses(7),
    interests=(InterestRow(name="pair", domain="east"), InterestRow(name="pair", domain="west")),
)


@pytest.fixture
def world() -> Scenario:
    made = Scenario().post("maker", Role.RULEMAKER, region=COUNTRY)
    made.post("keeper", Role.RULEKEEPER, region=COUNTRY).post("node", Role.NODE, region=COUNTRY)
    steps = WitnessSteps(
        id=WITNESSES, region=COUNTRY, steps=(WitnessStep(since=0, policy=FIRST.id),)
    )
    return made.put(FIRST, steps)


def proposed(world: Scenario, act: ProposePolicy = SEVEN) -> str:
    made = world.id("wpo")
    world.when(act, by="maker", on=made)
    return made


def consents(policy: WitnessPolicy, *numbers: int) -> tuple[Consent, ...]:
    return tuple(
        Consent(vkey=LINES[n], sig=to_base64(SIGNERS[n].sign(policy.proposal))) for n in numbers
    )


def test_a_policy_counts_from_the_entry_after_a_quorum_of_the_old_one_consented(
    world: Scenario,
) -> None:
    made = proposed(world)
    found = world.ok().get(WitnessPolicy, made)
    assert (found.log, found.before) == (OLD_LINE, FIRST.id)
    world.when(ConfirmPolicy(consents=consents(found, 0, 1, 2)), by="keeper", on=made).ok()
    steps = world.get(WitnessSteps, WITNESSES).steps
    assert steps == (
        WitnessStep(since=world.index + 1, policy=made),
        WitnessStep(since=0, policy=FIRST.id),
    )
    policy = policy_of(world.get(WitnessPolicy, made), LEDGER)
    assert (policy.quorum, policy.interests[0].domains) == (5, ("east", "west"))
    assert rows_of(policy)["witnesses"] == SEVEN.witnesses


@pytest.mark.parametrize("numbers", [(0, 1), (0, 0, 0, 1), (0, 1, 4, 5, 6)])
def test_fewer_strangers_or_one_twice_are_no_quorum(
    world: Scenario, numbers: tuple[int, ...]
) -> None:
    made = proposed(world)
    found = world.get(WitnessPolicy, made)
    world.when(ConfirmPolicy(consents=consents(found, *numbers)), by="keeper", on=made)
    world.refused("policy.consents")


def test_a_consent_to_another_proposal_counts_for_nothing(world: Scenario) -> None:
    made, other = proposed(world), proposed(world)
    given = consents(world.get(WitnessPolicy, other), 0, 1, 2)
    world.when(ConfirmPolicy(consents=given), by="keeper", on=made).refused("policy.consents")


def test_a_proposal_is_overtaken_and_may_be_rejected(world: Scenario) -> None:
    made, late = proposed(world), proposed(world)
    given = consents(world.get(WitnessPolicy, made), 1, 2, 3)
    world.when(ConfirmPolicy(consents=given), by="keeper", on=made).ok()
    given = consents(world.get(WitnessPolicy, late), 0, 1, 2, 3, 4)
    world.when(ConfirmPolicy(consents=given), by="keeper", on=late).refused("policy.overtaken")
    world.when(RejectPolicy(reason="ab" * 32), by="keeper", on=late).ok()


@pytest.mark.parametrize(
    "change",
    [
        {"faults": 3},
        {"witnesses": (*witnesses(6), WitnessRow(domain="court", vkey=LINES[0]))},
        {"witnesses": (*witnesses(6), WitnessRow(domain="court", vkey=OLD_LINE))},
        {"witnesses": (*witnesses(6), WitnessRow(domain="court", vkey="junk"))},
        {"interests": (InterestRow(name="pair", domain="nobody"),)},
    ],
)
def test_a_policy_that_cannot_hold_is_refused(world: Scenario, change: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"faults": 2, "witnesses": witnesses(7)} | change
    proposed(world, ProposePolicy(**fields))
    world.refused("policy.unsound")


def test_a_ledger_founded_without_a_policy_gets_none() -> None:
    made = Scenario().post("maker", Role.RULEMAKER, region=COUNTRY)
    proposed(made)
    made.refused("policy.absent")


# --- replacing a sequencer


def tree(size: int) -> Tree:
    made = Tree(INTL)
    made.extend(LEAVES[:size])
    return made


def seen(size: int) -> Seen:
    return Seen(size, tree(size).root().hex())


def path(size1: int, size2: int) -> tuple[str, ...]:
    def node(level: int, index: int) -> bytes:
        below = Tree(INTL)
        below.extend(LEAVES[index << level : (index + 1) << level])
        return below.root()

    return tuple(one.hex() for one in consistency_path(INTL, size1, size2, node))


def certificate(size: int, *numbers: int, root: bytes = b"") -> str:
    text = Checkpoint("example.org/moni", size, root or tree(size).root()).text
    note = sign_note(text, "example.org/moni", OLD)
    for n in numbers:
        note = note.with_signature(cosign(text, f"{NAMES[n]}.example", SIGNERS[n], 1_790_000_000))
    return to_base64(note.encode())


def closes(sizes: dict[int, int], successor: str = NEW_LINE) -> tuple[Close, ...]:
    made = []
    for n, size in sizes.items():
        said = Closing(ledger=LEDGER, log=OLD_LINE, size=size, successor=successor)
        made.append(Close(vkey=LINES[n], size=size, sig=to_base64(SIGNERS[n].sign(said.message))))
    return tuple(made)


def replacing(**change: Any) -> ReplaceSequencer:
    fields: dict[str, Any] = {
        "log": NEW_LINE,
        "certificate": certificate(6, 0, 1, 2),
        "closes": closes({1: 5, 2: 6, 3: 4}),
        "path": path(6, 9),
        "reason": "模拟：运行单位对外出示两本账",
    }
    return ReplaceSequencer(**(fields | change))


def at_nine(world: Scenario, act: ReplaceSequencer, place: Seen | None = None) -> Scenario:
    """Judge at entry 9, on a log of nine entries."""
    world.index = 8
    return world.when(act, by="node", on=world.id("wpo"), seen=place or seen(9))


def test_a_quorum_of_closes_moves_the_log_to_another_key(world: Scenario) -> None:
    at_nine(world, replacing()).ok()
    steps = world.get(WitnessSteps, WITNESSES).steps
    assert steps[0].since == 9
    found = world.get(WitnessPolicy, steps[0].policy)
    assert (found.log, found.witnesses, found.before) == (NEW_LINE, FIRST.witnesses, FIRST.id)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closes": closes({1: 6, 2: 6})}, "succession.closes"),
        ({"closes": closes({1: 6, 2: 6, 3: 7})}, "succession.closes"),
        ({"closes": closes({1: 6, 2: 6, 3: 6}, OLD_LINE)}, "succession.closes"),
        ({"certificate": certificate(6, 0, 1)}, "succession.certificate"),
        ({"certificate": certificate(6, 0, 1, 2, root=b"\x07" * 32)}, "succession.certificate"),
        ({"certificate": "junk"}, "succession.certificate"),
        ({"path": path(6, 8)}, "succession.certificate"),
        ({"path": ("zz",)}, "succession.certificate"),
        ({"log": OLD_LINE}, "succession.key"),
        ({"log": LINES[0]}, "succession.key"),
        ({"log": "junk"}, "succession.key"),
        ({"log": make_vkey("example.org/moni", NEW).line}, "succession.key"),
        ({"log": make_vkey("example.org/moni-2", OLD).line}, "succession.key"),
    ],
)
def test_a_succession_that_does_not_hold_is_refused(
    world: Scenario, change: dict[str, Any], code: str
) -> None:
    at_nine(world, replacing(**change))
    assert code in world.codes


def test_a_succession_follows_on_the_log_s_end(world: Scenario) -> None:
    at_nine(world, replacing(path=path(6, 8)), seen(8))
    assert "succession.place" in world.codes
    bare = Scenario().post("node", Role.NODE, region=COUNTRY)
    assert "policy.absent" in at_nine(bare, replacing()).codes


def test_a_log_that_ends_with_its_certificate_needs_no_path(world: Scenario) -> None:
    act = replacing(certificate=certificate(9, 1, 2, 3), path=())
    at_nine(world, act).ok()
    body = Body(
        act="x",
        kid="",
        ledger=LEDGER,
        made_ms=1,
        nonce="",
        not_after_ms=1,
        on="",
        payload=b"{}",  # type: ignore[arg-type]  # nobody reads it here
        subject="x",
    )
    post = world.get(Post, world.posts["node"])
    case = Case(View(world.store, INTL), None, body, post, Moment(9, world.now))
    assert act.start(case) is None
