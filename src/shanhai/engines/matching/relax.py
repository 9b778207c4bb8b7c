"""Why a need has too few offers, and the smallest relaxation of its conditions that would give it enough."""

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from shanhai.engines.matching.program import TABLE
from shanhai.engines.matching.rows import UNKNOWN
from shanhai.engines.matching.scan import failures

if TYPE_CHECKING:
    from shanhai.engines.matching.loaded import Loaded


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a need's way.

    Attributes:
        id: The need.
        eligible: Offers that pass everything.
        rejected: Offers that each predicate rejects, whatever else does.
        relax: Predicates to relax together, the fewest that give enough; empty where enough are eligible or nothing helps.
        gains: Eligible offers after that.
        by: Where one number is relaxed, by how much at least, in stored units (thousandths, fen, days); else null.
        zh: The advice in Chinese.
        en: In English.
    """

    id: str
    eligible: int
    rejected: dict[str, int]
    relax: list[str]
    gains: int
    by: int | None
    zh: str
    en: str


def advise(loaded: "Loaded", need: int, k: int) -> Advice:
    """Return the smallest relaxation that gives a need k offers.

    Args:
        loaded: Inputs, compiled.
        need: Number of the need.
        k: Offers wanted.
    """
    fails = _by_predicate(loaded, need)
    eligible = int((fails == 0).sum())
    predicates = loaded.profile.predicates
    rejected = {one.name: int((fails >> p & 1).sum()) for p, one in enumerate(predicates)}
    chosen, gains = (
        _fewest(Counter(fails.tolist()), len(predicates), k) if eligible < k else ((), eligible)
    )
    by = _how_far(loaded, need, chosen[0], fails, k - eligible) if len(chosen) == 1 else None
    zh, en = _words(loaded, chosen, gains, enough=eligible >= k)
    names = [predicates[p].name for p in chosen]
    return Advice(
        id=loaded.needs.ids[need],
        eligible=eligible,
        rejected=rejected,
        relax=names,
        gains=gains,
        by=by,
        zh=zh,
        en=en,
    )


def _by_predicate(loaded: "Loaded", need: int) -> Any:
    """Return for each offer the predicates that it fails, as bits."""
    tests = failures(loaded.program, need)
    found = np.zeros(len(tests), np.int64)
    for t, owner in enumerate(loaded.compiled.owner):
        found |= (tests >> t & 1) << owner
    return found


def _fewest(masks: Counter[int], count: int, k: int) -> tuple[tuple[int, ...], int]:
    """Return the fewest predicates whose relaxation gives k offers, the first in the profile's order."""
    for size in range(1, count + 1):
        for some in combinations(range(count), size):
            open_to = sum(1 << p for p in some)
            gains = sum(n for mask, n in masks.items() if mask & ~open_to == 0)
            if gains >= k:
                return some, gains
    return (), sum(n for mask, n in masks.items() if mask == 0)


def _how_far(loaded: "Loaded", need: int, chosen: int, fails: Any, more: int) -> int | None:
    """Return by how much one number must give way so that `more` further offers pass."""
    tests = [t for t, owner in enumerate(loaded.compiled.owner) if owner == chosen]
    if len(tests) != 1 or loaded.program.tests[tests[0]][0] == TABLE:
        return None
    test = loaded.program.tests[tests[0]]
    mine = loaded.program.need[test[1], need]
    theirs = loaded.program.offer[test[2]][fails == 1 << chosen]
    known = theirs[theirs != UNKNOWN]
    if mine == UNKNOWN or len(known) < more:
        return None
    return int(np.sort(np.abs(known - mine))[more - 1])


def _words(
    loaded: "Loaded", chosen: tuple[int, ...], gains: int, *, enough: bool
) -> tuple[str, str]:
    if enough:
        return "符合条件的已足够", "Enough are eligible"
    if not chosen:
        return "放宽任何条件都不够", "No relaxation gives enough"
    some = [loaded.profile.predicates[p] for p in chosen]
    zh, en = "、".join(one.zh for one in some), " and ".join(one.en for one in some)
    return f"若放宽“{zh}”，可有 {gains} 个", f"Relaxing “{en}” would give {gains}"
