"""Leave out quiet households cheaply: those whose every input is known and whom every rule denies.

Three-valued `and` and `or` cost an engine far more than comparisons. Where nothing is unknown two values are enough, and there
they are comparisons too: `a and b` is `a > (not b)`, `a or b` is `(not a) <= b`. An unknown input makes such a chain unknown,
and its household is kept for the rules' own logic; so what is left out is exactly what the rules would deny.
"""

from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq

from shanhai.engines.screening.compile import Source, Truths, columns_of, joined
from shanhai.engines.screening.lang import core
from shanhai.engines.screening.lang.normal import normal
from shanhai.engines.screening.plan import Plan

_NO = ibis.literal(value=False)
MOST_UNKNOWN = 0.3
"""Unknown inputs a household, on average, above which most households are kept and nothing is gained."""


def worthwhile(data: Path, source: Source, plan: Plan) -> bool:
    """Return whether most households have all their inputs, by the file's own statistics."""
    if len(source.columns) < len(plan.ruleset.used_fields):
        return False
    found = pq.read_metadata(data)
    used, blank = set(source.columns.values()), 0
    for group in (found.row_group(index) for index in range(found.num_row_groups)):
        for column in (group.column(index) for index in range(group.num_columns)):
            if column.path_in_schema in used:
                stats = column.statistics
                blank += stats.null_count if stats and stats.has_null_count else group.num_rows
    return bool(blank <= MOST_UNKNOWN * found.num_rows)


def loud(table: Any, source: Source, plan: Plan, classes: Any) -> Any:
    """Return the households that are not quiet, with the columns that the source names.

    Args:
        table: An Ibis table, one row a household.
        source: Where its fields are; it has all of them.
        plan: The rules with their values.
        classes: As `compile.truths` takes them.
    """
    rows = joined(table, source, plan, classes)
    says = _Says(plan, columns_of(rows, source, plan))
    quiet = None
    for rule in plan.ruleset.rules:
        piece = bare(normal(rule.core))
        if piece == core.Yes(value=False):
            continue
        quiet = says.says(piece, holds=False) if quiet is None else quiet > says.says(piece)
    if quiet is not None:
        rows = rows.filter(quiet.fill_null(_NO) == _NO)
    kept = dict.fromkeys(filter(None, (source.key, source.region, *source.columns.values())))
    return rows.select(*kept)


def bare(piece: core.Core) -> core.Core:
    """Return a truth as it is where no rule fires, simplified."""
    if isinstance(piece, core.Rule):
        return core.Yes(value=False)
    if isinstance(piece, core.Present) and isinstance(piece.of, core.Rule):
        return core.Yes(value=True)
    if isinstance(piece, core.No):
        of = bare(piece.of)
        return core.Yes(not of.value) if isinstance(of, core.Yes) else core.No(of)
    if isinstance(piece, core.Both | core.Either):
        return _joint(piece, bare(piece.left), bare(piece.right))
    return piece


def _joint(piece: core.Both | core.Either, left: core.Core, right: core.Core) -> core.Core:
    settles = isinstance(piece, core.Either)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, core.Yes):
            return one if one.value == settles else other
    return type(piece)(left, right)


class _Says(Truths):
    """Turns truths into comparisons; what they compare is made as the rules make it."""

    def says(self, piece: core.Core, *, holds: bool = True) -> Any:
        """Return an Ibis truth that a piece holds, or does not; exact where no input is unknown."""
        if isinstance(piece, core.No):
            return self.says(piece.of, holds=not holds)
        if isinstance(piece, core.Both | core.Either):
            every = isinstance(piece, core.Both) == holds
            left = self.says(piece.left, holds=holds == every)
            right = self.says(piece.right, holds=holds != every)
            return left > right if every else left <= right
        if isinstance(piece, core.OneOf):
            return self._one_of(piece, holds=holds)
        return self.made(normal(piece, holds=holds))

    def _one_of(self, piece: core.OneOf, *, holds: bool) -> Any:
        of = self.made(piece.of)
        first, *others = piece.values
        other = of != first
        for value in others:
            other = other > (of == value)
        return other == _NO if holds else other
