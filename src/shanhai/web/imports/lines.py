"""What a preview shows of problems and projects."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shanhai.domains.imports.batches import Match
from shanhai.domains.imports.problems import Problem
from shanhai.domains.imports.result import Project
from shanhai.web.middleware import language

SHOWN, MOST_PROBLEMS = 50, 200


class ProblemLine(NamedTuple):
    """A complaint with its place."""

    place: str
    code: str
    text: str


class ProjectLine(NamedTuple):
    """A project that would be recorded, and the one that is already."""

    project: Project
    match: Match | None


def problems(found: Iterable[Problem]) -> list[ProblemLine]:
    """Return complaints, the first two hundred, with their places."""
    return [
        ProblemLine(_place(one), one.code, one.en if language() == "en" else one.zh)
        for _, one in zip(range(MOST_PROBLEMS), found, strict=False)
    ]


def _place(one: Problem) -> str:
    cell = f"{one.column}{one.row or ''}"
    return " ".join(part for part in (one.sheet, cell) if part) or "—"


def project_lines(projects: Iterable[Project], known: Mapping[str, Match]) -> list[ProjectLine]:
    """Return the projects with what is recorded of them."""
    return [ProjectLine(one, known.get(one.import_key)) for one in projects]
