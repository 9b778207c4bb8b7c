"""Region names come from a package at set-up, or else from the facts."""

import json
from pathlib import Path

from shanhai.data import regions


def test_the_package_knows_every_county() -> None:
    table = regions.from_package()
    assert table is not None
    assert table.names["533325"] == "兰坪白族普米族自治县"
    assert table.names["620000"] == "甘肃省"
    assert len(table.names) > 3000


def test_the_facts_alone_name_the_counties_they_speak_of() -> None:
    names = regions.from_facts().names
    assert names["532325"] == "姚安县"
    assert "" not in names


def test_china_division_is_read_from_its_folder(tmp_path: Path) -> None:
    for file, rows in {
        "provinces.json": [{"code": "53", "name": "云南省"}],
        "cities.json": [{"code": "5333", "name": "怒江傈僳族自治州", "provinceCode": "53"}],
        "areas.json": [{"code": "533325", "name": "兰坪白族普米族自治县", "cityCode": "5333"}],
    }.items():
        (tmp_path / file).write_text(json.dumps(rows), encoding="utf-8")
    table = regions.from_china_division(tmp_path)
    assert table is not None
    assert table.names["533300"] == "怒江傈僳族自治州"


def test_a_folder_without_the_package_gives_nothing(tmp_path: Path) -> None:
    assert regions.from_china_division(tmp_path) is None


def test_what_set_up_builds_is_what_is_loaded(tmp_path: Path) -> None:
    built = regions.build(tmp_path / "data")
    assert regions.load(tmp_path / "data") == built
    assert regions.load(None).names["510000"] == "四川省"


def test_renamed_counties_lead_to_names_of_today() -> None:
    table = regions.from_package()
    assert table is not None
    assert all(code in table.names for code in regions.renamed().values())
    assert not set(regions.renamed()) & set(table.names.values())
