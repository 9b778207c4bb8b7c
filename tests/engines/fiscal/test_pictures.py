"""Pictures are well-formed and say what the run says; marginal retention and the designer follow the law."""

from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from engines.fiscal.fiscal_world import LINEAR, go, table
from shanhai.engines.fiscal import Result, Table, library, read_table
from shanhai.engines.fiscal.compare import compare_csv, compare_json
from shanhai.engines.fiscal.design import design, design_csv, parse_axis
from shanhai.engines.fiscal.margin import retention
from shanhai.engines.fiscal.pictures import draw
from shanhai.engines.fiscal.pictures.charts import OTHERS, bands_of
from shanhai.kernel.errors import InvalidInputError

DATA = table("u,cap,pop", [("a", 100_000, 1), ("b", 300_000, 1), ("c", 200_000, 1)])
MARGIN = LINEAR + 'margin = "cap"\n'


def made(text: str, data: str) -> tuple[Result, Table]:
    result = go(text, data)
    scheme = result.scheme
    return result, read_table(data, scheme.data, scheme.head.currency)


@pytest.mark.parametrize("name", ["de-2020", "cn-east-west-pairs", "br-fundeb"])
def test_pictures_are_svg_and_the_same_every_time(name: str) -> None:
    result, units = made(library.scheme_text(name), library.example(name))
    first = draw(result, units)
    assert first == draw(result, units)
    for file, raw in first.items():
        root = ET.fromstring(raw)  # noqa: S314 - our own picture
        assert root.tag.endswith("svg"), file
        assert root[0].text
    expected = (
        {"sankey.svg"} if name == "br-fundeb" else {"sankey.svg", "lorenz.svg", "retention.svg"}
    )
    assert expected <= first.keys()


def test_flows_are_drawn_whole_and_the_small_together() -> None:
    rows = [(f"u{n:02}", 1000 + 100 * n, 1) for n in range(60)]
    result = go(MARGIN, table("u,cap,pop", rows))
    bands = bands_of(result)
    paid = sum(b.amount for b in bands if b.right.endswith(" t"))
    assert paid == sum(result.at("paid"))
    assert f"<{OTHERS}" in {b.left for b in bands}
    assert f">{OTHERS}" in {b.right for b in bands}
    assert len({b.left for b in bands if b.right.endswith(" t")}) == 17


def test_one_units_waterfall_can_be_asked_for() -> None:
    result, units = made(MARGIN, DATA)
    assert "waterfall-b.svg" in draw(result, units, "b")


def test_a_unit_keeps_what_the_rate_leaves_and_its_weight_returns() -> None:
    result, units = made(MARGIN, DATA)
    kept = {point.unit: point.retention for point in retention(result, units)}
    for unit in "abc":
        assert abs(kept[unit] - (1 - Fraction(3, 5) * Fraction(2, 3))) < Fraction(1, 40)


def test_retention_needs_a_margin() -> None:
    result, units = made(LINEAR, DATA)
    with pytest.raises(InvalidInputError, match="margin"):
        retention(result, units)


def test_the_designer_marks_what_nothing_beats() -> None:
    result, units = made(MARGIN, DATA)
    axes = [parse_axis("rate=0:100%:5", result.ready)]
    found = design(result.ready, units, axes)
    assert [one.values for one in found] == [("0",), ("0.25",), ("0.5",), ("0.75",), ("1",)]
    assert all(one.frontier for one in found)  # more equal, dearer, and less left: a true trade-off
    assert [one.gini for one in found] == sorted((one.gini for one in found), reverse=True)
    assert design_csv(axes, found).splitlines()[0].startswith("rate,gini_after,highest_burden")


@pytest.mark.parametrize("text", ["rate", "rate=1:2", "rate=0:1:x", "rat=0:1:3", "rate=0:1:1"])
def test_bad_axes_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_axis(text, go(MARGIN, DATA).ready)


def test_comparison_needs_the_same_units_and_counts_both_sides() -> None:
    first, second = go(LINEAR, DATA), go(LINEAR, DATA, {"rate": "30%"})
    lines = compare_csv(first, second).splitlines()
    assert lines[1].startswith("a,a,60000,30000,-30000,loser")
    assert b'"winners": 1' in compare_json(first, second)
    with pytest.raises(InvalidInputError, match="z"):
        compare_csv(first, go(LINEAR, DATA + "z,5,1\n"))
