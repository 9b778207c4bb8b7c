"""Pictures and the report are made, the same each time, and say what they must."""

import pypdfium2
import pytest

from engines.indicators.schemes import HEAD, ran, read, table_text
from shanhai.engines.indicators import read_scheme
from shanhai.engines.indicators.explain import find_row
from shanhai.engines.indicators.pictures import cut, framework, pictures, width_of, wrapped
from shanhai.engines.indicators.report import report, told
from shanhai.engines.indicators.uncertainty.analyse import analyse

SCHEME = (
    HEAD
    + """[data]
name = "name"
class = "kind"
[[indicators]]
code = "a"
name = "甲指标"
[[indicators]]
code = "b"
direction = -1
[[indicators]]
code = "c"
[[steps]]
step = "normalise"
method = "minmax"
[grades]
grades = [{ name = "好", from = 60 }, { name = "差" }]
[[rules]]
kind = "deduction"
name = "扣分"
points = "fake"
[sensitivity]
[[sensitivity.assumptions]]
name = "how"
path = "steps.normalise.method"
values = ["minmax", "percentile"]
"""
)
DATA = table_text(
    {
        "unit": ["x", "y", "z"],
        "name": ["西县", "远县", "中县"],
        "kind": ["一类", "一类", "二类"],
        "a": [1, 2, 3],
        "b": [5, 1, 4],
        "c": [2, 8, 6],
        "fake": [0, 2, 0],
    }
)


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_every_picture_is_made_and_the_same_each_time(kind: str, start: bytes) -> None:
    found = ran(SCHEME, DATA)
    bands = analyse(read_scheme(SCHEME), read(SCHEME, DATA)).units
    first = pictures(found, kind, bands, 0)
    assert sorted(first) == sorted(
        f"{name}.{kind}"
        for name in ("framework", "bars", "correlation", "distribution", "uncertainty", "radar")
    )
    assert all(picture.startswith(start) for picture in first.values())
    assert first == pictures(found, kind, bands, 0)


def test_the_report_says_score_rank_rule_and_way_up() -> None:
    found = ran(SCHEME, DATA)
    row = find_row(found, "y")
    band = analyse(read_scheme(SCHEME), read(SCHEME, DATA)).units[row]
    made = report(found, row, {"scheme": "ab" * 32, "data": "cd" * 32}, band)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    assert "远县" in text
    assert "abababababababab" in text
    assert "扣分" in text
    assert report(found, row, {"scheme": "ab" * 32, "data": "cd" * 32}, band) == made
    assert told(found, find_row(found, "x"), {}, None)["way"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "name", ["双江拉祜族佤族布朗族傣族自治县", "United Kingdom of Great Britain"]
)
def test_long_names_are_cut_or_broken_and_fit_their_picture(name: str) -> None:
    assert width_of(cut(name, 20)) <= 20
    lines = wrapped(name, 12, 2).split("\n")
    assert len(lines) == 2
    assert max(map(width_of, lines)) <= 12
    assert wrapped("Labour cooperation and", 11, 3) == "Labour\ncooperation\nand"
    long = SCHEME.replace("甲指标", name * 3)
    assert framework(ran(long, DATA), "png")
