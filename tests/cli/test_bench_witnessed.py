"""The benchmark of witnesses, tiny: its answer has the promised shape; how fast they are is no test's business."""

import json

import pytest
from typer.testing import CliRunner

from shanhai.cli.bench import witnessed
from shanhai.cli.main import app


def test_every_act_becomes_final_and_the_figures_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(size.rate == 200 for size in witnessed.SCALES.values())
    monkeypatch.setitem(witnessed.SCALES, "small", witnessed.Size(30, 1))
    done = CliRunner().invoke(app, ["bench", "witnessed", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert (found["acts"], found["witnesses"], found["quorum"]) == (30, 4, 3)
    assert 0 < found["cosigned_p50_s_30"] <= found["cosigned_p95_s_30"]
    assert 0 < found["committed_p50_s_30"] <= found["committed_p95_s_30"]
