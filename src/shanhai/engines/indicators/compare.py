"""Compare two results: whose rank and grade moved, how alike the orders are, and what the schemes do otherwise."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from scipy import stats

from shanhai.engines.indicators.errors import refused


def read_result(folder: Path) -> dict[str, Any]:
    """Read the result.json of a run.

    Args:
        folder: Its `--out` folder, or the file itself.

    Raises:
        InvalidInputError: If there is none, or it is none.
    """
    path = folder / "result.json" if folder.is_dir() else folder
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise refused("result", file=str(folder), detail=str(error)) from error
    if not isinstance(found, dict) or not {"units", "nodes", "scheme"} <= found.keys():
        raise refused("result", file=str(folder), detail="units, nodes or scheme is missing")
    return found


def compare(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Compare two results.

    Returns:
        `summary`, `units` (a row for each, in the order of A's ranks) and `scheme` (what is done otherwise).
    """
    first, second = _by_key(a), _by_key(b)
    both = [key for key in first if key in second]
    rows = [_row(key, first[key], second[key]) for key in both]
    rows.sort(
        key=lambda row: (row["rank_a"] is None, row["rank_a"] or 0, row["unit"], row["time"] or "")
    )
    ranked = [row for row in rows if row["rank_a"] is not None and row["rank_b"] is not None]
    x = np.array([row["score_a"] for row in ranked], dtype=float)
    y = np.array([row["score_b"] for row in ranked], dtype=float)
    shifts = [abs(row["rank_change"]) for row in ranked]
    told = len(ranked) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0  # noqa: PLR2004 - two points correlate always
    summary = {
        "both": len(both),
        "only_a": sorted(" ".join(key).strip() for key in first if key not in second),
        "only_b": sorted(" ".join(key).strip() for key in second if key not in first),
        "pearson": float(stats.pearsonr(x, y)[0]) if told else None,
        "spearman": float(stats.spearmanr(x, y)[0]) if told else None,
        "kendall": float(stats.kendalltau(x, y)[0]) if told else None,
        "mean_abs_rank_change": float(np.mean(shifts)) if shifts else None,
        "max_abs_rank_change": max(shifts, default=None),
        "grades_changed": sum(row["grade_a"] != row["grade_b"] for row in rows),
    }
    return {"summary": summary, "scheme": _differences(a, b), "units": rows}


def _by_key(found: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["unit"], row.get("time", "")): row for row in found["units"]}


def _row(key: tuple[str, str], a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    ranks, scores = (a["rank"], b["rank"]), (a["score"], b["score"])
    return {
        "unit": key[0],
        "time": key[1] or None,
        "score_a": scores[0],
        "score_b": scores[1],
        "score_change": None if None in scores else scores[1] - scores[0],
        "rank_a": ranks[0],
        "rank_b": ranks[1],
        "rank_change": None if None in ranks else ranks[0] - ranks[1],
        "grade_a": a.get("grade"),
        "grade_b": b.get("grade"),
    }


def _differences(a: dict[str, Any], b: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the two schemes do otherwise: steps, methods, children, weights."""
    found: list[dict[str, Any]] = []

    def differ(what: str, one: Any, other: Any) -> None:
        if one != other:
            found.append({"what": what, "a": one, "b": other})

    differ("scheme", a["scheme"].get("name"), b["scheme"].get("name"))
    differ("version", a["scheme"].get("version"), b["scheme"].get("version"))
    differ("steps", a.get("steps"), b.get("steps"))
    for code in sorted(a["nodes"].keys() | b["nodes"].keys()):
        one, other = a["nodes"].get(code, {}), b["nodes"].get(code, {})
        differ(f"{code}.aggregate", one.get("aggregate"), other.get("aggregate"))
        differ(f"{code}.weights", one.get("weights"), other.get("weights"))
        children = one.get("children", {}), other.get("children", {})
        for child in sorted(children[0].keys() | children[1].keys()):
            w, v = (some.get(child, {}).get("weight") for some in children)
            if w is None or v is None or abs(w - v) > 1e-12:  # noqa: PLR2004 - dust
                differ(f"{code}.{child}", w, v)
    return found
