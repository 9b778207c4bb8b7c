"""From best offers to a market: pairs, reserved posts, locks and exclusions."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching import tables
from shanhai.engines.matching.lottery import LEFT, RIGHT, keys
from shanhai.engines.matching.market import Ints, Keys, Market, Sides, from_pairs
from shanhai.engines.matching.profile import Profile
from shanhai.engines.matching.program import Program
from shanhai.engines.matching.rows import Rows
from shanhai.engines.matching.scan import Best, parts_of
from shanhai.kernel.errors import InvalidInputError

ALL = 2_000_000
"""Pairs up to which every eligible one is a candidate."""
LOCK, EXCLUDE = "lock", "exclude"


class Wishes(NamedTuple):
    """What a person decided: pairs that must be, and pairs that must not be."""

    locks: frozenset[tuple[int, int]] = frozenset()
    exclusions: frozenset[tuple[int, int]] = frozenset()


class Seats(NamedTuple):
    """The right side of the market: the offers, and after them their reserved posts.

    Attributes:
        offer: Shape (rights,), which offer each right is.
        capacity: Shape (rights,).
        reserved: Shape (rights,), which reserve it belongs to, −1 for open posts.
    """

    offer: Ints
    capacity: Ints
    reserved: Ints


def read_wishes(path: Path | None, needs: Rows, offers: Rows) -> Wishes:
    """Read locks and exclusions: columns need,offer,decision (lock or exclude).

    Raises:
        InvalidInputError: The file cannot be read, an id is unknown or a decision neither word, or a pair is both.
    """
    if path is None:
        return Wishes()
    table = tables.read_table(path, ("need", "offer", "decision"))
    found: dict[str, set[tuple[int, int]]] = {LOCK: set(), EXCLUDE: set()}
    mine, theirs = ({one: k for k, one in enumerate(side.ids)} for side in (needs, offers))
    rows = zip(*(table[name].to_pylist() for name in ("need", "offer", "decision")), strict=True)
    for number, (need, offer, decision) in enumerate(rows):
        for one, known in ((str(need), mine), (str(offer), theirs)):
            if one not in known:
                raise InvalidInputError("match.unknown_id", id=one[:40])
        if decision not in found:
            raise InvalidInputError(
                "match.value", file=path.name, row=number + 2, column="decision",
                value=str(decision)[:40], wanted=f"{LOCK} / {EXCLUDE}",
            )  # fmt: skip
        found[decision].add((mine[str(need)], theirs[str(offer)]))
    both = found[LOCK] & found[EXCLUDE]
    if both:
        need, offer = min(both)
        detail = f"{needs.ids[need]}–{offers.ids[offer]}: lock, exclude"
        raise InvalidInputError("match.infeasible", detail=detail)
    return Wishes(frozenset(found[LOCK]), frozenset(found[EXCLUDE]))


def amounts(rows: Rows, column: str) -> Ints:
    """Return capacities or demands; 1 for everybody where the column lacks.

    Raises:
        InvalidInputError: A cell is blank or no whole number from 0 up.
    """
    if column not in rows.columns:
        return np.ones(len(rows.ids), np.int64)
    found = []
    for row, cell in enumerate(rows.text(column)):
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10):  # noqa: PLR2004 - below 2³¹
            raise InvalidInputError(
                "match.value",
                file=rows.file,
                row=row + 2,
                column=column,
                value=cell[:40],
                wanted="0, 1, 2 …",
            )
        found.append(int(cell))
    return np.array(found, np.int64)


def seats(profile: Profile, offers: Rows) -> Seats:
    """Return the posts of the offers, reserved ones apart.

    Raises:
        InvalidInputError: More posts are reserved than there are.
    """
    capacity = amounts(offers, profile.capacity)
    kept = [amounts(offers, one.offer) for one in profile.reserves if one.offer in offers.columns]
    over = sum(kept, np.zeros(len(capacity), np.int64)) > capacity
    if over.any():
        detail = f"{offers.ids[int(np.argmax(over))]}: 保留名额多于名额 more reserved than posts"
        raise InvalidInputError("match.infeasible", detail=detail)
    count, open_posts = len(capacity), capacity - sum(kept, np.zeros(len(capacity), np.int64))
    return Seats(
        np.tile(np.arange(count), 1 + len(kept)),
        np.concatenate([open_posts, *kept]),
        np.repeat(np.arange(-1, len(kept)), count),
    )


def market_of(
    profile: Profile, sides: tuple[Rows, Rows], best: Best, posts: Seats, wishes: Wishes
) -> Market:
    """Return the market of the candidates, less what is locked or excluded.

    Raises:
        InvalidInputError: A lock asks for more than a side takes.
    """
    needs, offers = sides
    left, at = np.nonzero(best.offer >= 0)
    right, score = best.offer[left, at].astype(np.int64), best.points[left, at].astype(np.int64)
    if wishes.locks or wishes.exclusions:
        taken = wishes.locks | wishes.exclusions
        free = np.array(
            [pair not in taken for pair in zip(left.tolist(), right.tolist(), strict=True)]
        )
        left, right, score = left[free], right[free], score[free]
    demand, capacity = amounts(needs, profile.demand), posts.capacity.copy()
    for need, offer in sorted(wishes.locks):
        _take(demand, need, needs.ids[need])
        _take(capacity, offer, offers.ids[offer])
    left, right, score = _with_reserved(profile, needs, posts, (left, right, score))
    seed = profile.seed
    right_keys = keys([f"{offers.ids[o]}\0{r}" if r >= 0 else offers.ids[o]
                       for o, r in zip(posts.offer, posts.reserved, strict=True)], seed, RIGHT)  # fmt: skip
    scores = _scores(profile, needs, keys(needs.ids, seed, LEFT), (left, score))
    given = Sides(capacity, demand, keys(needs.ids, seed, LEFT), right_keys)
    return from_pairs(left, right, scores, given, len(needs.ids))


def _take(amount: Ints, at: int, name: str) -> None:
    if amount[at] < 1:
        raise InvalidInputError(
            "match.infeasible", detail=f"{name}: 锁定超出名额 locked beyond its capacity"
        )
    amount[at] -= 1


def _with_reserved(
    profile: Profile, needs: Rows, posts: Seats, pairs: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints]:
    """Add each group's pairs to its reserved posts."""
    left, right, score = pairs
    offers = int(posts.offer.max(initial=-1)) + 1
    found = [pairs]
    for number in range(int(posts.reserved.max(initial=-1)) + 1):
        one = profile.reserves[number]
        member = np.array([one.value in cells for cells in needs.lists(one.need)], np.bool_)
        mine = member[left]
        found.append((left[mine], right[mine] + offers * (number + 1), score[mine]))
    return tuple(np.concatenate(some) for some in zip(*found, strict=True))  # type: ignore[return-value]


def _scores(
    profile: Profile, needs: Rows, drawn: Keys, pairs: tuple[Ints, Ints]
) -> NDArray[np.int64]:
    """Return what the market ranks by: one score, or in a lottery the need's draw on the right side."""
    left, score = pairs
    if profile.mode != "lottery":
        return score[:, None]
    first = np.zeros(len(needs.ids), np.int64)
    for one in profile.priorities:
        first |= np.array([one.value in cells for cells in needs.lists(one.need)], np.int64)
    draw = (first << 30) | (drawn >> np.uint64(34)).astype(np.int64)
    return np.stack([score, draw[left]], axis=1)


def two_sided(program: Program, profile: Profile, market: Market, posts: Seats) -> Market:
    """Return the market with both sides' own scores, for stable mode.

    A component's `side` says whose ranking it belongs to; priorities belong to both.
    """
    mine = np.array(
        [c.side in {"both", "need"} for c in profile.components] + [True] * len(profile.priorities)
    )
    theirs = np.array(
        [c.side in {"both", "offer"} for c in profile.components] + [True] * len(profile.priorities)
    )
    left = np.repeat(np.arange(market.lefts), np.diff(market.start))
    right = market.edge[:, 0].astype(np.int64)
    parts = np.array(
        [
            parts_of(program, i, posts.offer[j])
            for i, j in zip(left.tolist(), right.tolist(), strict=True)
        ]
    ).reshape(len(left), len(mine))
    scores = np.stack([parts[:, mine].sum(axis=1), parts[:, theirs].sum(axis=1)], axis=1)
    given = Sides(market.capacity, market.demand, market.left_key, market.right_key)
    return from_pairs(left, right, scores, given, market.lefts)
