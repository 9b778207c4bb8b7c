"""Types and views shared by the tests of imports."""

from collections.abc import Callable, Sequence

from shanhai.domains.imports.result import ImportResult

Rows = Sequence[Sequence[object]]
Read = Callable[..., ImportResult]


def codes(result: ImportResult) -> list[str]:
    """Return the codes of the errors."""
    return [problem.code for problem in result.errors]


def brief(result: ImportResult) -> list[tuple[str, str, int | None, int]]:
    """Return name, county, fen and row of each project."""
    return [(p.name, p.county_code, p.amount_fen, p.source_row) for p in result.projects]
