"""What a profile's run writes: pairs with parts and reasons, and a report with rejections and certificate."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from shanhai.engines.matching import tables
from shanhai.engines.matching.loaded import Inputs, Loaded
from shanhai.engines.matching.market import Ints
from shanhai.engines.matching.profile import Profile, parts_of_score
from shanhai.engines.matching.relax import Advice, advise
from shanhai.engines.matching.result import Certificate
from shanhai.engines.matching.scan import count_rejections, parts_of
from shanhai.kernel.text import Text

_COUNTED = 300_000_000
"""Pairs up to which rejections are counted over all of them."""
_ADVISED = 200


class Made(NamedTuple):
    """Pairs made, with scores and, in online mode, prices taken off for ranking."""

    left: Ints
    right: Ints
    score: Ints
    certificate: Certificate | None
    price: dict[str, float]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run says beside its pairs.

    Attributes:
        profile: Name of the profile as it was given.
        version: Version of its weights.
        mode: How it was matched.
        seed: Of the lottery.
        inputs: SHA-256 of each file, by role, and its name.
        candidates: How many offers a need could keep; 0 means every eligible one.
        eligible: Pairs that pass every predicate; null where too many to count.
        rejections: By predicate: pairs rejected, needs and offers that it shuts out of everything, and the words.
        unserved: Needs without an eligible offer, with the smallest relaxation that would give one.
        certificate: Of the matching; null in top-k and online mode.
        prices: Threshold price by offer, points, where there are prices.
        absent: Columns that the profile names and the needs or the offers lack: unknown for everybody.
    """

    profile: str
    version: str
    mode: str
    seed: int
    inputs: dict[str, dict[str, str]]
    candidates: int
    eligible: int | None
    rejections: list[dict[str, Any]]
    unserved: list[Advice]
    certificate: Certificate | None
    prices: dict[str, float]
    absent: dict[str, list[str]] = {}


def report_path(out: Path) -> Path:
    """Return where the report of a result is."""
    return out.with_name(f"{out.name}.report.json")


def report_of(loaded: Loaded, inputs: Inputs, made: Made, k: int) -> Report:
    """Return the report of a run; `k` is how many offers a need could keep, 0 for every eligible one."""
    profile, needs, offers = loaded.profile, loaded.needs, loaded.offers
    eligible, rejections, unserved = None, [], []
    if len(needs.ids) * len(offers.ids) <= _COUNTED:
        by_need, by_offer, open_to = count_rejections(loaded.program)
        eligible = int(open_to.sum())
        rejections = _rejections(loaded, by_need, by_offer)
        shut = np.flatnonzero(open_to == 0)[:_ADVISED].tolist()
        unserved = sorted((advise(loaded, need, 1) for need in shut), key=lambda one: one.id)
    files = {"needs": inputs.needs, "offers": inputs.offers, "wishes": inputs.wishes}
    files |= {"centres": inputs.centres, "prices": inputs.prices}
    return Report(
        profile=inputs.profile,
        version=profile.version,
        mode=profile.mode,
        seed=profile.seed,
        inputs={role: _digest(path) for role, path in files.items() if path is not None},
        candidates=k,
        eligible=eligible,
        rejections=rejections,
        unserved=unserved,
        certificate=made.certificate,
        prices=made.price,
        absent=loaded.absent(),
    )


def _digest(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {"file": str(path), "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _rejections(loaded: Loaded, by_need: Ints, by_offer: Ints) -> list[dict[str, Any]]:
    found = []
    for number, one in enumerate(loaded.profile.predicates):
        tests = [t for t, owner in enumerate(loaded.compiled.owner) if owner == number]
        mine, theirs = by_need[:, tests].sum(axis=1), by_offer[:, tests].sum(axis=1)
        found.append(
            {
                "predicate": one.name,
                "pairs": int(mine.sum()),
                "needs_shut_out": int((mine >= len(loaded.offers.ids)).sum()),
                "offers_shut_out": int((theirs >= len(loaded.needs.ids)).sum()),
                "zh": one.zh,
                "en": one.en,
            }
        )
    return found


def write_pairs(loaded: Loaded, made: Made, out: Path) -> None:
    """Write pairs sorted by need and rank, with the points of each part and the reasons."""
    profile = loaded.profile
    parts = parts_of_score(profile)
    rows = []
    for left, right, score in zip(
        made.left.tolist(), made.right.tolist(), made.score.tolist(), strict=True
    ):
        points = [int(one) for one in parts_of(loaded.program, left, right)]
        rank = (
            score - made.price.get(loaded.offers.ids[right], 0)
            if profile.mode == "online"
            else score
        )
        rows.append((loaded.needs.ids[left], -rank, loaded.offers.ids[right], score, points))
    rows.sort()
    order: list[int] = []
    last = ""
    for need, *_ in rows:
        order.append(order[-1] + 1 if need == last else 1)
        last = need
    columns: dict[str, list[Any]] = {
        "need": [row[0] for row in rows],
        "offer": [row[2] for row in rows],
        "score": [row[3] for row in rows],
        "rank": order,
    }
    columns |= {part.name: [row[4][k] for row in rows] for k, part in enumerate(parts)}
    for lang in ("zh", "en"):
        columns[f"reason_{lang}"] = [reason(profile, row[4], lang) for row in rows]
    tables.write_table(out, columns)


def reason(profile: Profile, points: list[int], lang: str) -> str:
    """Say in one language what a score is made of; parts without points are left out."""
    said = []
    for part, got in zip(parts_of_score(profile), points, strict=True):
        if got:
            weight = getattr(part, "weight", got)
            said.append(Text(part.zh, part.en).say(lang, {"part": got, "weight": weight}))
    return ("；" if lang == "zh" else "; ").join(said)
