"""Handing in, following and dealing with complaints and objections through the pages."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanhai.acts.objection import AcceptObjection
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.intake.models import Submission
from shanhai.domains.portal import bucket, notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from demo_world import DemoDatabase

WORDS = "模拟：验收当天冷库没有开机，付款却已完成。"
PDF = b"%PDF-1.7 " + b"x" * 5000


@pytest.fixture(autouse=True)
def fresh() -> "Iterator[None]":
    cache.clear()
    yield
    cache.clear()


def once(client: Client, address: str = "/complaint") -> str:
    found = re.search(r'name="once" value="(\w+)"', client.get(address).text)
    assert found
    return found[1]


def send(client: Client, address: str = "/complaint", **given: object) -> "HttpResponse":
    form = {"once": once(client, address), "region": "510000", "text": WORDS, "who": "anonymous"}
    return client.post(address, {**form, **given})  # type: ignore[return-value]  # the client's own type


def receipt(response: "HttpResponse") -> tuple[str, str]:
    number, code = re.findall(r"<dd><code>([^<]+)</code>", response.content.decode())[:2]
    return number, code


def follow(client: Client, number: str, code: str) -> str:
    return client.post("/complaint/status", {"number": number, "code": code}).content.decode()


def test_anonymous_complaint_and_its_receipt(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    response = send(client)
    number, code = receipt(response)
    assert (
        response.headers["Cache-Control"]
        == "max-age=0, no-cache, no-store, must-revalidate, private"
    )
    shown = follow(client, number, code)
    assert "等待进入存证根" not in shown, "a 模拟 ledger commits at once"
    assert "receipt-proof" in shown
    assert "还没有人打开过" in shown
    assert WORDS not in shown


def test_contact_is_kept_only_when_named(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    send(client, contact="张某 138", who="anonymous")
    send(client, contact="张某 138", who="named")
    assert [one.named for one in Submission.objects.order_by("received_ms", "pk")].count(True) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "短"}, "text"),
        ({"region": ""}, "region"),
        ({"who": "named", "contact": "x" * 201}, "contact"),
    ],
)
def test_faults_stand_beside_their_field_and_keep_what_was_written(
    demo_db: "DemoDatabase", given: dict[str, str], field: str
) -> None:
    response = send(demo_db.client(), **given)
    text = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}-error"' in text
    assert f'href="#{field}"' in text
    assert given.get("text", WORDS) in text
    assert not Submission.objects.exists()


def test_mended_form_may_be_sent_again(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    token = once(client)
    assert (
        client.post("/complaint", {"once": token, "region": "510000", "text": "短"}).status_code
        == 422
    )
    good = {"once": token, "region": "510000", "text": WORDS}
    assert client.post("/complaint", good).status_code == 200


def test_the_same_form_twice_is_one_submission(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    form = {"once": once(client), "region": "510000", "text": WORDS}
    assert client.post("/complaint", form).status_code == 200
    again = client.post("/complaint", form)
    assert again.status_code == 422
    assert "已经收到" in again.content.decode()
    assert Submission.objects.count() == 1


def test_floods_are_slowed(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    for _ in range(bucket.CAPACITY):
        assert send(client).status_code == 200
    response = send(client)
    assert response.status_code == 422
    assert "操作过于频繁" in response.content.decode()
    assert Submission.objects.count() == bucket.CAPACITY


def test_guessing_codes_is_slowed(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    guess = {"number": "S20260101-00000000", "code": "AAAA"}
    answers = [
        client.post("/complaint/status", guess).content.decode() for _ in range(bucket.MANY + 1)
    ]
    assert "编号或查询码不对" in answers[0]
    assert "操作过于频繁" in answers[-1]


def test_form_without_its_token_is_refused(demo_db: "DemoDatabase") -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/complaint", {"text": WORDS, "region": "510000"}).status_code == 403


def test_files_are_sealed_and_come_back_to_the_officer(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    upload = SimpleUploadedFile("照片.pdf", PDF, "application/pdf")
    road = demo_db.project("road")
    number, _code = receipt(send(client, f"/complaint?about={road}", about=road, files=[upload]))
    officer = demo_db.client("auditor")
    address = f"/inbox/{number}"
    assert officer.get(f"{address}/file/0").status_code == 404
    opened = officer.post(address, {"step": "open", "reason": "核查"}).content.decode()
    assert WORDS in opened
    assert "照片.pdf" in opened
    got = officer.get(f"{address}/file/0")
    assert got.content == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert officer.get(f"{address}/file/1").status_code == 404


def test_mislabelled_file_is_refused(demo_db: "DemoDatabase") -> None:
    upload = SimpleUploadedFile("a.png", PDF, "image/png")
    response = send(demo_db.client(), files=[upload])
    assert response.status_code == 422
    assert not Submission.objects.exists()


def test_officer_opens_with_a_reason_answers_and_the_sender_sees_it(
    demo_db: "DemoDatabase",
) -> None:
    client, road = demo_db.client(), demo_db.project("road")
    number, code = receipt(send(client, f"/complaint?about={road}", about=road))
    officer = demo_db.client("auditor")
    listed = officer.get("/inbox").content.decode()
    assert number in listed
    address = f"/inbox/{number}"
    assert WORDS not in officer.get(address).content.decode()
    assert officer.post(address, {"step": "open", "reason": ""}).status_code == 422
    assert WORDS in officer.post(address, {"step": "open", "reason": "核查拨付"}).content.decode()
    done = {"step": "record", "state": "answered", "note": "已责成整改并复验"}
    assert officer.post(address, done).status_code == 302
    assert officer.post(address, done).status_code == 422
    shown = follow(client, number, code)
    assert "核查拨付" in shown
    assert "已责成整改并复验" in shown
    assert "审计人员" in shown


def test_others_find_neither_inbox_nor_letter(demo_db: "DemoDatabase") -> None:
    road = demo_db.project("road")
    number, _ = receipt(send(demo_db.client(), f"/complaint?about={road}", about=road))
    for part in ("owner", "finance", "contractor", "cadre"):
        officer = demo_db.client(part)
        assert officer.get("/inbox").status_code == 404, part
        assert officer.get(f"/inbox/{number}").status_code == 404, part
        assert officer.post(f"/inbox/{number}", {"step": "open", "reason": "x"}).status_code == 404
    assert demo_db.client().get("/inbox").status_code == 302
    assert demo_db.client("town").get(f"/inbox/{number}").status_code == 404


def test_objection_runs_from_the_notice_to_the_bytes_that_accept_it(
    demo_db: "DemoDatabase",
) -> None:
    client = demo_db.client()
    organs = {body.id: name for name, body in demo_db.stage().actors.organisations.items()}
    found = next(
        n for n in notices.running(PUBLIC, size=50) if organs[n.notice.organ] in ("town", "office")
    )
    address = f"/notice/{found.notice.id}/raise"
    number, code = receipt(send(client, address))
    part = organs[found.notice.organ]
    officer = demo_db.client(part)
    assert number in officer.get("/inbox?kind=objection").content.decode()
    page = officer.post(f"/inbox/{number}", {"step": "sign", "decision": "accept"})
    assert page.status_code == 200
    assert "shanhai-sign" in page.content.decode() or "checks" in page.content.decode()
    refused = officer.post(f"/inbox/{number}", {"step": "sign", "decision": "refuse", "reason": ""})
    assert refused.status_code == 422
    submission = Submission.objects.get(pk=number)
    act = AcceptObjection(
        notice=found.notice.id, receipt=submission.leaf, received_ms=submission.received_ms
    )
    demo_db.stage().do(part, act)
    assert "已受理" in follow(client, number, code)
    assert client.get(f"/notice/{found.notice.id}").content.decode().count("已受理") >= 1


def test_objections_end_with_the_notice(demo_db: "DemoDatabase") -> None:
    over = notices.over(PUBLIC)[0].notice
    response = demo_db.client().get(f"/notice/{over.id}/raise")
    assert response.status_code == 422
    assert "异议期已过" in response.content.decode()


@pytest.mark.sqlite
def test_nothing_of_the_request_reaches_the_database(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    client.post(
        "/complaint",
        {"once": once(client), "region": "510000", "text": WORDS},
        REMOTE_ADDR="203.0.113.77",
        headers={"user-agent": "marker-agent/9"},
    )
    bytes_kept = (demo_db.folder.data / "shanhai.sqlite3").read_bytes()
    bytes_kept += (demo_db.folder.data / "shanhai.sqlite3-wal").read_bytes()
    assert Submission.objects.count() == 1
    assert b"203.0.113.77" not in bytes_kept
    assert b"marker-agent" not in bytes_kept
    assert WORDS.encode() not in bytes_kept
