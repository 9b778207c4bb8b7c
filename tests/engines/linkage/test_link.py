"""Linking: who is linked, who is left to a person, and that no order of rows or columns matters."""

import random
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from shanhai.engines.linkage import score
from shanhai.engines.linkage.link import Linked, link
from shanhai.engines.linkage.model import load
from shanhai.engines.linkage.people import Departments, departments
from shanhai.engines.linkage.prepare import Prepared, Reading, prepare
from shanhai.engines.linkage.spec import Cardinality, Link, Side
from shanhai.engines.linkage.tables import Source

TODAY = date(2026, 11, 25)
MODEL = load("persons")


def prepared(table: Any, file: str = "a.csv") -> Prepared:
    source = Source(table, np.arange(1, table.num_rows + 1), [])
    return prepare(source, Reading(file, Side(), MODEL, TODAY))


def linked(left: Any, right: Any, **rules: Any) -> Linked:
    return link(prepared(left), prepared(right, "b.csv"), MODEL, Link(**rules), "en")


def people(*rows: dict[str, str | None]) -> Any:
    names = ("id", "id_no", "name", "birth", "sex", "region", "phone", "address")
    return pa.table({n: pa.array([row.get(n) for row in rows], pa.string()) for n in names})


LI: dict[str, str | None] = {
    "id": "1",
    "id_no": "11010519491231002X",
    "name": "李秀兰",
    "birth": "1949-12-31",
    "sex": "女",
    "region": "510722100201",
    "phone": "13800138001",
}


@pytest.fixture(scope="module")
def world() -> Departments:
    return departments(1000, 11)


@pytest.fixture(scope="module")
def found(world: Departments) -> Linked:
    return linked(world.left, world.right)


def pairs(result: Linked) -> set[tuple[str, str]]:
    return set(
        zip(result.pairs["id_left"].to_pylist(), result.pairs["id_right"].to_pylist(), strict=True)
    )


def truth(world: Departments) -> set[tuple[str, str]]:
    return set(
        zip(world.truth["id_left"].to_pylist(), world.truth["id_right"].to_pylist(), strict=True)
    )


def test_nearly_all_are_found_and_nobody_is_taken_for_another(
    world: Departments, found: Linked
) -> None:
    right = truth(world)
    assert len(pairs(found) & right) / len(right) > 0.998
    assert len(pairs(found) - right) <= 1


def test_each_row_says_why(found: Linked) -> None:
    assert found.pairs.column_names == ["id_left", "id_right", "probability", "stage", "reasons"]
    assert set(found.stages) == {"exact", "model", "review"}
    assert all(found.pairs["reasons"].to_pylist())
    assert all(0 <= p < 1 for p in found.pairs["probability"].to_pylist())
    assert found.residue[0] < 0.5 * 1000


def test_nobody_is_linked_twice(found: Linked) -> None:
    for side in ("id_left", "id_right"):
        ids = found.pairs[side].to_pylist()
        assert len(ids) == len(set(ids))


def test_a_small_delivery_finds_what_it_finds_without_the_short_cut(
    world: Departments, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a register only the records that share a block are compared, and no pair is lost, on either side."""
    known = {one for one, _ in truth(world)}
    at = [i for i, one in enumerate(world.left["id"].to_pylist()) if one in known]
    some = world.left.take(at[:40])
    quick = linked(some, world.right), linked(world.right, some)
    monkeypatch.setattr(score, "MANY", 10**9)
    whole = linked(some, world.right), linked(world.right, some)
    for one, other in zip(quick, whole, strict=True):
        assert one.pairs.equals(other.pairs)
        assert one.residue == other.residue
    assert quick[0].pairs.num_rows > 20


def test_order_of_rows_and_columns_changes_nothing(world: Departments, found: Linked) -> None:
    mixed = random.Random(5)  # noqa: S311 - a shuffle
    rows = list(range(world.right.num_rows))
    mixed.shuffle(rows)
    columns = world.right.column_names[::-1]
    again = linked(
        world.left.take(rows[: world.left.num_rows]), world.right.select(columns).take(rows)
    )
    assert again.pairs.equals(found.pairs)


def test_a_valid_number_and_the_same_name_are_enough() -> None:
    result = linked(people(LI), people(LI | {"id": "9", "region": "110105000000", "phone": None}))
    assert result.pairs.to_pylist() == [
        {
            "id_left": "1",
            "id_right": "9",
            "probability": 0.999999,
            "stage": "exact",
            "reasons": "same valid number, same name",
        }
    ]


@pytest.mark.parametrize("name", ["李秀芬", "王德发", None])
def test_the_same_number_with_another_name_is_never_automatic(name: str | None) -> None:
    result = linked(people(LI), people(LI | {"id": "9", "name": name}))
    assert result.stages == {"review": 1}
    assert "same number but another name" in result.pairs["reasons"][0].as_py()


@pytest.mark.parametrize("name", ["李秀蘭", "李 秀兰", "李秀岚", "李秀兰(户主)"])
def test_names_that_are_written_or_sound_alike_agree(name: str) -> None:
    assert linked(people(LI), people(LI | {"id": "9", "name": name})).stages == {"exact": 1}


@pytest.mark.parametrize(
    "name", ["阿卜杜热合曼·买买提", "阿不都热合曼买买提", "买买提·阿不都热合曼", "阿不都热合曼"]
)
def test_names_in_transliteration_agree_however_written(name: str) -> None:
    left, right = LI | {"name": "阿不都热合曼·买买提"}, LI | {"id": "9", "name": name}
    assert linked(people(left), people(right)).stages == {"exact": 1}


def test_a_shared_number_is_told_even_where_both_are_linked_to_others() -> None:
    borrower = LI | {"id": "8", "name": "王德发", "phone": "13900139000"}
    left = prepared(people(LI))
    right = prepared(people(LI | {"id": "9"}, borrower), "b.csv")
    result = link(left, right, MODEL, Link(), "en")
    assert result.stages == {"exact": 1}
    assert left.rejects.counts["number_shared"] == 1
    assert right.rejects.table().to_pylist()[-1]["id"] == "8"


@pytest.mark.parametrize(
    ("cardinality", "count"),
    [
        (Cardinality.ONE_TO_ONE, 1),
        (Cardinality.ONE_TO_MANY, 2),
        (Cardinality.MANY_TO_ONE, 1),
        (Cardinality.MANY_TO_MANY, 2),
    ],
)
def test_the_spec_says_how_many_partners_a_record_has(cardinality: Cardinality, count: int) -> None:
    right = people(LI | {"id": "8"}, LI | {"id": "9", "id_no": None})
    assert linked(people(LI), right, cardinality=cardinality).pairs.num_rows == count


def test_thresholds_include_their_own_value(found: Linked, world: Departments) -> None:
    model = found.pairs.filter(pa.compute.equal(found.pairs["stage"], "model"))
    lowest = min(model["probability"].to_pylist())
    above = linked(world.left, world.right, accept=min(lowest + 1e-5, 1.0))
    assert above.stages.get("model", 0) < found.stages["model"]


def test_a_duplicate_never_lowers_recall(world: Departments, found: Linked) -> None:
    extra = world.right.slice(0, 40)
    renamed = extra.set_column(0, "id", pa.array([f"{one}重" for one in extra["id"].to_pylist()]))
    again = linked(world.left, pa.concat_tables([world.right, renamed]))
    people_found = {(a, b.rstrip("重")) for a, b in pairs(again)}
    assert len(people_found & truth(world)) >= len(pairs(found) & truth(world))


def test_empty_files_give_an_empty_answer() -> None:
    assert linked(people(), people(LI)).pairs.num_rows == 0
    assert linked(people(LI), people()).pairs.num_rows == 0
