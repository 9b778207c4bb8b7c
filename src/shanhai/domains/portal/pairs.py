"""Pairs of provinces by scheme, pairs of cities and counties, and the 160 key counties, as published.

Source: the fact tables (`shanhai.data.facts`), each row with its source and confidence.
"""

from collections import Counter
from typing import NamedTuple

from shanhai.data import facts
from shanhai.data.base import Standing
from shanhai.data.facts import CountyPair, KeyCounty, ProvincePair
from shanhai.domains.portal.provinces import PROVINCES, Province, code_of
from shanhai.kernel.text import Text

LATEST = "2021"
SCHEMES = {
    "2021": Text("2021 年新一轮东西部协作", "East–West collaboration, round of 2021"),
    "2016": Text("2016 年东西部扶贫协作", "Poverty collaboration, 2016"),
    "1996": Text("1996 年东西扶贫协作", "Poverty collaboration, 1996"),
}
SORTS = ("donor", "recipient", "standing")


class Pair(NamedTuple):
    """A published pair with the provinces it joins."""

    donor: str
    recipient: str
    donor_code: str
    recipient_code: str
    standing: Standing
    source: str

    @property
    def donor_text(self) -> Text:
        """Return the donor's name, in English where it is a province."""
        return _named(self.donor, self.donor_code)

    @property
    def recipient_text(self) -> Text:
        """Return the recipient's name, in English where it is a province."""
        return _named(self.recipient, self.recipient_code)

    @property
    def unconfirmed(self) -> bool:
        """Whether it is shown as 待核."""
        return self.standing is Standing.UNCONFIRMED


def _named(name: str, code: str) -> Text:
    province = PROVINCES.get(code)
    return province.name if province and province.name.zh == name else Text(name, name)


def _pair(found: ProvincePair) -> Pair:
    return Pair(
        found.donor,
        found.recipient,
        found.donor_code or code_of(found.donor),
        found.recipient_code or code_of(found.recipient),
        found.standing,
        found.source,
    )


def of_scheme(scheme: str, sort: str = "") -> list[Pair]:
    """Return the pairs of a scheme, in the published order or by a column (`-` turns it round)."""
    found = [_pair(pair) for pair in facts.province_pairs() if _scheme(pair) == scheme]
    name = sort.lstrip("-")
    if name in SORTS:
        keys = {"donor": 2, "recipient": 3, "standing": 4}
        found.sort(key=lambda pair: str(pair[keys[name]]), reverse=sort.startswith("-"))
    return found


def _scheme(pair: ProvincePair) -> str:
    return next((year for year in SCHEMES if year in pair.scheme), "")


def of_province(code: str, scheme: str = LATEST) -> list[Pair]:
    """Return the pairs of a scheme that a province stands in."""
    return [pair for pair in of_scheme(scheme) if code in (pair.donor_code, pair.recipient_code)]


def county_pairs(province: str = "", q: str = "") -> list[CountyPair]:
    """Return the known East-West pairs of cities and counties; the list is partial.

    Args:
        province: Only those of a province, by adcode.
        q: Only those whose names hold these words.
    """
    return [
        pair
        for pair in facts.county_pairs()
        if pair.east_west and _concerns(pair, province) and _holds(pair, q)
    ]


def _concerns(pair: CountyPair, province: str) -> bool:
    codes = (code_of(pair.donor_province), code_of(pair.recipient_province))
    return not province or province in codes


def _holds(pair: CountyPair, q: str) -> bool:
    words = (
        pair.scheme,
        pair.donor_province,
        pair.donor,
        pair.recipient_province,
        pair.recipient,
    )
    return not q or any(q in word for word in words)


def key_counties(province: str = "") -> list[KeyCounty]:
    """Return the national key counties, of one province or of all."""
    return [c for c in facts.key_counties() if not province or c.province_code == province]


class KeyCount(NamedTuple):
    """A province's key counties: how many, and how many of the names are confirmed."""

    province: Province
    total: int
    quoted: int

    @property
    def unconfirmed(self) -> int:
        """Return how many are 待核."""
        return self.total - self.quoted


def key_counts() -> list[KeyCount]:
    """Return the number of key counties by province, most first."""
    every = facts.key_counties()
    total = Counter(c.province_code for c in every)
    quoted = Counter(c.province_code for c in every if c.standing is Standing.QUOTED)
    made = [KeyCount(PROVINCES[code], total[code], quoted[code]) for code in total]
    return sorted(made, key=lambda one: (-one.total, one.province.code))
