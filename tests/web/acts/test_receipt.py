"""Receipts: what was recorded, for whoever may see the subject."""

from django.test import Client

from shanhai.acts.finding import Finding, FindingKind, RaiseFinding
from shanhai.domains.book.models import Entry
from shanhai.domains.demo.cast import EAST, VILLAGE
from web.workbench.village_world import WAN, World
from web.worlds import SignIn, add_lot


def receipt_of(subject: str) -> str:
    return f"/receipt/{Entry.objects.get(subject=subject).act_id}"


def test_a_receipt_says_what_was_recorded_and_where(
    world: World, sign_in: SignIn, executing: str
) -> None:
    lot = add_lot(world, executing, "模拟：一标段")
    text = sign_in("owner").get(receipt_of(lot)).text
    assert "已记入账本：增加标段" in text
    assert "1,000,000.00" in text
    assert f'href="/lot/{lot}"' in text


def test_nobody_sees_a_receipt_of_what_they_may_not_see(
    world: World, sign_in: SignIn, executing: str
) -> None:
    raised = RaiseFinding(
        project=executing,
        region=VILLAGE,
        east_region=EAST,
        kind=FindingKind.MANAGEMENT,
        number="模拟审取〔2026〕1号",
        evidence=world.paper("evidence"),
        statement=world.paper("statement"),
        auditee=world.body("owner"),
        suspected_fen=WAN,
    )
    finding = world.do("auditor", raised)
    assert world.object(Finding, finding).number in sign_in("auditor").get(receipt_of(finding)).text
    assert sign_in("village").get(receipt_of(finding)).status_code == 404


def test_an_unknown_receipt_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("owner").get(f"/receipt/{'0' * 64}").status_code == 404


def test_visitors_are_asked_to_sign_in(world: World, executing: str) -> None:
    lot = add_lot(world, executing, "模拟：一标段")
    answer = Client().get(receipt_of(lot))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
