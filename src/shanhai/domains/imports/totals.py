"""Checking stated totals against the projects they may cover."""

from collections.abc import Sequence

import msgspec


class Event(msgspec.Struct, frozen=True):
    """A row as the sums see it.

    Attributes:
        kind: `project`, `total` or `heading`.
        fen: Amount, or None where unknown or not read.
        row: Row as the spreadsheet counts it.
    """

    kind: str
    fen: int | None
    row: int


class Verdict(msgspec.Struct, frozen=True):
    """A total that does not hold (`sum_fen` set) or could not be checked (`sum_fen` None)."""

    row: int
    stated_fen: int
    sum_fen: int | None


def check_totals(events: Sequence[Event]) -> list[Verdict]:
    """Return the totals that agree with no group of projects around them.

    A total may stand above or below what it covers: the rows back to the last total or heading, the rows down
    to the next, all rows above, all rows below, or the whole table. Prefix sums keep this linear.

    Args:
        events: Every row of one table in order.
    """
    sums, gaps, counts = [0], [0], [0]
    for event in events:
        project = event.kind == "project"
        sums.append(sums[-1] + ((event.fen or 0) if project else 0))
        gaps.append(gaps[-1] + (project and event.fen is None))
        counts.append(counts[-1] + project)
    verdicts = []
    for at, event in enumerate(events):
        if event.kind != "total" or event.fen is None:
            continue
        spans = [(a, b) for a, b in _spans(events, at) if counts[b] > counts[a]]
        if any(sums[b] - sums[a] == event.fen and gaps[a] == gaps[b] for a, b in spans):
            continue
        whole = bool(spans) and all(gaps[a] == gaps[b] for a, b in spans)
        found = sums[spans[0][1]] - sums[spans[0][0]] if whole else None
        verdicts.append(Verdict(event.row, event.fen, found))
    return verdicts


def _spans(events: Sequence[Event], at: int) -> list[tuple[int, int]]:
    """Return half-open ranges of events that the total at `at` may cover, likeliest first."""
    before = _edge(events, at, -1, {"total", "heading"}), _edge(events, at, -1, {"total"})
    after = _edge(events, at, 1, {"total", "heading"}), _edge(events, at, 1, {"total"})
    end = len(events)
    return [
        (before[0] + 1, at),
        (before[1] + 1, at),
        (0, at),
        (at + 1, after[0]),
        (at + 1, after[1]),
        (at + 1, end),
        (0, end),
    ]


def _edge(events: Sequence[Event], at: int, step: int, kinds: set[str]) -> int:
    """Return the nearest row of some kinds beyond the adjacent ones, or the end."""
    place = at + step
    while 0 <= place < len(events) and events[place].kind not in kinds:
        place += step
    return place
