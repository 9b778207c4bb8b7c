"""Screening: thresholds to the fen, unknown that stays unknown, one hash for any order and engine."""

import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from engines.screening.rule_world import DAY, alerts, fired, monitoring, rules, run, write
from shanhai.kernel.files import beside

QUIET: dict[str, Any] = {
    "persons": 1,
    "was_poor": False,
    "income_12m": 5_000_000,
    "income_prev_12m": 5_000_000,
    "oop_ytd": 0,
    "outpatient_month": 0,
    "major_disease_new": False,
    "dropout_children": 0,
    "school_fees_net": 0,
    "house_grade": "A",
    "only_house": True,
    "house_problem": False,
    "water_outage_days": 0,
    "water_quality_fail": False,
    "water_fetch_long": False,
    "labour": 1,
    "idle_months": 0,
    "disabled_severe_new": False,
    "disabled_persons": 0,
    "disaster_loss": 0,
    "assets_destroyed": False,
    "left_assistance": False,
    "uninsured_persons": 0,
    "debt": 0,
    "loan_overdue": False,
    "worker_lost": False,
    "area_event": False,
    "authorised": True,
    "on_payroll": False,
    "company_owner": False,
    "bought_house": False,
    "owns_vehicle": False,
}


def households(path: Path, *changes: dict[str, Any]) -> Path:
    """Write households that are quiet but for their changes."""
    rows = [
        {"household_id": f"H{i:03}", "region": "520123"} | QUIET | c for i, c in enumerate(changes)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


BOUNDARIES: list[tuple[str, dict[str, Any], bool]] = [
    ("R01", {"income_12m": 849_999}, True),
    ("R01", {"income_12m": 850_000}, False),
    ("R01", {"income_12m": 850_001}, False),
    ("R01", {"income_12m": 1_699_999, "persons": 2}, True),
    ("R02", {"income_12m": 3_500_000}, True),
    ("R02", {"income_12m": 3_500_001}, False),
    ("R03", {"was_poor": True, "oop_ytd": 499_999}, False),
    ("R03", {"was_poor": True, "oop_ytd": 500_000}, True),
    ("R04", {"oop_ytd": 1_999_999}, False),
    ("R04", {"oop_ytd": 2_000_000}, True),
    ("R05", {"outpatient_month": 49_999}, False),
    ("R05", {"outpatient_month": 50_000}, True),
    ("R07", {"dropout_children": 1}, True),
    ("R08", {"school_fees_net": 1_000_000}, False),
    ("R08", {"school_fees_net": 1_000_001}, True),
    ("R09", {"house_grade": "C"}, True),
    ("R09", {"house_grade": "C", "only_house": False}, False),
    ("R09", {"house_grade": "B"}, False),
    ("R10", {"water_outage_days": 30}, False),
    ("R10", {"water_outage_days": 31}, True),
    ("R11", {"idle_months": 2}, False),
    ("R11", {"idle_months": 3}, True),
    ("R11", {"idle_months": 3, "labour": 0}, False),
    ("R12", {"labour": 0, "income_12m": 1_274_999}, True),
    ("R12", {"labour": 0, "income_12m": 1_275_000}, False),
    ("R14", {"disaster_loss": 499_999}, False),
    ("R14", {"disaster_loss": 500_000}, True),
    ("R17", {"debt": 10_000_000}, False),
    ("R17", {"debt": 10_000_001}, True),
    ("R19", {"income_12m": 900_000, "oop_ytd": 50_000}, False),
    ("R19", {"income_12m": 900_000, "oop_ytd": 50_001}, True),
    ("X01", {"owns_vehicle": True}, True),
    ("X01", {"owns_vehicle": True, "authorised": False}, False),
    ("T1", {"was_poor": True, "income_12m": 1, "loan_overdue": True}, True),
    ("T2", {"income_12m": 1, "loan_overdue": True}, True),
]


def test_every_threshold_is_kept_to_the_fen(tmp_path: Path) -> None:
    path = households(tmp_path / "d.parquet", *(change for _, change, _ in BOUNDARIES))
    run(path, monitoring())
    found = fired(path)
    wrong = [(r, c) for i, (r, c, on) in enumerate(BOUNDARIES) if ((f"H{i:03}", r) in found) != on]
    assert wrong == []


def test_a_quiet_household_has_no_alert(tmp_path: Path) -> None:
    path = households(tmp_path / "d.parquet", {})
    report = run(path, monitoring())
    assert (report.rows, report.alerts, report.unknown, alerts(path)) == (1, 0, 0, [])
    assert report.silent_regions == ["520123"]


def test_a_missing_item_is_unknown_and_listed_with_its_department(tmp_path: Path) -> None:
    path = households(tmp_path / "d.parquet", {"oop_ytd": None, "was_poor": True}, {})
    report = run(path, monitoring())
    assert fired(path, "unknown") == {("H000", r) for r in ("R03", "R19", "T3")}
    assert report.unknown == 3
    assert report.unknown_fields == {"oop_ytd": 1}
    said = {a["rule"]: (a["reason_zh"], a["reason_en"]) for a in alerts(path)}
    assert "住院合规自付（医保）" in said["R03"][0]
    assert "missing: inpatient out-of-pocket" in said["R03"][1]


def test_an_absent_column_is_unknown_for_all_never_no_risk(tmp_path: Path) -> None:
    path = households(tmp_path / "d.parquet", {}, {})
    pq.write_table(pq.read_table(path).drop_columns(["area_event"]), path)
    report = run(path, monitoring())
    assert report.absent == ["area_event"]
    assert {(h, "R20") for h in ("H000", "H001")} <= fired(path, "unknown")


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_an_absent_column_says_what_an_empty_one_says(tmp_path: Path, suffix: str) -> None:
    path = households(tmp_path / "d.parquet", {}, {"house_problem": True}, {"oop_ytd": 9_999_999})
    whole = pq.read_table(path)
    gone = ["was_poor", "labour", "house_grade", "left_assistance"]
    empty = whole
    for name in gone:
        column = whole.schema.get_field_index(name)
        empty = empty.set_column(column, name, pa.nulls(3, whole.schema.field(name).type))
    found = []
    for at, table in enumerate((empty, whole.drop_columns(gone))):
        one = tmp_path / f"{at}.{suffix}"
        (pq.write_table if suffix == "parquet" else pacsv.write_csv)(table, one)
        report = run(one, monitoring())
        found.append((report.hash, fired(one), fired(one, "unknown")))
    assert found[0] == found[1]


def test_what_is_missing_never_lowers_the_level(tmp_path: Path) -> None:
    some = {"worker_lost": True, "oop_ytd": 9_999_999}
    path = households(tmp_path / "d.parquet", some, some | {"oop_ytd": None, "debt": None})
    run(path, monitoring())
    levels = {a["household_id"]: (a["level"], a["colour"]) for a in alerts(path)}
    assert levels == {"H000": (3, "red"), "H001": (3, "red")}


def test_assets_never_change_a_level(tmp_path: Path) -> None:
    path = households(
        tmp_path / "d.parquet", {"owns_vehicle": True}, {"owns_vehicle": True, "worker_lost": True}
    )
    run(path, monitoring())
    assert {(a["household_id"], a["level"]) for a in alerts(path)} == {("H000", 0), ("H001", 3)}


def test_many_risks_raise_the_level(tmp_path: Path) -> None:
    some = {"uninsured_persons": 1, "loan_overdue": True}
    path = households(tmp_path / "d.parquet", some, some | {"area_event": True})
    run(path, monitoring())
    assert {(a["household_id"], a["level"]) for a in alerts(path)} == {("H000", 1), ("H001", 2)}


def test_an_alert_says_rule_version_parameters_inputs_and_reasons(tmp_path: Path) -> None:
    path = households(tmp_path / "d.parquet", {"income_12m": 123_405})
    run(path, monitoring())
    one = next(a for a in alerts(path) if a["rule"] == "R01")
    assert (one["version"], one["state"], one["severity"]) == ("1", "alert", 3)
    assert json.loads(one["inputs"]) == {"persons": 1, "income_12m": 123_405}
    line = json.loads(one["parameters"])["line"]
    assert (line["value"], line["written"], line["status"]) == (850_000, "8500", "待核")
    assert one["reason_zh"] == "家庭纯收入 1,234.05 元，1 人，人均低于监测线 8,500 元"
    assert "1,234.05 yuan for 1 persons" in one["reason_en"]


def test_lines_differ_by_region_and_a_row_without_region_is_unknown(tmp_path: Path) -> None:
    body = (
        '[fields.n]\ntype = "count"\nunit = "person"\n'
        '[[rules]]\nid = "A"\nwhen = "n > @few"\nzh = "{n} 多于 {@few}"\nen = "{n}"\n'
        '[[parameters]]\nname = "few"\nunit = "person"\n'
        '[[parameters.values]]\nregion = "52"\nvalue = "2"\n'
        '[[parameters.values]]\nregion = "11"\nvalue = "5"\n'
    )
    data = {"household_id": ["b", "a", "c"], "region": ["520000", "110000", None], "n": [3, 3, 3]}
    path = write(tmp_path / "d.parquet", **data)
    run(path, rules(body))
    assert [(a["household_id"], a["state"], a["reason_zh"]) for a in alerts(path)] == [
        ("b", "alert", "3 多于 2"),
        ("c", "unknown", "缺少：地区"),
    ]


MANY = "".join(
    f'[[rules]]\nid = "A{i}"\nseverity = {1 + i % 3}\nwhen = "n = {i} persons"\nzh = "是"\nen = "yes"\n'
    for i in range(130)
)


def test_more_rules_than_bits(tmp_path: Path) -> None:
    data = {"household_id": [f"{i:03}" for i in range(130)], "n": list(range(130))}
    path = write(tmp_path / "d.parquet", **data)
    report = run(path, rules('[fields.n]\ntype = "count"\nunit = "person"\n' + MANY))
    assert fired(path) == {(f"{i:03}", f"A{i}") for i in range(130)}
    assert {(a["rule"], a["level"]) for a in alerts(path)} == {
        (f"A{i}", 1 + i % 3) for i in range(130)
    }
    assert report.alerts == 130


def sample(seed: int, n: int = 200) -> list[dict[str, Any]]:
    """Return households near the thresholds, with gaps."""
    pick = random.Random(seed)  # noqa: S311 - no secret
    spots = [change for _, change, _ in BOUNDARIES]
    rows = []
    for i in range(n):
        row = {"household_id": f"H{i:03}", "region": pick.choice(["520123", "530100"])} | QUIET
        for change in pick.sample(spots, 4):
            row |= change
        rows.append(row | dict.fromkeys(pick.sample(list(QUIET), pick.randrange(4))))
    return rows


def narrow() -> pa.Schema:
    """Return a schema with the narrowest integers that hold the sample."""
    types = {int: pa.int32(), bool: pa.bool_(), str: pa.string()}
    small = {"persons", "labour", "dropout_children", "idle_months", "water_outage_days"}
    columns = [("household_id", pa.string()), ("region", pa.string())]
    columns += [(k, pa.int8() if k in small else types[type(v)]) for k, v in QUIET.items()]
    return pa.schema(columns)


def test_order_of_rows_and_columns_changes_nothing(tmp_path: Path) -> None:
    rows = sample(1)
    first, other = tmp_path / "a.parquet", tmp_path / "b.parquet"
    pq.write_table(pa.Table.from_pylist(rows), first)
    one = run(first, monitoring())
    bytes_of_one = first.with_name("out.parquet").read_bytes()
    mixed = pa.Table.from_pylist(rows[::2] + rows[1::2][::-1])
    pq.write_table(mixed.select(mixed.column_names[::-1]), other)
    two = run(other, monitoring())
    assert (one.hash, one.rules) == (two.hash, two.rules)
    assert other.with_name("out.parquet").read_bytes() == bytes_of_one


def test_narrow_integers_give_the_same(tmp_path: Path) -> None:
    rows = sample(3)
    wide, tight = tmp_path / "wide.parquet", tmp_path / "tight.parquet"
    pq.write_table(pa.Table.from_pylist(rows), wide)
    pq.write_table(pa.Table.from_pylist(rows, narrow()), tight)
    assert run(wide, monitoring()).hash == run(tight, monitoring()).hash


def test_spark_connect_gives_the_same_hash(tmp_path: Path) -> None:
    body = (
        '[fields.n]\ntype = "count"\nunit = "person"\n[fields.d]\ntype = "date"\n'
        '[[parameters]]\nname = "few"\nunit = "person"\n'
        '[[parameters.values]]\nregion = "52"\nvalue = "2"\n'
        '[[parameters.values]]\nregion = "53"\nvalue = "1.5"\n'
        '[[rules]]\nid = "A"\nwhen = "n > @few or d >= as_of - 30 days"\nzh = "{n} {d} {@few}"\nen = "{d}"\n'
        '[[rules]]\nid = "B"\nwhen = "not A and known(n)"\nzh = "甲"\nen = "b"\n'
    )
    n = 300
    pick = random.Random(4)  # noqa: S311 - no secret
    data = {
        "household_id": [f"{i:04}" for i in range(n)],
        "region": [pick.choice(["520000", "530100", None]) for _ in range(n)],
        "n": pa.array([pick.choice([0, 1, 2, 3, None]) for _ in range(n)], pa.int8()),
        "d": [pick.choice([DAY - timedelta(days=k), None]) for k in range(n)],
    }
    path = write(tmp_path / "d.parquet", **data)
    here = run(path, rules(body))
    there = run(path, rules(body), engine="spark")
    assert (here.hash, here.rules, here.unknown_fields) == (
        there.hash,
        there.rules,
        there.unknown_fields,
    )
    assert 0 < here.alerts < 2 * n


def test_the_shipped_rules_give_the_same_hash_on_spark(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    pq.write_table(pa.Table.from_pylist(sample(5), narrow()), path)
    assert run(path, monitoring()).hash == run(path, monitoring(), engine="spark").hash


def test_interrupted_runs_leave_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = households(tmp_path / "d.parquet", {"worker_lost": True})
    monkeypatch.setattr(
        "shanhai.engines.screening.screen.make_report",
        lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
    )
    with pytest.raises(KeyboardInterrupt):
        run(path, monitoring())
    assert [one.name for one in tmp_path.iterdir()] == ["d.parquet"]


def test_the_summary_says_what_the_report_says(tmp_path: Path) -> None:
    path = households(tmp_path / "d.parquet", {"worker_lost": True})
    report = run(path, monitoring())
    summary = json.loads(beside(path.with_name("out.parquet"), "summary.json").read_text())
    assert summary == json.loads(json.dumps(report.builtins()))
    assert "@line" in summary["unconfirmed"]


def test_negation_of_a_text_is_not_unknown(tmp_path: Path) -> None:
    """A compiler printed `(not x) is null` without brackets, which says not (x is null)."""
    body = '[fields.g]\ntype = "text"\n' + "".join(
        f'[[rules]]\nid = "{n}"\nwhen = \'{e}\'\nzh = "甲"\nen = "a"\n'
        for n, e in {
            "A": 'g != "A"',
            "B": 'not g in {"A", "B"}',
            "C": "not known(g)",
            "D": "known(A)",
        }.items()
    )
    path = write(tmp_path / "d.parquet", household_id=["0", "1", "2"], g=["C", "A", None])
    run(path, rules(body))
    assert fired(path) == {("0", "A"), ("0", "B"), ("2", "C"), ("0", "D"), ("1", "D")}
    assert fired(path, "unknown") == {("2", "A"), ("2", "B")}
