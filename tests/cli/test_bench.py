"""Benchmarks, tiny: their answers have the promised shape; how fast they are is no test's business."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from shanhai.cli.bench import ledger, pages
from shanhai.cli.bench._steps import STEPS, watching
from shanhai.cli.main import app
from shanhai.node.seal import Sealer


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what a benchmark starts choose its own settings, not the tests'."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)


def answer(name: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["bench", name, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_ledger_says_what_an_append_costs_beyond_its_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ledger.SCALES, "small", ledger.Size(8, 1, 2))
    found = answer("ledger")
    assert found["acts"] == sum(found["mix"].values())
    assert found["acts"] % 8 == 0
    assert found["mix"]["payment.countersign"] == 8
    assert 0 < found["append_over_verify_ed25519"] < 1
    assert 0 < found["append_over_verify_sm2"] < 1
    assert found["overhead_us"] == found["overhead_ed25519_us"] > 0
    assert found["replay_per_cpu_s"] > 0
    assert found["steps_us"].keys() == STEPS.keys()
    assert found["steps_us"]["sql"] > 0
    assert found["interactive_ms"] > 0
    assert found["empty_commit_ms"] > 0


def test_pages_are_visited_at_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pages.SCALES, "small", pages.Size((1, 2), 2, 60))
    found = answer("pages")
    assert found["projects"] == [1, 2]
    assert found["claims"] == [400, 800]
    assert found["p95_ratio_2x"] > 0
    assert found["p95_cpu_ms_2x"] > 0
    assert found["requests"] >= 60
    assert found["rss_mb"] > 0
    assert found["max_queries"] == max(max(p["queries"]) for p in found["pages"].values())
    assert found["engines_imported"] == []
    assert found["queries_grow"] == []


def test_the_full_scale_ends_at_a_hundred_times_the_smallest() -> None:
    sizes = pages.SCALES["full"].projects
    assert (sizes[0], sizes[-1] // sizes[0]) == (80, 100)


def test_the_watch_is_taken_off_again() -> None:
    before = Sealer.publish
    with watching():
        assert Sealer.publish is not before
    assert Sealer.publish is before


def test_an_unknown_benchmark_is_named() -> None:
    assert CliRunner().invoke(app, ["bench", "nonsense"]).exit_code == 2
