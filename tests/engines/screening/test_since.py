"""What changed since before: told by a snapshot as by the earlier delivery, for whole and for partial deliveries."""

import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from engines.screening.rule_world import DAY, fired, rules, write
from shanhai.engines.screening.screen import Options, Report, screen
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import beside

RULES = """
[fields.n]
type = "count"
unit = "person"
[fields.b]
type = "bool"
[fields.d]
type = "date"
[[rules]]
id = "A"
when = "n > 3 persons or b or d < 2020-01-01"
zh = "{n}"
en = "{n}"
"""
OLD: dict[str, Any] = {
    "household_id": ["a", "b", "c", "d"],
    "region": ["52", "52", "52", "52"],
    "n": [1, 5, 5, None],
}


def since(new: Path, **options: Any) -> Report:
    """Screen into `out.parquet` beside a delivery."""
    out = new.with_name("out.parquet")
    return screen(new, rules(RULES), out, DAY, Options(**options))


def listed(folder: Path) -> list[str]:
    """Read who changed, is new or is gone."""
    return beside(folder / "out.parquet", "changed.csv").read_text().split()[1:]


@pytest.mark.parametrize("kept", [True, False])
def test_new_changed_and_gone_are_told_apart(tmp_path: Path, kept: bool) -> None:  # noqa: FBT001 - a parameter
    old, snapshot = write(tmp_path / "old.parquet", **OLD), tmp_path / "snapshot.parquet"
    since(old, snapshot=snapshot)
    new = {"household_id": ["a", "b", "d", "e"], "region": ["52", "53", "52", "52"]}
    path = write(tmp_path / "d.parquet", **new, n=[6, 5, None, 7])
    report = since(path, since=snapshot if kept else old)
    assert (report.rows, report.screened) == (4, 3)
    assert fired(path) == {("a", "A"), ("b", "A"), ("e", "A")}
    assert listed(tmp_path) == ["a,changed", "b,changed", "c,gone", "e,new"]


def test_a_partial_delivery_leaves_nobody_gone_and_renews_the_snapshot(tmp_path: Path) -> None:
    first, second = tmp_path / "1.parquet", tmp_path / "2.parquet"
    since(write(tmp_path / "old.parquet", **OLD), snapshot=first)
    part = write(tmp_path / "d.parquet", household_id=["e", "b"], region=["52", "52"], n=[9, 2])
    report = since(part, since=first, partial=True, snapshot=second)
    assert (report.screened, listed(tmp_path)) == (2, ["b,changed", "e,new"])
    whole = {"household_id": list("abcde"), "region": ["52"] * 5, "n": [1, 2, 5, None, 9]}
    report = since(write(tmp_path / "d.parquet", **whole), since=second)
    assert (report.screened, listed(tmp_path)) == (0, [])


def test_a_snapshot_finds_exactly_what_changed(tmp_path: Path) -> None:
    pick = random.Random(7)  # noqa: S311 - no secret
    ids = [f"{i:04}" for i in range(400)]
    n = [pick.choice([1, 4, None]) for _ in ids]
    b = [pick.choice([True, False, None]) for _ in ids]
    since(
        write(tmp_path / "old.parquet", household_id=ids, n=n, b=b), snapshot=tmp_path / "s.parquet"
    )
    turned = set(pick.sample(range(400), 40))
    other = [(2 if one != 2 else 3) if i in turned else one for i, one in enumerate(n)]
    order = pick.sample(range(400), 400)
    columns: dict[str, list[Any]] = {"b": b, "n": other, "household_id": ids}
    mixed = {key: [column[i] for i in order] for key, column in columns.items()}
    since(write(tmp_path / "d.parquet", **mixed), since=tmp_path / "s.parquet")
    assert listed(tmp_path) == [f"{ids[i]},changed" for i in sorted(turned)]


def test_types_of_the_file_are_no_change(tmp_path: Path) -> None:
    path = write(tmp_path / "old.parquet", household_id=[1, 2], n=[1, 5], b=[True, False])
    since(path, snapshot=tmp_path / "s.parquet")
    written = tmp_path / "d.csv"
    written.write_text("household_id,n,b,d\n2,5,否,\n1,1,是,\n")
    assert since(written, since=tmp_path / "s.parquet").screened == 0


def test_a_snapshot_of_other_fields_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "old.parquet", **OLD)
    since(path, snapshot=tmp_path / "s.parquet")
    other = rules(RULES.replace("[fields.b]", "[fields.x]").replace("or b or", "or x or"))
    with pytest.raises(InvalidInputError) as refused:
        screen(path, other, tmp_path / "o.parquet", DAY, Options(since=tmp_path / "s.parquet"))
    assert refused.value.code == "screen.snapshot_other"
    assert not (tmp_path / "o.parquet").exists()


def test_a_snapshot_keeps_no_value(tmp_path: Path) -> None:
    path = write(tmp_path / "old.parquet", **OLD)
    since(path, snapshot=tmp_path / "s.parquet")
    kept = pq.read_table(tmp_path / "s.parquet")
    assert (kept.column_names, kept.num_rows) == (["household_id", "key", "state"], 4)
