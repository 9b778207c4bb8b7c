"""What an officer is shown of posts and untitled things: names, never raw ids; and nothing of one's own to choose."""

import re

from demo_world import DemoDatabase
from shanhai.acts.change import Change, ChangeState
from shanhai.acts.claim import Claim, ClaimState
from shanhai.acts.claim_flow import ReturnClaim
from shanhai.acts.contract import Contract
from shanhai.acts.payment import Payment, PaymentState
from shanhai.domains.rows import row_of

RAW_ID = re.compile(r">[^<]*\b(?:pst|cng|awd|spl|lin)[0-9a-hjkmnp-tv-z]{26}")


def test_a_post_is_handed_over_to_a_named_successor_and_never_to_oneself(
    demo_db: DemoDatabase,
) -> None:
    actors = demo_db.stage().actors
    mine, other = actors.posts["finance"].id, actors.posts["finance2"].id
    text = demo_db.client("finance").get(f"/post/{mine}/hand_over").text
    form = text.partition('id="act-fields"')[2]
    assert f'value="{other}"' in form
    assert f'value="{mine}"' not in form
    assert actors.posts["town"].id not in form
    assert "县财政局 · " in form
    assert not RAW_ID.search(text)


def test_a_change_is_called_by_its_project_where_it_waits(demo_db: DemoDatabase) -> None:
    waiting = row_of(Change).objects.get(state=ChangeState.DECIDED.value)
    client = demo_db.client("cadre")
    text = client.get("/workbench").text
    assert f"/change/{waiting.id}" in text
    assert "项目调整：" in text
    assert not RAW_ID.search(text)


def test_an_untitled_reference_is_called_by_what_it_belongs_to(demo_db: DemoDatabase) -> None:
    contract = row_of(Contract).objects.exclude(award="").first()
    assert contract is not None
    text = demo_db.client("office").get(f"/contract/{contract.id}").text
    assert "采购定标：" in text
    assert not RAW_ID.search(text)


def test_a_payments_lines_are_named_and_its_form_shows_what_is_decided_on(
    demo_db: DemoDatabase,
) -> None:
    payment = row_of(Payment).objects.filter(state=PaymentState.PROPOSED.value).first()
    assert payment is not None
    client = demo_db.client("cadre")
    assert not RAW_ID.search(client.get(f"/payment/{payment.id}").text)
    text = client.get(f"/payment/{payment.id}/countersign").text
    assert "办理的对象" in text
    assert "支付金额" in text


def test_a_returned_claim_waits_for_its_contractor_and_nobody_else(
    demo_db: DemoDatabase,
) -> None:
    again = row_of(Claim).objects.get(state=ClaimState.SUBMITTED.value)
    stage = demo_db.stage()
    whose, other = "contractor", "contractor2"
    if stage.actors.posts[whose].organisation != again.claimant:
        whose, other = other, whose
    wanted = f"/claim/new/submit?contract={again.contract}"
    assert wanted not in demo_db.client(whose).get("/workbench").text
    stage.do("supervisor", ReturnClaim(reason="a" * 64), again.id)
    assert wanted in demo_db.client(whose).get("/workbench").text
    assert wanted not in demo_db.client(other).get("/workbench").text


def test_a_way_out_is_never_the_first_button(demo_db: DemoDatabase) -> None:
    claim = row_of(Claim).objects.filter(state=ClaimState.CHECKED.value).first()
    assert claim is not None
    text = demo_db.client("finance").get(f"/claim/{claim.id}").text
    void = text.index(f"/claim/{claim.id}/void")
    assert "btn-primary" not in text[text.rindex("<a", 0, void) : void]


def test_a_form_shows_what_its_officer_decides_about(demo_db: DemoDatabase) -> None:
    claim = row_of(Claim).objects.filter(state=ClaimState.CHECKED.value).first()
    assert claim is not None
    client = demo_db.client("finance")
    ordered = client.get(f"/payment/new/order?claim={claim.id}").text
    assert 'id="subject-title">请款<' in ordered
    assert claim.invoice in ordered
    unknown = client.get("/payment/new/order?claim=clm0")
    assert unknown.status_code == 200
    assert "subject-title" not in unknown.text
