"""Who gives to whom: money by pair, so that each donor's payment is placed with its partners.

`flow`: the partners' needs are met as evenly as the pairs allow (max-min fair shares by parametric bipartite flow, after
Megiddo 1974: where a set of donors has too few partners, that set is solved by itself). `ras`: iterative proportional
fitting (Bacharach 1970) of the pairs' weights to both margins. Both keep each pair's minimum.
"""

from collections import deque
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from shanhai.engines.fiscal.exact import Number, Vector, divide, share_out, tame
from shanhai.engines.fiscal.level import water_level

Edge = tuple[int, int]
Flows = dict[Edge, int]
ROUNDS = 200
_GUARD = 64
"""Bits below the fen that proportional fitting carries."""


class Pairing(NamedTuple):
    """A pairing problem.

    Attributes:
        pays: What each donor pays, whole fen, by unit.
        wants: What each recipient is due by the rule, by unit; only the proportions count.
        edges: The pairs (donor, recipient) with the least each gets, whole fen.
        weights: What proportional fitting starts from, above 0, such as last year's amounts; 1 each if left out.
    """

    pays: Mapping[int, int]
    wants: Mapping[int, Number]
    edges: Mapping[Edge, int]
    weights: Mapping[Edge, Number] = {}


class PairError(ValueError):
    """A donor has no partner, or its minimums exceed what it pays; carries the donor and how much is lacking."""

    def __init__(self, donor: int, lacking: int) -> None:
        super().__init__(donor, lacking)
        self.donor, self.lacking = donor, lacking


def by_flow(problem: Pairing) -> Flows:
    """Place every donor's payment with its partners, the partners' needs met as evenly as can be.

    Returns:
        Whole fen a pair; a donor's pairs add up to what it pays.

    Raises:
        PairError: If a donor's minimums exceed what it pays, or it has no partner.
    """
    rest, base = _after_minimums(problem)
    flows, targets = dict(problem.edges), _Targets(problem, base)
    for donors, recipients in _parts(problem):
        part = {e for e in problem.edges if e[0] in donors}
        for edge, amount in _even(donors, recipients, part, rest, targets).items():
            flows[edge] += amount
    return flows


def _after_minimums(problem: Pairing) -> tuple[dict[int, int], dict[int, int]]:
    rest, base = dict(problem.pays), dict.fromkeys(problem.wants, 0)
    for (donor, recipient), least in problem.edges.items():
        rest[donor] -= least
        base[recipient] += least
    for donor, left in rest.items():
        partners = any(edge[0] == donor for edge in problem.edges)
        if left < 0 or (left and not partners):
            raise PairError(donor, max(0, -left))
    return rest, base


def _parts(problem: Pairing) -> list[tuple[set[int], set[int]]]:
    """Split the pairs into what hangs together."""
    found: list[tuple[set[int], set[int]]] = []
    left = {d for d, _ in problem.edges}
    while left:
        donors, recipients, fresh = {min(left)}, set[int](), True
        while fresh:
            reached = {r for d, r in problem.edges if d in donors}
            more = {d for d, r in problem.edges if r in reached}
            fresh = not (more <= donors and reached <= recipients)
            donors, recipients = donors | more, recipients | reached
        found.append((donors, recipients))
        left -= donors
    return found


class _Targets:
    """What each recipient may take at a common level of need met."""

    def __init__(self, problem: Pairing, base: Mapping[int, int]) -> None:
        self.wants, self.base = problem.wants, base

    def at(self, recipients: list[int], pool: int) -> dict[int, int]:
        """Return the room of each when `pool` is filled into them from below, whole fen."""
        own = [r for r in recipients if self.wants[r] > 0]
        if own:
            values = [tame(divide(self.base[r], self.wants[r])) for r in own]
            level = water_level(values, [self.wants[r] for r in own], pool)
            amounts: Vector = [
                max(0, level - value) * self.wants[r] for r, value in zip(own, values, strict=True)
            ]
        else:
            own, amounts = recipients, [divide(pool, len(recipients)) for _ in recipients]
        return dict.fromkeys(recipients, 0) | dict(zip(own, share_out(amounts, pool), strict=True))


def _even(
    donors: set[int],
    recipients: set[int],
    edges: set[Edge],
    rest: Mapping[int, int],
    targets: _Targets,
) -> Flows:
    pool = sum(rest[d] for d in donors)
    room = targets.at(sorted(recipients), pool)
    flows, reached = _greatest(sorted(donors), sorted(edges), rest, room)
    if sum(flows.values()) == pool:
        return flows
    stuck = reached & donors
    near = {r for d, r in edges if d in stuck}
    inner = _even(stuck, near, {e for e in edges if e[0] in stuck}, rest, targets)
    others, far = donors - stuck, recipients - near
    outer = _even(others, far, {e for e in edges if e[0] in others and e[1] in far}, rest, targets)
    return dict.fromkeys(edges, 0) | inner | outer


def _greatest(
    donors: list[int], edges: list[Edge], rest: Mapping[int, int], room: Mapping[int, int]
) -> tuple[Flows, set[int]]:
    """Return a greatest flow and the units still reachable from donors with money left (shortest paths)."""
    flows: Flows = dict.fromkeys(edges, 0)
    left, space = {d: rest[d] for d in donors}, dict(room)
    while True:
        before = _search(edges, flows, left)
        end = next((r for r in sorted(before) if space.get(r, 0) > 0), None)
        if end is None:
            return flows, set(before)
        path: list[int] = [end]
        while (previous := before[path[-1]]) is not None:
            path.append(previous)
        path.reverse()
        steps = list(pairwise(path))
        backs = [flows[b, a] for a, b in steps if (b, a) in flows]
        amount = min([left[path[0]], space[end], *backs])
        for a, b in steps:
            edge, sign = ((a, b), 1) if (a, b) in flows else ((b, a), -1)
            flows[edge] += sign * amount
        left[path[0]] -= amount
        space[end] -= amount


def _search(edges: list[Edge], flows: Flows, left: Mapping[int, int]) -> dict[int, int | None]:
    before: dict[int, int | None] = {d: None for d, money in left.items() if money > 0}
    queue = deque(before)
    while queue:
        here = queue.popleft()
        for donor, recipient in edges:
            onward = recipient if donor == here else None
            if recipient == here and flows[donor, recipient] > 0:
                onward = donor
            if onward is not None and onward not in before:
                before[onward] = here
                queue.append(onward)
    return before


def by_ras(problem: Pairing) -> Flows:
    """Fit the pairs' amounts to what donors pay and recipients are due, by turns; donors' sums are met exactly.

    Starts from the pairs' weights times the recipients' dues, scaled to what there is within each part that hangs
    together; minimums are kept.

    Returns:
        Whole fen a pair.

    Raises:
        PairError: If a donor's minimums exceed what it pays, or it has no partner.
    """
    rest, base = _after_minimums(problem)
    targets, flows = _Targets(problem, base), dict(problem.edges)
    for donors, recipients in _parts(problem):
        part = sorted(e for e in problem.edges if e[0] in donors)
        room = targets.at(sorted(recipients), sum(rest[d] for d in donors))
        fitted = {
            e: max(int(max(room[e[1]], 1) * problem.weights.get(e, 1) * 2**_GUARD), 1) for e in part
        }
        for _ in range(ROUNDS):
            before, fitted = fitted, _margin(_margin(fitted, 1, room), 0, rest)
            if fitted == before:
                break
        for donor in sorted(donors):
            own = [e for e in part if e[0] == donor]
            for edge, amount in zip(
                own,
                share_out([Fraction(fitted[e], 1 << _GUARD) for e in own], rest[donor]),
                strict=True,
            ):
                flows[edge] += amount
    return flows


def _margin(flows: Mapping[Edge, int], side: int, wanted: Mapping[int, int]) -> Flows:
    """Scale the amounts at each end of one side to what is wanted there; no amount dies out before its donor's sum."""
    sums = dict[int, int]()
    for edge, amount in flows.items():
        sums[edge[side]] = sums.get(edge[side], 0) + amount
    found = {}
    for edge, amount in flows.items():
        due = wanted[edge[side]] << _GUARD
        found[edge] = max(1, amount * due // sums[edge[side]])
    return found
