"""What the pages of a claim, a payment and a finding say beyond their fields."""

import pytest

from demo_world import DemoDatabase
from shanhai.acts.claim import Claim, ClaimState, PayStage
from shanhai.acts.contract import Contract
from shanhai.acts.finding import Finding, FindingState
from shanhai.acts.machine import Object
from shanhai.acts.payment import Payment, PaymentState
from shanhai.domains.rows import row_of, structs
from shanhai.kernel.money import capital, yuan
from shanhai.web.objects import stories


def first(kind: type[Object], **conditions: str) -> str:
    found = row_of(kind).objects.filter(**conditions).order_by("id").values_list("id", flat=True)
    return str(found[0])


def test_a_claim_shows_its_cap_with_every_number(demo_db: DemoDatabase) -> None:
    claim = first(Claim, state=ClaimState.CHECKED.value, stage=PayStage.PROGRESS.value)
    struct = structs(Claim, row_of(Claim).objects.filter(pk=claim))[0]
    contract = structs(Contract, row_of(Contract).objects.filter(pk=struct.contract))[0]
    text = demo_db.client("finance").get(f"/claim/{claim}").text
    assert yuan(contract.limit_fen) in text
    assert yuan(struct.certified_fen) in text
    assert "P15c" in text


def test_a_cap_is_limit_less_paid_and_never_below_nothing(demo_db: DemoDatabase) -> None:
    caps = [stories.cap(one) for one in structs(Claim, row_of(Claim).objects.order_by("id"))]
    shown = [one for one in caps if one is not None and one.limit_fen is not None]
    assert len(shown) == len(caps)
    assert all(one.cap_fen == max(0, (one.limit_fen or 0) - one.paid_fen) for one in shown)


def test_a_payment_shows_its_chain_to_the_agreement(demo_db: DemoDatabase) -> None:
    payment = first(Payment, state=PaymentState.RECONCILED.value)
    struct = structs(Payment, row_of(Payment).objects.filter(pk=payment))[0]
    text = demo_db.client("finance").get(f"/payment/{payment}").text
    assert capital(struct.amount_fen) in text
    assert 'href="/agreement/' in text
    assert 'href="/funding_line/' in text


def test_the_splits_of_a_payment_add_up_to_it(demo_db: DemoDatabase) -> None:
    client = demo_db.client("finance")
    actor = client.get("/account").wsgi_request.actor  # type: ignore[attr-defined]  # typed in WebRequest
    for one in structs(Payment, row_of(Payment).objects.order_by("id")):
        assert sum(flow.amount_fen for flow in stories.flows(one, actor)) == one.amount_fen


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (FindingState.CONSULTED, "认定之前只是疑点"),
        (FindingState.DISMISSED, "疑点排除"),
        (FindingState.CLOSED, "已销号"),
    ],
)
def test_a_finding_says_how_far_it_is(
    demo_db: DemoDatabase, state: FindingState, words: str
) -> None:
    finding = first(Finding, state=state.value)
    assert words in demo_db.client("auditor").get(f"/finding/{finding}").text


def test_an_officer_of_another_county_finds_no_claim(demo_db: DemoDatabase) -> None:
    claim = first(Claim, state=ClaimState.CHECKED.value)
    assert demo_db.client().get(f"/claim/{claim}").status_code == 404
