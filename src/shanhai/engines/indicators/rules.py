"""What happens to scores beyond the arithmetic: deductions, bonuses, minimum standards, vetoes; then grades and ranks.

Rules are applied in the scheme's order, each leaving a trace with its article. A veto or minimum caps the grade, the
score, or both. Grades are by threshold or by quota, ranks fall with ties at their minimum, both within a time.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.combine import Combined
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.formula import Formula
from shanhai.engines.indicators.frame import Note
from shanhai.engines.indicators.parts import Rule
from shanhai.engines.indicators.scheme import Scheme
from shanhai.engines.indicators.table import Table


@dataclass(slots=True)
class Judged:
    """Scores, ranks and grades of every row.

    Attributes:
        scores: After the rules, shape (n,).
        ranks: Within the time, 1 best, NaN without a score.
        class_ranks: Within time and class, None without classes.
        grades: Grade names, "" without a score; None without grades.
        applied: What rules did to each row.
        notes: What must be told.
    """

    scores: Floats
    ranks: Floats
    class_ranks: Floats | None
    grades: list[str] | None
    applied: list[list[dict[str, Any]]]
    notes: list[Note] = field(default_factory=list)


def judge(scheme: Scheme, table: Table, done: Combined) -> Judged:
    """Apply the rules, then grade and rank.

    Raises:
        InvalidInputError: If a rule's formula names nothing known or gives no number.
    """
    columns = dict(table.numbers)
    columns |= {code: table.numbers[one.heading] for code, one in scheme.indicators.items()}
    columns |= {node: done.values[node] for node in done.tree.order}
    n = len(table.units)
    judged = Judged(done.scores.copy(), np.empty(n), None, None, [[] for _ in range(n)])
    caps = np.zeros(n, dtype=int)
    for at, rule in enumerate(scheme.rules):
        _apply(rule, f"rules[{at}]", columns, judged, caps, scheme, table)
    judged.notes += [
        Note(
            "no_score",
            table.row_name(row),
            f"{table.row_name(row)} 没有得分：数据不足，不排名次",
            f"{table.row_name(row)} has no score for want of data, and no rank",
        )
        for row in np.flatnonzero(np.isnan(done.scores)).tolist()
    ]
    time = table.keys.get("time")
    judged.ranks = _ranked(judged.scores, time)
    classes = table.keys.get("class")
    if classes is not None:
        judged.class_ranks = _ranked(judged.scores, _joined(time, classes))
    if scheme.grades is not None:
        by = table.keys[scheme.grades.by] if scheme.grades.by else None
        judged.grades = graded(scheme, judged.scores, caps, _joined(time, by))
    return judged


def _joined(time: tuple[str, ...] | None, keys: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if time is None or keys is None:
        return time or keys
    return tuple(f"{a}\0{b}" for a, b in zip(time, keys, strict=True))


def _ranked(scores: Floats, keys: tuple[str, ...] | None) -> Floats:
    ranks = np.empty(len(scores))
    for rows in arrays.groups(keys, len(scores)):
        ranks[rows] = arrays.ranks_down(scores[rows])
    return ranks


def _apply(
    rule: Rule,
    place: str,
    columns: dict[str, Floats],
    judged: Judged,
    caps: Any,
    scheme: Scheme,
    table: Table,
) -> None:
    name = rule.name or f"{rule.kind} {place}"
    told = {"rule": name, "kind": rule.kind, "article": rule.article}
    hit, unknown = _hit(rule, place, columns, table)
    for row in np.flatnonzero(unknown).tolist():
        unit = table.row_name(row)
        judged.notes.append(
            Note(
                "rule_unknown",
                place,
                f"规则“{name}”对 {unit} 无法判断：所需数据缺失，未适用",
                f"Rule {name!r} cannot be judged for {unit}: its data is missing; not applied",
            )
        )
    if rule.kind in {"deduction", "bonus"}:
        _points(rule, place, columns, judged, table, hit, told)
        return
    for row in np.flatnonzero(hit).tolist():
        judged.applied[row].append(
            told
            | ({"grade": rule.grade} if rule.grade else {})
            | ({"score": rule.score} if rule.score is not None else {})
        )
    if rule.score is not None:
        judged.scores[hit] = np.minimum(judged.scores[hit], rule.score)
    if rule.grade and scheme.grades is not None:
        names = [grade.name for grade in scheme.grades.grades]
        caps[hit] = np.maximum(caps[hit], names.index(rule.grade))


def _hit(rule: Rule, place: str, columns: dict[str, Floats], table: Table) -> tuple[Any, Any]:
    """Return for which rows a rule holds, and for which nobody knows."""
    n = len(table.units)
    hit, unknown = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    if rule.when:
        values = Formula(rule.when, f"{place}.when").values(columns, table.units)
        hit, unknown = hit & (values > 0), unknown | np.isnan(values)
    if rule.kind == "minimum":
        values = columns[rule.of]
        assert rule.least is not None  # noqa: S101 - asked for when the scheme was read
        hit, unknown = hit & (values < rule.least), unknown | np.isnan(values)
    return hit & ~unknown, unknown


def _points(
    rule: Rule,
    place: str,
    columns: dict[str, Floats],
    judged: Judged,
    table: Table,
    hit: Any,
    told: dict[str, Any],
) -> None:
    points = Formula(rule.points, f"{place}.points").values(columns, table.units)
    if (points < 0).any():
        row = int(np.argmax(points < 0))
        detail = f"{table.row_name(row)}: {points[row]:g} < 0"
        raise refused("value", place=f"{place}.points", detail=detail)
    points = np.minimum(points, np.inf if rule.max is None else rule.max)
    counted = hit & ~np.isnan(points) & (points > 0)
    for row in np.flatnonzero(hit & np.isnan(points)).tolist():
        unit = table.row_name(row)
        judged.notes.append(
            Note(
                "rule_unknown",
                place,
                f"{unit} 的加扣分数据缺失，未加未扣",
                f"The points of {unit} are missing; none added or deducted",
            )
        )
    sign = -1 if rule.kind == "deduction" else 1
    judged.scores[counted] += sign * points[counted]
    for row in np.flatnonzero(counted).tolist():
        judged.applied[row].append(told | {"points": sign * float(points[row])})


def graded(scheme: Scheme, scores: Floats, caps: Any, keys: tuple[str, ...] | None) -> list[str]:
    """Return each row's grade; "" without a score.

    Args:
        scheme: With its grades.
        scores: Shape (n,).
        caps: Index of the best grade each row may still get, shape (n,).
        keys: Within what quotas are taken.
    """
    assert scheme.grades is not None  # noqa: S101 - the caller asked
    names = [grade.name for grade in scheme.grades.grades]
    at = np.maximum(grade_index(scheme, scores, keys), caps)
    return ["" if np.isnan(score) else names[i] for score, i in zip(scores, at, strict=True)]


def grade_index(scheme: Scheme, scores: Floats, keys: tuple[str, ...] | None) -> Any:
    """Return the index of each row's grade, 0 best, shape as scores (..., n)."""
    grades = scheme.grades
    assert grades is not None  # noqa: S101 - the caller asked
    last = len(grades.grades) - 1
    if grades.method == "threshold":
        bounds = [grade.from_ for grade in grades.grades if grade.from_ is not None]
        found = sum(
            ((scores < bound - 1e-12) for bound in bounds[: last or None]),
            np.zeros(scores.shape, dtype=int),
        )
        return np.minimum(found, last)
    index = np.full(scores.shape, last)
    shares = np.cumsum([grade.share or 0.0 for grade in grades.grades[:last]])
    for rows in arrays.groups(keys, scores.shape[-1]):
        ranks = arrays.ranks_down(scores[..., rows])
        count = (~np.isnan(scores[..., rows])).sum(axis=-1, keepdims=True)
        taken = [ranks > np.floor(share * count + 1e-9) for share in shares]
        index[..., rows] = sum(taken, np.zeros(ranks.shape, dtype=int))
    return index
