"""Why a need got what it got: its offers with parts and thresholds, what rejected the rest, what would help."""

from pathlib import Path
from typing import Any

import msgspec

from shanhai.engines.matching import tables
from shanhai.engines.matching.loaded import Inputs, Loaded, load
from shanhai.engines.matching.profile import parts_of_score
from shanhai.engines.matching.relax import advise
from shanhai.engines.matching.report import Report, reason, report_path
from shanhai.engines.matching.scan import best_offers, parts_of
from shanhai.kernel.errors import InvalidInputError

_SHOWN = 5


def explain(result: Path, one: str, k: int = 1) -> dict[str, Any]:
    """Explain a need's, or an offer's, part in a result.

    Args:
        result: The pairs that `run` wrote, with their report beside them; the inputs must be where they were.
        one: Id of a need or of an offer.
        k: Offers that a need should have, for advice.

    Returns:
        A JSON-like dictionary; see the guide.

    Raises:
        InvalidInputError: The result, its report or an input cannot be read, or the id is unknown.
    """
    report = read_report(report_path(result))
    names = {role: Path(paper["file"]) for role, paper in report.inputs.items()}
    inputs = Inputs(report.profile, names["needs"], names["offers"], centres=names.get("centres"))
    loaded = load(inputs, report.mode, report.seed)
    table = tables.read_table(result, ("need", "offer", "score"))
    pairs = list(
        zip(*(map(str, table[name].to_pylist()) for name in ("need", "offer")), strict=True)
    )
    if one in loaded.needs.ids:
        return _need(loaded, report, pairs, one, k)
    if one in loaded.offers.ids:
        return _offer(loaded, report, pairs, one)
    raise InvalidInputError("match.unknown_id", id=one[:40])


def read_report(path: Path) -> Report:
    """Read the report of a run.

    Raises:
        InvalidInputError: It is missing or none of ours.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError) as error:
        raise InvalidInputError("match.no_report", file=path.name) from error


def _need(
    loaded: Loaded, report: Report, pairs: list[tuple[str, str]], one: str, k: int
) -> dict[str, Any]:
    need = loaded.needs.ids.index(one)
    held = [offer for left, offer in pairs if left == one]
    best = best_offers(loaded.program, _SHOWN + len(held), _alone(need))
    near = [loaded.offers.ids[o] for o in best.offer[0].tolist() if o >= 0]
    gains = [_score(loaded, one, offer) - report.prices.get(offer, 0.0) for offer in held]
    others = [offer for offer in near if offer not in held][:_SHOWN]
    return {
        "id": one,
        "side": "need",
        "result": [_pair(loaded, report, one, offer) for offer in held],
        "others": [
            _pair(loaded, report, one, offer)
            | _why_not(loaded, report, pairs, (one, offer), max(gains, default=0.0))
            for offer in others
        ],
        "advice": msgspec.to_builtins(advise(loaded, need, k)),
    }


def _offer(
    loaded: Loaded, report: Report, pairs: list[tuple[str, str]], one: str
) -> dict[str, Any]:
    holders = [need for need, right in pairs if right == one]
    return {
        "id": one,
        "side": "offer",
        "threshold": report.prices.get(one),
        "result": [_pair(loaded, report, need, one) for need in holders],
    }


def _alone(need: int) -> Any:
    import numpy as np  # noqa: PLC0415 - here alone

    return np.array([need], np.int64)


def _score(loaded: Loaded, need: str, offer: str) -> int:
    return int(sum(_points(loaded, need, offer)))


def _points(loaded: Loaded, need: str, offer: str) -> list[int]:
    at = (loaded.needs.ids.index(need), loaded.offers.ids.index(offer))
    return [int(one) for one in parts_of(loaded.program, *at)]


def _pair(loaded: Loaded, report: Report, need: str, offer: str) -> dict[str, Any]:
    points = _points(loaded, need, offer)
    parts = parts_of_score(loaded.profile)
    return {
        "need": need,
        "offer": offer,
        "score": sum(points),
        "parts": {part.name: got for part, got in zip(parts, points, strict=True)},
        "threshold": report.prices.get(offer),
        "zh": reason(loaded.profile, points, "zh"),
        "en": reason(loaded.profile, points, "en"),
    }


def _why_not(
    loaded: Loaded, report: Report, pairs: list[tuple[str, str]], pair: tuple[str, str], gain: float
) -> dict[str, str]:
    """Say why an eligible offer was not given; "higher scores" only where every holder's score is higher."""
    need, offer = pair
    holders, score = [left for left, right in pairs if right == offer], _score(loaded, need, offer)
    price = report.prices.get(offer, 0.0)
    if holders and all(_score(loaded, left, offer) > score for left in holders):
        return {"why_zh": "已被分更高者占满", "why_en": "It is filled by higher scores"}
    if price:
        net = score - price
        return {
            "why_zh": f"名额已满（门槛价 {price:g}）；净分 {net:g}，不高于现有结果的 {gain:g}",
            "why_en": f"It is full (threshold {price:g}); its net score of {net:g} is no more than the {gain:g} held",
        }
    return {"why_zh": "现有结果的得分不低于它", "why_en": "What is held scores no less"}
