"""An objection that a witness took: lodged through the sequencer's door, shown with its deadline, decided by the organ."""

from typing import TYPE_CHECKING

import msgspec
import pytest
from django.test import Client as Browser

from node.witness.network import identity, policy_of
from shanhai.acts.governance import ProposalState
from shanhai.acts.notice import Notice, Objection, ObjectionState
from shanhai.acts.objection import TakeObjection
from shanhai.acts.witness_policy import (
    WITNESSES,
    WitnessPolicy,
    WitnessStep,
    WitnessSteps,
    rows_of,
)
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.book.handle import node
from shanhai.domains.intake import lodging
from shanhai.domains.portal import notices
from shanhai.domains.rows import row_of, structs
from shanhai.kernel.canonical import encode
from shanhai.kernel.ids import new_id
from shanhai.kernel.periods import DAY_MS
from shanhai.ledger.witness_receipt import WitnessReceipt

if TYPE_CHECKING:
    from demo_world import DemoDatabase

DIGEST = "ab" * 32


@pytest.fixture
def policy(demo_db: "DemoDatabase") -> WitnessPolicy:
    """Let the ledger have a policy with addresses, as if it had been founded with one."""
    rows = rows_of(policy_of(4))
    rows["witnesses"] = tuple(
        msgspec.structs.replace(one, url=f"https://w{n}.example")
        for n, one in enumerate(rows["witnesses"])
    )
    made = WitnessPolicy(
        id=new_id(WitnessPolicy.prefix, 1, bytes(10)),
        region="000000",
        log=policy_of(4).log.line,
        state=ProposalState.CONFIRMED,
        **rows,
    )
    steps = (WitnessStep(since=0, policy=made.id),)
    held = node().storage
    with held.transaction():
        held.write([made, WitnessSteps(id=WITNESSES, region="000000", steps=steps)])
    del demo_db  # the database that this writes to
    return made


def running(demo_db: "DemoDatabase") -> tuple[Notice, str]:
    """Return a notice that runs, and who takes objections to it."""
    organs = {body.id: name for name, body in demo_db.stage().actors.organisations.items()}
    for found in notices.running(PUBLIC, size=50):
        if organs[found.notice.organ] in ("town", "office"):
            return found.notice, organs[found.notice.organ]
    raise AssertionError("no notice runs")


def receipt(notice: str, by: int = 0, **change: str) -> bytes:
    """Return a witness's receipt for an objection."""
    now = node().head().time_ms
    fields = {"id": DIGEST, "kind": "objection", "ledger": node().constants.ledger, **change}
    made = WitnessReceipt(
        due_ms=now + 600_000,
        notice=notice,
        received_ms=now,
        witness=identity(by).vkey.line,
        **fields,
    )
    return encode(made.signed(identity(by).signer))


def hand_in(raw: bytes) -> tuple[int, str]:
    """Hand a receipt in as a mirror does: no cookie, no token."""
    made = Browser(enforce_csrf_checks=True)
    found = made.post("/ledger/objections", raw, content_type="application/json")
    return found.status_code, found.content.decode()


@pytest.mark.usefixtures("policy")
def test_a_witness_s_receipt_puts_the_objection_on_the_ledger(demo_db: "DemoDatabase") -> None:
    notice, part = running(demo_db)
    assert hand_in(receipt(notice.id))[0] == 200
    (entered,) = structs(Objection, row_of(Objection).objects.filter(receipt=DIGEST))
    assert entered.state is ObjectionState.LODGED
    assert hand_in(receipt(notice.id, by=1)) == (200, "此前已登记 lodged before\n")
    page = Browser().get(f"/notice/{notice.id}").content.decode()
    assert "已登记待受理" in page
    assert "已逾期" not in page
    demo_db.stage().do(part, TakeObjection(), entered.id)
    assert "已受理" in Browser().get(f"/notice/{notice.id}").content.decode()


@pytest.mark.usefixtures("policy")
def test_an_overdue_answer_is_shown(
    demo_db: "DemoDatabase", monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, _ = running(demo_db)
    hand_in(receipt(notice.id))
    (entered,) = structs(Objection, row_of(Objection).objects.filter(receipt=DIGEST))
    assert entered.due_ms > 0
    late = entered.due_ms + DAY_MS
    monkeypatch.setattr("shanhai.domains.portal.notices.ledger_now_ms", lambda: late)
    page = Browser().get(f"/notice/{notice.id}").content.decode()
    assert "已逾期" in page


@pytest.mark.usefixtures("policy")
def test_what_no_witness_signed_is_refused(demo_db: "DemoDatabase") -> None:
    notice, _ = running(demo_db)
    wrong = [
        receipt(notice.id, by=6),
        receipt(notice.id, kind="act"),
        receipt(notice.id, ledger="0" * 64),
        receipt(""),
        receipt(notice.id).replace(b"ab" * 32, b"cd" * 32),
    ]
    for raw in wrong:
        status, said = hand_in(raw)
        assert (status, said.split(":")[0]) == (422, "lodging.receipt")
    assert hand_in(b"{}")[0] == hand_in(b"x" * (lodging.MAX_BYTES + 1))[0] == 422
    assert not row_of(Objection).objects.filter(receipt=DIGEST).exists()


@pytest.mark.usefixtures("policy")
def test_a_site_without_the_node_s_key_says_so(
    demo_db: "DemoDatabase", monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, _ = running(demo_db)
    monkeypatch.setattr("shanhai.domains.intake.lodging.node_officer", lambda: None)
    status, said = hand_in(receipt(notice.id))
    assert (status, said.split(":")[0]) == (422, "lodging.key")


@pytest.mark.usefixtures("policy")
def test_the_receipt_page_names_the_witnesses(demo_db: "DemoDatabase") -> None:
    notice, _ = running(demo_db)
    client = demo_db.client()
    form = client.get(f"/notice/{notice.id}/raise").content.decode()
    once = form.split('name="once" value="')[1].split('"')[0]
    given = {"once": once, "text": "模拟：公示的户数与实际不符，请核实。"}
    page = client.post(f"/notice/{notice.id}/raise", given).content.decode()
    assert "https://w2.example/witness/objections" in page
    assert notice.id in page
