"""The last chapter is real: published pairs and projects, recorded by the data desk with their sources.

Projects take the way in that anybody's spreadsheet takes: a workbook laid out like the announcements, read
by the platform's import, recorded act by act in one gesture.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from shanhai.acts.machine import Standing
from shanhai.acts.pairing import Level, Pairing, PairingState
from shanhai.acts.pairing_flow import RecordPairing
from shanhai.data import base, facts, regions
from shanhai.data.announcement import write_announcement
from shanhai.domains.demo.story.whole import Story
from shanhai.domains.imports.published import record_of, year_of
from shanhai.domains.imports.reading import read_projects
from shanhai.domains.portal.provinces import code_of
from shanhai.kernel.periods import date_of, ms_of

LATEST = "2021"
LEVELS = {
    "city": Level.CITY,
    "county": Level.COUNTY,
    "city-county": Level.CITY_COUNTY,
    "group": Level.GROUP,
}


def standing_of(found: base.Standing) -> Standing:
    """Return 已核 for what a named publisher says, 待核 otherwise."""
    return Standing.CONFIRMED if found is base.Standing.QUOTED else Standing.UNCONFIRMED


def province_acts() -> Iterable[RecordPairing]:
    """Yield the pairs of provinces of 2021."""
    for pair in facts.province_pairs():
        if LATEST in pair.scheme:
            yield RecordPairing(
                region=pair.recipient_code,
                east_region=pair.donor_code,
                level=Level.PROVINCE,
                scheme=pair.scheme_name,
                donor=pair.donor,
                recipient=pair.recipient,
                from_ms=ms_of(date(int(LATEST), 1, 1)),
                source=pair.source,
                standing=standing_of(pair.standing),
            )


def county_acts() -> Iterable[RecordPairing]:
    """Yield the known pairs of cities and counties; a place without a code stands under its province."""
    for pair in facts.county_pairs():
        if pair.east_west:
            from_ms, to_ms = period(pair.period)
            yield RecordPairing(
                region=pair.recipient_code or code_of(pair.recipient_province),
                east_region=pair.donor_code or code_of(pair.donor_province),
                level=LEVELS[pair.level],
                scheme=f"{pair.scheme}协作",
                donor=pair.donor,
                recipient=pair.recipient,
                from_ms=from_ms,
                to_ms=to_ms,
                source=pair.source,
                standing=standing_of(pair.standing),
            )


def period(text: str) -> tuple[int, int]:
    """Return first and last moment of `2021-`, `2017-2020` or `2025`, 0 where open or not stated."""
    if not text:
        return 0, 0
    start, dash, end = text.partition("-")
    last = end or ("" if dash else start)
    return ms_of(date(int(start), 1, 1)), ms_of(date(int(last) + 1, 1, 1)) if last else 0


def record_pairs(teller: Story) -> None:
    """Record the pairs."""
    teller.together("desk", [*province_acts(), *county_acts()])


def record_projects(teller: Story) -> None:
    """Write the announcements' workbook, read it through the import and record what it accepts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "已公布项目.xlsx"
        write_announcement(path)
        result = read_projects(path, regions.load(teller.data_dir)).result
    acts = []
    for project in result.projects:
        pair = _pair(teller, project.county_code, year_of(project))
        acts.append(
            record_of(
                project,
                pairing=pair.id if pair else "",
                east_region=pair.east_region if pair else "",
            )
        )
    teller.together("desk", acts)


def _pair(teller: Story, county: str, year: int) -> Pairing | None:
    """Return the only recorded pair that covers a county and year, None where there are none or several."""
    pairs = [
        one
        for one in teller.told(Pairing)
        if one.region == county
        and one.state is PairingState.RECORDED
        and (not one.from_ms or date_of(one.from_ms).year <= year)
        and (not one.to_ms or year < date_of(one.to_ms).year)
    ]
    return pairs[0] if len(pairs) == 1 else None
