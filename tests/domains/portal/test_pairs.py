"""Pairs by scheme, county pairs, key counties: what is published, never merged, doubts marked."""

import pytest

from shanhai.data import facts
from shanhai.data.base import Standing
from shanhai.domains.portal import pairs
from shanhai.domains.portal.provinces import CITIES, PROVINCES, code_of


@pytest.mark.parametrize(("scheme", "count"), [("2021", 11), ("2016", 32), ("1996", 13)])
def test_each_scheme_has_its_own_pairs(scheme: str, count: int) -> None:
    assert len(pairs.of_scheme(scheme)) == count


def test_schemes_are_never_merged() -> None:
    assert sum(len(pairs.of_scheme(one)) for one in pairs.SCHEMES) == len(facts.province_pairs())


def test_every_end_of_every_pair_lies_in_a_province() -> None:
    for scheme in pairs.SCHEMES:
        for pair in pairs.of_scheme(scheme):
            assert pair.donor_code in PROVINCES, pair
            assert pair.recipient_code in PROVINCES, pair


def test_sort_turns_round() -> None:
    up = [pair.donor_code for pair in pairs.of_scheme("2021", "donor")]
    down = [pair.donor_code for pair in pairs.of_scheme("2021", "-donor")]
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)


def test_unknown_sort_keeps_the_published_order() -> None:
    assert pairs.of_scheme("2021", "source; drop") == pairs.of_scheme("2021")


def test_province_finds_its_partners_on_both_sides() -> None:
    shandong = {pair.recipient_code for pair in pairs.of_province("370000")}
    gansu = {pair.donor_code for pair in pairs.of_province("620000")}
    assert shandong == {"500000", "620000"}
    assert gansu == {"120000", "370000"}


def test_only_chongqing_is_in_doubt_in_2021() -> None:
    doubtful = [pair.recipient for pair in pairs.of_scheme("2021") if pair.unconfirmed]
    assert doubtful == ["重庆市"]


def test_names_speak_english_where_they_are_provinces_only() -> None:
    dalian = next(p for p in pairs.of_scheme("1996") if p.donor == "大连市")
    assert dalian.donor_text.en == "大连市"
    assert dalian.recipient_text.en == "Guizhou"


def test_county_pairs_leave_other_schemes_out() -> None:
    shown = pairs.county_pairs()
    assert len(shown) == sum(pair.east_west for pair in facts.county_pairs())
    assert len(shown) < len(facts.county_pairs())


def test_county_pairs_of_a_province_and_by_words() -> None:
    assert {p.recipient_province for p in pairs.county_pairs("530000")} == {"云南省"}
    assert [p.recipient for p in pairs.county_pairs(q="元阳县（无此结对）")] == []
    assert all("普陀" in p.donor for p in pairs.county_pairs(q="普陀"))


def test_key_counties_count_as_published() -> None:
    counts = {one.province.code: one for one in pairs.key_counts()}
    assert sum(one.total for one in counts.values()) == 160
    assert sum(one.unconfirmed for one in counts.values()) == 68
    assert counts["620000"].unconfirmed == counts["620000"].total == 23
    assert counts["510000"].unconfirmed == 0
    unconfirmed = [c for c in pairs.key_counties() if c.standing is Standing.UNCONFIRMED]
    assert len(unconfirmed) == 68


def test_code_of_a_place() -> None:
    assert code_of("河北省张家口市") == "130000"
    assert code_of("宁波市") == CITIES["宁波市"] == "330000"
    assert code_of("不存在") == ""
