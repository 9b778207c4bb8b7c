"""`bench risk` on a small part of one real panel: the shape of its answer."""

import json

import pytest
from typer.testing import CliRunner

from shanhai.cli.bench import _risk_panels, risk
from shanhai.cli.main import app
from shanhai.engines.screening.risk.evaluate import learnable
from shanhai.engines.screening.risk.panel import build, clean


def test_bench_risk_names_each_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    panels = {"RiceFarms": _risk_panels.PANELS["RiceFarms"]}
    monkeypatch.setattr(_risk_panels, "PANELS", panels)
    quick = {"test_years": 1, "folds": 2, "bags": 1, "rounds": 5, "draws": 100}
    monkeypatch.setattr(risk, "PROTOCOL", quick)
    done = CliRunner().invoke(app, ["bench", "risk", "--json", "--scale", "full"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    for key in (
        "ece",
        "ece_chance",
        "ece_p",
        "ece_goal_chance",
        "ap_minus_persistence",
        "intervals",
    ):
        assert list(found[key]) == ["RiceFarms"]
    low, high = found["ece_interval"]["RiceFarms"]
    assert low <= found["ece"]["RiceFarms"] <= high
    assert found["grouped"]["RiceFarms"]["rows"] == 855
    low, high = found["intervals"]["RiceFarms"]["ebm"]
    assert low <= found["ap_minus_persistence"]["RiceFarms"] <= high
    assert found["rows"]["RiceFarms"] == 171
    assert set(found["models"]["RiceFarms"]) == {"ebm", "lightgbm", "persistence"}


@pytest.mark.parametrize(
    ("name", "rows", "share"),
    [("RiceFarms", 855, 0.187), ("PSID7682", 2865, 0.038), ("wagepan", 3052, 0.083)],
)
def test_a_panel_has_the_outcomes_of_the_reference(name: str, rows: int, share: float) -> None:
    given, spec = _risk_panels.load(name)
    households, rejected, repeated = clean(given, spec)
    panel = build(households, spec)
    found = panel.y[learnable(panel, spec)]
    assert (len(found), rejected, repeated) == (rows, [], 0)
    assert found.mean() == pytest.approx(share, abs=0.0006)
