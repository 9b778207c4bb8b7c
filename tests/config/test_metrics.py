"""What machines ask: metrics in Prometheus' format, for the machine itself or with a token."""

import re
from typing import TYPE_CHECKING

import pytest

from shanhai.config.metrics import Answered, written

if TYPE_CHECKING:
    from demo_world import DemoDatabase

LINE = re.compile(r'(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.]+)').fullmatch


def test_metrics_say_how_ledger_and_anchor_stand(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    assert client.get("/health").json()["status"] == "ok"
    client.get("/projects?q=personal")
    text = client.get("/metrics").content.decode()
    assert [line for line in text.splitlines() if LINE(line) is None] == []
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert found["shanhai_database_up"] == "1"
    assert int(found["shanhai_ledger_entries"]) > 1_000
    assert found["shanhai_anchor_entries"] == found["shanhai_ledger_entries"]
    assert found["shanhai_documents_damaged"] == "0"
    assert int(found['shanhai_requests_total{method="GET",route="projects",status="200"}']) >= 1
    assert "personal" not in text
    names = re.findall(r"# TYPE (\w+)", text)
    assert len(names) == len(set(names))


def test_metrics_are_not_for_strangers(
    demo_db: "DemoDatabase", monkeypatch: pytest.MonkeyPatch
) -> None:
    client = demo_db.client()
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    monkeypatch.setenv("SHANHAI_METRICS_TOKEN", "invented-token")
    for given, status in (("Bearer invented-token", 200), ("Bearer wrong", 404)):
        answer = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Authorization": given})
        assert answer.status_code == status


def test_a_histogram_adds_up() -> None:
    answered = Answered()
    for seconds in (0.01, 0.05, 0.2, 9.0):
        answered.count("GET", 'a"b', 200, seconds)
    text = written(answered.samples())
    assert 'shanhai_requests_total{method="GET",route="a\\"b",status="200"} 4' in text
    assert [line.rsplit(" ", 1)[1] for line in text.splitlines() if "_bucket" in line] == [
        "2",
        "2",
        "3",
        "3",
        "3",
        "4",
    ]
    assert "shanhai_request_seconds_sum 9.26\n" in text
