"""The tile grid: all 34 units, nothing on top of anything, and the islands' box alone in its corner."""

from itertools import combinations

import pytest

from shanhai.domains.portal import pairs, tiles
from shanhai.domains.portal.provinces import COLUMNS, PROVINCES, ROWS

Box = tuple[int, int, int, int]


def overlap(one: Box, other: Box) -> bool:
    x1, y1, w1, h1 = one
    x2, y2, w2, h2 = other
    return x1 < x2 + w2 and x2 < x1 + w1 and y1 < y2 + h2 and y2 < y1 + h1


def boxes() -> list[Box]:
    return [(t.x, t.y, tiles.SIDE, tiles.SIDE) for t in tiles.tiles([])]


def test_all_34_units_stand_on_the_grid_once() -> None:
    places = {(p.row, p.column) for p in PROVINCES.values()}
    assert len(PROVINCES) == len(places) == 34
    assert all(0 <= row < ROWS and 0 <= column < COLUMNS for row, column in places)
    assert {"710000", "810000", "820000"} <= PROVINCES.keys()


def test_tiles_and_the_islands_box_never_overlap() -> None:
    shown = [*boxes(), tiles.ISLANDS]
    assert not [pair for pair in combinations(shown, 2) if overlap(*pair)]


def test_everything_lies_inside_the_drawing() -> None:
    for x, y, width, height in [*boxes(), tiles.ISLANDS]:
        assert x >= 0
        assert y >= 0
        assert x + width <= tiles.WIDTH
        assert y + height <= tiles.HEIGHT


def test_roles_follow_the_scheme() -> None:
    roles = {t.province.code: t.role for t in tiles.tiles(pairs.of_scheme("2021"))}
    assert roles["330000"] == "donor"
    assert roles["510000"] == "recipient"
    assert roles["650000"] == "none"


def test_words_name_every_partner_in_both_languages() -> None:
    shown = {t.province.code: t for t in tiles.tiles(pairs.of_scheme("2021"))}
    assert shown["440000"].words.zh == "广东省：支援方，结对 广西壮族自治区、贵州省"
    assert shown["440000"].words.en == "Guangdong: donor, paired with Guangxi, Guizhou"
    assert shown["440000"].codes == ("450000", "520000")
    assert "paired" in shown["710000"].words.en or shown["710000"].role == "none"


@pytest.mark.parametrize("scheme", list(pairs.SCHEMES))
def test_one_line_for_two_provinces_however_many_cities(scheme: str) -> None:
    found = pairs.of_scheme(scheme)
    lines = tiles.links(found)
    assert len({(one.donor, one.recipient) for one in lines}) == len(lines)
    assert {(one.donor, one.recipient) for one in lines} == {
        (p.donor_code, p.recipient_code) for p in found
    }
