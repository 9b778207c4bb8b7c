"""Receipts: a witness signs when it took an act, and cosigns no more while the act is held back."""

import pytest

from node.witness.network import Witnessing, identity
from node.world import made_id
from shanhai.acts.officer import CloseOrganisation, OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused
from shanhai.ledger.witness_receipt import check_receipt
from shanhai.node.admission import Signed
from shanhai.node.witness.receipts import GRACE_MS, Receipts
from shanhai.node.witness.round import Sequencer, run_round


@pytest.fixture
def net() -> Witnessing:
    made = Witnessing()
    made.site.grow(0, 3)
    made.round(0)
    return made


def censoring(net: Witnessing) -> Sequencer:
    """Return a sequencer that takes nothing from witnesses."""
    return net.site.sequencer._replace(offer=lambda _: None)


def act(net: Witnessing, number: int = 50) -> Signed:
    return net.site.world.organisations(number, 1)[0]


def test_a_receipt_is_signed_and_the_same_twice(net: Witnessing) -> None:
    mirror, signed = net.mirrors[0], act(net)
    raw = mirror.receipts.take(mirror.node(), signed, net.now)
    receipt = check_receipt(raw, identity(0).vkey)
    assert (receipt.kind, receipt.due_ms - receipt.received_ms) == ("act", GRACE_MS)
    assert mirror.receipts.take(mirror.node(), signed, net.now + 5) == raw
    with pytest.raises(ProofError):
        check_receipt(raw, identity(1).vkey)
    with pytest.raises(ProofError):
        check_receipt(raw.replace(b'"kind":"act"', b'"kind":"tca"'), identity(0).vkey)
    with pytest.raises(InvalidInputError):
        check_receipt(raw + b" ", identity(0).vkey)


def test_a_receipted_act_reaches_the_sequencer_and_is_waited_for_no_more(net: Witnessing) -> None:
    mirror = net.mirrors[0]
    mirror.receipts.take(mirror.node(), act(net), net.now)
    net.round(0)
    assert net.site.node.head().size == 5
    net.site.now += 2_000
    net.round(0)
    assert mirror.receipts.waiting == []
    assert mirror.receipts.missed == 0


def test_ten_minutes_past_a_receipt_nothing_is_cosigned(net: Witnessing) -> None:
    mirror = net.mirrors[0]
    mirror.receipts.take(mirror.node(), act(net), net.now)
    net.now += GRACE_MS - 1
    assert run_round(mirror, censoring(net), {}, net.now).refused is None
    net.now += 1
    done = run_round(mirror, censoring(net), {}, net.now)
    assert done.refused is not None
    assert done.refused.code == "witness.overdue"
    assert "10" in done.refused.say("zh")
    restarted = Receipts(identity(0), net.shelves[0].inside)
    with pytest.raises(ProofError, match=r"witness\.overdue"):
        restarted.check(mirror.node(), net.now)
    assert net.round(0).refused is not None  # this offers it
    net.site.now += 2_000
    assert net.round(0).refused is None


def test_an_act_that_passes_no_more_is_no_censorship(net: Witnessing) -> None:
    mirror, world = net.mirrors[0], net.site.world
    subject = made_id("org", 1000)
    closing = world.signed(CloseOrganisation(basis="ab" * 32), subject)
    mirror.receipts.take(mirror.node(), closing, net.now)
    assert world.submit(CloseOrganisation(basis="cd" * 32), subject).accepted
    net.site.now += 2_000
    net.now += GRACE_MS
    assert run_round(mirror, censoring(net), {}, net.now).refused is None


def test_an_act_whose_window_has_ended_is_counted_as_missed(net: Witnessing) -> None:
    mirror, world = net.mirrors[0], net.site.world
    mirror.receipts.take(mirror.node(), act(net), net.now)
    world.now += 16 * 60_000
    net.site.grow(70, 1)
    net.site.now += 2_000
    net.now += GRACE_MS
    assert run_round(mirror, censoring(net), {}, net.now).refused is None
    assert (mirror.receipts.waiting, mirror.receipts.missed) == ([], 1)


def test_what_the_rules_refuse_gets_no_receipt(net: Witnessing) -> None:
    mirror, world = net.mirrors[0], net.site.world
    payload = RegisterOrganisation(
        name="模拟", kind=OrganisationKind.COOPERATIVE, region="510722", code="000000000000000009"
    )
    wrong = world.signed(payload, made_id("org", 2000), Role.COUNTY_FINANCE)
    with pytest.raises(Refused, match=r"authority\."):
        mirror.receipts.take(mirror.node(), wrong, net.now)
    good = act(net)
    with pytest.raises((ProofError, InvalidInputError)):
        mirror.receipts.take(mirror.node(), Signed(good.body, wrong.signature), net.now)
    assert mirror.receipts.waiting == []


def test_an_act_in_the_log_already_is_receipted_and_not_waited_for(net: Witnessing) -> None:
    mirror, signed = net.mirrors[0], act(net)
    net.site.node.submit(signed, net.site.world.now)
    net.site.now += 2_000
    net.round(0)
    receipt = check_receipt(mirror.receipts.take(mirror.node(), signed, net.now), identity(0).vkey)
    assert receipt.kind == "act"
    assert mirror.receipts.waiting == []


def test_receipts_have_a_bound(net: Witnessing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shanhai.node.witness.receipts.MOST", 1)
    mirror = net.mirrors[0]
    mirror.receipts.take(mirror.node(), act(net, 50), net.now)
    with pytest.raises(Refused, match=r"witness\.receipts_full"):
        mirror.receipts.take(mirror.node(), act(net, 51), net.now)
