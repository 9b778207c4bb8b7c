"""The matching benchmark, tiny: its answer has every key that the guide and the issue name."""

import json

import pytest
from typer.testing import CliRunner

from shanhai.cli.bench import _matching, matching
from shanhai.cli.main import app

KEYS = {
    "seconds", "gap", "rss_mb", "speedup_over_mcf_1m", "rss_over_mcf_1m", "stable_blocking_pairs", "topk_seconds",
    "topk_recall", "online_p95_ms", "code_exact1", "code_exact10",
}  # fmt: skip


def _here(part: str, lefts: int, rights: int) -> dict[str, object]:
    if part == "code":  # tests/engines/matching/test_parts.py has it
        return {"code_exact1": 0.4, "code_exact10": 0.8}
    return _matching.measure(part, lefts, rights)


def test_every_mode_is_measured_beside_its_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_part", _here)
    monkeypatch.setattr(matching, "SIZES", {"10k": (600, 110)})
    monkeypatch.setitem(matching.TOPK, "small", (60, 40))
    monkeypatch.setitem(matching.ONLINE, "small", 80)
    done = CliRunner().invoke(app, ["bench", "matching", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found.keys() >= KEYS
    assert found["seconds"]["10k"].keys() == {"optimal", "exact", "stable", "greedy", "mcf"}
    assert found["primal"]["10k"]["exact"] == found["primal"]["10k"]["mcf"]
    assert found["gap"]["10k"]["exact"] == 0 <= found["gap"]["10k"]["optimal"] <= 1e-4
    assert found["stable_blocking_pairs"] == 0
    assert found["topk_recall"] == 1
    assert found["speedup_over_mcf"]["10k"] > 0
