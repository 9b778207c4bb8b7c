"""The loop on every storage: one root, one answer, no trace of a refusal."""

import pytest

from node.world import START_MS, World, made_id
from shanhai.acts.machine import Person
from shanhai.acts.officer import Organisation, OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role
from shanhai.kernel.suite import INTL
from shanhai.ledger.body import Seen
from shanhai.node.admission import Signed
from shanhai.node.memory import Memory
from shanhai.node.records import Storage


@pytest.fixture
def world(storage: Storage) -> World:
    return World(storage)


def test_genesis_is_entry_zero(world: World) -> None:
    head = world.node.head()
    assert (head.size, head.rules, head.time_ms) == (1, 1, START_MS)
    assert world.node.root_at(1) == head.root


def test_every_storage_leads_to_the_same_root(world: World) -> None:
    oracle = World(Memory())
    for made in (world, oracle):
        for outcome in made.node.submit_many(made.organisations(0, 7), made.now):
            assert outcome.accepted, outcome.refusals
    assert world.node.head() == oracle.node.head()


def test_grouping_does_not_change_the_root(world: World) -> None:
    oracle = World(Memory())
    oracle.node.submit_many(oracle.organisations(0, 5), oracle.now)
    for signed in world.organisations(0, 5):
        assert world.node.submit(signed, world.now).accepted
    assert world.node.head().root == oracle.node.head().root


def test_a_refused_act_leaves_no_trace_and_the_others_go_on(world: World) -> None:
    signed = world.organisations(0, 3)
    wrong = world.signed(
        RegisterOrganisation(name="模拟", kind=OrganisationKind.BANK, region="510722"),
        made_id("org", 77),
        role=Role.ADMIN,
    )
    outcomes = world.node.submit_many([signed[0], wrong, *signed[1:]], world.now)
    assert [one.accepted for one in outcomes] == [True, False, True, True]
    assert [code for code, _ in outcomes[1].refusals] == ["authority.role"]
    assert world.node.head().size == 4
    assert world.node.storage.find(Organisation, made_id("org", 77)) is None


def test_a_retry_gets_its_first_receipt(world: World) -> None:
    signed = world.organisations(0, 2)
    first = world.node.submit_many(signed, world.now)
    again = world.node.submit_many([signed[1], signed[0]], world.now + 10**9)
    assert [one.duplicate for one in again] == [True, True]
    assert [one.receipt for one in again] == [first[1].receipt, first[0].receipt]
    assert world.node.head().size == 3


def test_an_act_twice_in_one_batch_enters_once(world: World) -> None:
    (signed,) = world.organisations(0, 1)
    first, second = world.node.submit_many([signed, signed], world.now)
    assert second.duplicate
    assert first.receipt == second.receipt
    assert world.node.head().size == 2


def test_time_never_goes_back(world: World) -> None:
    one, two = world.organisations(0, 2)
    world.node.submit(one, world.now)
    outcome = world.node.submit(two, world.now - 500)
    assert outcome.receipt is not None
    assert outcome.receipt.time_ms == world.now


@pytest.mark.parametrize(
    ("made_ms", "code"), [(16 * 60_000, "body.early"), (-16 * 60_000, "body.expired")]
)
def test_the_window_bounds_the_clock(world: World, made_ms: int, code: str) -> None:
    payload = RegisterOrganisation(name="模拟", kind=OrganisationKind.BANK, region="510722")
    signed = world.signed(payload, made_id("org", 9), made_ms=world.now + made_ms)
    assert [c for c, _ in world.node.submit(signed, world.now).refusals] == [code]


def test_another_ledger_s_act_is_refused(world: World) -> None:
    other = World(Memory())
    other.node.constants = other.node.constants._replace(ledger="ab" * 32)
    (signed,) = other.organisations(0, 1)
    refusals = world.node.submit(signed, world.now).refusals
    assert [code for code, _ in refusals] == ["body.other_ledger"]


@pytest.mark.parametrize("broken", [b"\xfa", b"=", b'"', b"\\u0041"])
def test_a_signature_that_is_no_text_of_its_kind_is_refused(world: World, broken: bytes) -> None:
    (signed,) = world.organisations(1, 1)
    block = signed.signature[:40] + broken + signed.signature[41:]
    outcome = world.node.submit(Signed(signed.body, block), world.now)
    assert not outcome.accepted
    assert outcome.refusals[0][0].startswith("bytes.")


def test_a_forged_signature_is_refused(world: World) -> None:
    one, two = world.organisations(0, 2)
    refusals = world.node.submit(Signed(one.body, two.signature), world.now).refusals
    assert [code for code, _ in refusals] == ["signature.invalid"]


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[1]", b" " * 40_000])
def test_malformed_bytes_are_refused(world: World, body: bytes) -> None:
    outcome = world.node.submit(Signed(body, b"{}"), world.now)
    assert not outcome.accepted
    assert outcome.refusals[0][0].startswith(("bytes.", "body."))


def test_an_unregistered_key_is_refused(world: World) -> None:
    stranger = World(Memory(), INTL)
    officer = stranger.officers[Role.ADMIN]
    world.officers[Role.REGISTRAR] = officer._replace(signer=type(officer.signer)(b"\x07" * 32))  # type: ignore[call-arg]
    (signed,) = world.organisations(0, 1)
    refusals = world.node.submit(signed, world.now).refusals
    assert [code for code, _ in refusals] == ["key.unknown"]


def test_a_client_that_saw_this_history_passes(world: World) -> None:
    world.node.submit_many(world.organisations(0, 4), world.now)
    for size in range(1, 6):
        seen = Seen(size, world.node.root_at(size).hex())
        payload = RegisterOrganisation(name="模拟", kind=OrganisationKind.BANK, region="510722")
        signed = world.signed(payload, made_id("org", 50 + size), seen=seen)
        assert world.node.submit(signed, world.now).accepted


def test_a_client_that_saw_another_history_is_a_fork(world: World) -> None:
    payload = RegisterOrganisation(name="模拟", kind=OrganisationKind.BANK, region="510722")
    signed = world.signed(payload, made_id("org", 50), seen=Seen(1, "ab" * 32))
    ((code, facts),) = world.node.submit(signed, world.now).refusals
    assert code == "seen.fork"
    assert facts["theirs"] == "ab" * 32
    assert world.node.head().size == 1


def test_a_client_ahead_of_this_node_may_retry(world: World) -> None:
    payload = RegisterOrganisation(name="模拟", kind=OrganisationKind.BANK, region="510722")
    signed = world.signed(payload, made_id("org", 50), seen=Seen(9, "ab" * 32))
    assert [c for c, _ in world.node.submit(signed, world.now).refusals] == ["seen.ahead"]


def test_a_malformed_subject_id_is_refused(world: World) -> None:
    payload = RegisterOrganisation(name="模拟", kind=OrganisationKind.BANK, region="510722")
    outcome = world.node.submit(world.signed(payload, "x" * 60), world.now)
    assert [c for c, _ in outcome.refusals] == ["id.invalid"]


def test_objects_are_read_back_as_written(world: World) -> None:
    world.node.submit_many(world.organisations(0, 1), world.now)
    world.node.storage.forget()
    found = world.node.storage.find(Organisation, made_id("org", 1000))
    assert found is not None
    assert found.name == "模拟合作社0"
    assert world.node.storage.find(Person, made_id("per", 0)) is not None
