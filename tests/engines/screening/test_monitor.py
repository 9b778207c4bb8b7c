"""`shanhai screen figures`: each figure against a count by hand; rows set aside with their reason."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app
from shanhai.engines.screening.figures import wilson

HEAD = (
    "household_id,cohort,fell,survey_risk,monitored,loss_day,alert_day,removed_day,returned_day\n"
)
ROWS = """a,是,是,是,否,2026-03-05,2026/3/1,,
b,是,否,是,是,20260305,20260305,2024-01-01,2024年6月1日
c,是,,是,,2026-03-05,2026-03-08,2024-01-01,
d,否,,否,,2026-03-05,,2026-06-01,
d,否,,否,,2026-03-05,,2026-06-01,
e,maybe,,,,,,,
f,是,否,,,2062-03-05,,,
,是,否,,,,,,
g,是,否,,,,,,
g,是,是,,,,,,
"""


def figures(folder: Path, text: str) -> tuple[int, str]:
    (folder / "d.csv").write_text(text, "utf-8")
    arguments = ["screen", "figures", str(folder / "d.csv"), "--until", "2026-11-25"]
    done = CliRunner().invoke(app, [*arguments, "--out", str(folder / "f.json")])
    return done.exit_code, done.output


def test_every_figure_is_a_count_by_hand(tmp_path: Path) -> None:
    code, said = figures(tmp_path, HEAD + ROWS)
    assert code == 0, said
    found = json.loads((tmp_path / "f.json").read_text())
    fell = found["return_rate"]
    assert (fell["numerator"], fell["denominator"], fell["asked"]) == (1, 2, 3)
    assert (fell["low"], fell["high"]) == wilson(1, 2)
    missed = found["missed_rate"]
    assert (missed["numerator"], missed["denominator"], missed["asked"]) == (1, 2, 3)
    lead = found["lead_time"]
    assert [lead[one] for one in ("before", "same_day", "after", "without_alert")] == [1, 1, 1, 1]
    assert lead["median_days"] == 0
    relapse = found["relapse"]  # d was removed less than 12 months ago: unknown
    assert (relapse["numerator"], relapse["denominator"], relapse["asked"]) == (1, 2, 3)
    assert (found["rows"], found["set_aside"]) == (4, 6)
    rejects = (tmp_path / "f.rejects.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in rejects[1:]] == [
        ["5", "d"],
        ["6", "e"],
        ["7", "f"],
        ["8", ""],
        ["9", "g"],
        ["10", "g"],
    ]


@pytest.mark.parametrize("text", ["household_id,cohort\na,是\n", "id,cohort,fell\na,是,否\n", ""])
def test_a_file_without_the_columns_is_refused(tmp_path: Path, text: str) -> None:
    code, said = figures(tmp_path, text)
    assert code != 0
    assert "d.csv" in said
    assert not (tmp_path / "f.json").exists()
