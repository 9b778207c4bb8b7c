"""From a row read to the act that records it: what the announcement says, and no more."""

from datetime import date

from shanhai.acts.machine import Standing
from shanhai.acts.project import AmountKind, Sector
from shanhai.acts.project_declare import RecordPublished
from shanhai.domains.imports.result import Project
from shanhai.kernel.periods import ms_of

_SECTORS = (
    ("易地", Sector.RESETTLEMENT),
    ("管理费", Sector.MANAGEMENT),
    ("劳务", Sector.EMPLOYMENT),
    ("就业", Sector.EMPLOYMENT),
    ("人才", Sector.TALENT),
    ("产业", Sector.INDUSTRY),
    ("种植", Sector.INDUSTRY),
    ("养殖", Sector.INDUSTRY),
    ("基础设施", Sector.INFRASTRUCTURE),
    ("道路", Sector.INFRASTRUCTURE),
    ("饮水", Sector.INFRASTRUCTURE),
    ("社会事业", Sector.SERVICES),
    ("教育", Sector.SERVICES),
    ("医疗", Sector.SERVICES),
    ("卫生", Sector.SERVICES),
)
_KINDS = (("总投资", AmountKind.INVESTMENT), ("每年", AmountKind.YEARLY))
_TEXT = 200
_LONG = 1000


def record_of(
    project: Project,
    *,
    pairing: str = "",
    east_region: str = "",
    source: str = "",
    standing: Standing = Standing.CONFIRMED,
) -> RecordPublished:
    """Return the act that records a published project.

    Args:
        project: As read from the announcement.
        pairing: The pair it belongs to, "" where not known.
        east_region: The donor's adcode, "" where not known.
        source: What to cite where the table names no source of its own.
        standing: Whether the source was confirmed.
    """
    cited = "，".join(part for part in (project.publisher, project.source or source) if part)
    return RecordPublished(
        name=project.name,
        region=project.county_code,
        east_region=east_region,
        pairing=pairing,
        year=year_of(project),
        category=project.category[:60],
        sector=sector_of(project),
        place=(project.location or f"{project.township}{project.village}")[:_TEXT],
        content=project.content[:_LONG],
        planned_fen=project.amount_fen or 0,
        amount_kind=amount_kind_of(project),
        households=project.households or 0,
        people=project.people or 0,
        poor_households=project.poor_households or 0,
        poor_people=project.poor_people or 0,
        owner_name=project.implementing_unit[:_TEXT],
        department_name=project.supervising_unit[:_TEXT],
        fund_source=project.fund_source[:_TEXT],
        asset_owner=project.asset_owner[:_TEXT],
        start_ms=moment_of(project.start),
        finish_ms=moment_of(project.end),
        source=cited[:400],
        source_ms=moment_of(project.published),
        standing=standing,
    )


def year_of(project: Project) -> int:
    """Return the year the announcement names, or else the one it was published in, 0 where neither stands."""
    return int((project.year or project.published)[:4] or 0)


def sector_of(project: Project) -> Sector:
    """Return the sector that category or name say in so many words, OTHER where they do not."""
    for text in (project.category, project.subcategory, project.name):
        for word, sector in _SECTORS:
            if word in text:
                return sector
    return Sector.OTHER


def amount_kind_of(project: Project) -> AmountKind:
    """Return what the amount is: an unknown one is never a zero."""
    if not project.amount_fen:
        return AmountKind.NOT_STATED
    return next((kind for word, kind in _KINDS if word in project.remark), AmountKind.AID)


def moment_of(text: str) -> int:
    """Return the first moment of `2021-07-12`, `2021-07` or `2021` in UTC+8, 0 for nothing."""
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    year, month, day = (*parts, 1, 1)[:3] if parts else (0, 0, 0)
    return ms_of(date(year, month, day)) if year else 0
