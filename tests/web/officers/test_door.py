"""The door and the clock of a 模拟 ledger, and their absence anywhere else."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demo_world import DemoDatabase
from shanhai.acts.genesis import Clock
from shanhai.domains import clock
from shanhai.domains.book.handle import storage
from shanhai.domains.demo import founding
from shanhai.domains.demo.cast import cast
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.suite import INTL
from shanhai.node.folder import make_log_key
from shanhai.node.loop import Node

FOUNDED_MS = 1_700_000_000_000
ROUTES = ("/demo", "/demo/key", "/demo/confirm", "/demo/forward")


@pytest.fixture
def real_ledger(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Client:
    """Found a ledger that takes the machine's time."""
    monkeypatch.setenv("SHANHAI_ANCHORS", str(tmp_path))
    folder = Path(settings.DATA_DIR)
    (folder / "keys/log").unlink(missing_ok=True)
    make_log_key(folder, INTL.name, os.urandom(32))
    actors = cast(INTL, founding.seed(folder), FOUNDED_MS)
    payload = founding.genesis(
        actors, (), origin="localhost/real", web_origins=("http://localhost",), rp_id="localhost"
    )
    real = msgspec.structs.replace(payload, clock=Clock.REAL)
    Node.found(storage(), founding.signed_genesis(actors, real, FOUNDED_MS), FOUNDED_MS)
    return Client()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("address", ROUTES)
def test_nothing_of_it_exists_on_a_real_ledger(
    real_ledger: Client, method: str, address: str
) -> None:
    asked = {"part": "finance", "days": "11"} if method == "POST" else {}
    assert getattr(real_ledger, method.lower())(address, asked).status_code == 404


def test_no_page_of_a_real_ledger_shows_the_control(real_ledger: Client) -> None:
    assert b"demo/forward" not in real_ledger.get("/").content


def test_roles_stand_by_side_with_their_work(demo_db: DemoDatabase) -> None:
    page = demo_db.client().get("/demo").content.decode()
    west, east, both = (page.index(word) for word in ("西部受援方", "东部支援方", "两边共用"))
    assert west < page.index('value="finance"') < east < page.index('value="cadre"') < both
    assert "会签支付" in page


def test_the_second_look_asks_little(demo_db: DemoDatabase) -> None:
    client = demo_db.client()
    client.get("/demo")
    with CaptureQueriesContext(connection) as asked:
        client.get("/demo")
    assert len(asked) < 15


def test_time_moves_on_for_everybody(demo_db: DemoDatabase) -> None:
    before = demo_db.stage().now
    answer = demo_db.client().post("/demo/forward", {"days": "11", "next": "/demo"})
    assert (answer.status_code, answer["Location"]) == (302, "/demo")
    assert 11 * DAY_MS <= demo_db.stage().now - before < 11 * DAY_MS + 60_000


@pytest.mark.parametrize("days", ["0", "-3", "367", "1.5", "", "十"])
def test_other_than_days_are_refused(demo_db: DemoDatabase, days: str) -> None:
    offset = clock.offset_ms(demo_db.folder.data)
    answer = demo_db.client().post("/demo/forward", {"days": days})
    assert answer.status_code == 422
    assert "366" in answer.content.decode()
    assert clock.offset_ms(demo_db.folder.data) == offset


def test_no_role_outside_the_list_is_let_in(demo_db: DemoDatabase) -> None:
    size = demo_db.stage().node.head().size
    assert demo_db.client().post("/demo", {"part": "registrar"}).status_code == 409
    assert demo_db.stage().node.head().size == size


def test_a_newcomer_is_registered_invited_and_asked_for_a_key(demo_db: DemoDatabase) -> None:
    client = demo_db.client()
    assert client.post("/demo", {"part": "supervisor"})["Location"] == "/demo/key"
    page = client.get("/demo/key").content.decode()
    assert "演示·监理单位" in page
    assert "/api/acts/key.offer" in page
