"""Two runs side by side: who wins, who loses, what it does to equality, and what the rules say differently."""

import csv
import io
from typing import Any

import msgspec

from shanhai.engines.fiscal.exact import Number, divide, show, tame
from shanhai.engines.fiscal.report import measures
from shanhai.engines.fiscal.run import Result
from shanhai.engines.fiscal.scheme import Scheme
from shanhai.engines.fiscal.settling import same_units


def compare_csv(first: Result, second: Result) -> str:
    """Return unit, label, a_total_fen, b_total_fen, change_fen, verdict (winner, loser, same), and places before and after.

    `total_fen` is net plus top-ups; with `[report]` in both, `a_after`, `b_after` and their ranks (1 = highest) follow.
    """
    same_units(first, second)
    ratios = "after" in first.values and "after" in second.values
    heading = ["unit", "label", "a_total_fen", "b_total_fen", "change_fen", "verdict"]
    heading += ["a_after", "b_after", "a_rank", "b_rank"] if ratios else []
    ranks = [_ranks(one.values["after"]) for one in (first, second)] if ratios else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    for at, unit in enumerate(first.units):
        a, b = first.at("total")[at], second.at("total")[at]
        row: list[Any] = [unit, first.labels[at], a, b, b - a, verdict(b - a)]
        if ratios:
            row += [show(first.values["after"][at]), show(second.values["after"][at])]
            row += [ranks[0][at], ranks[1][at]]
        writer.writerow(row)
    return out.getvalue()


def verdict(change: int) -> str:
    """Return winner, loser or same."""
    return "winner" if change > 0 else "loser" if change < 0 else "same"


def _ranks(values: list[Number]) -> list[int]:
    places: dict[Number, int] = {}
    for at, value in enumerate(sorted(values, reverse=True), 1):
        places.setdefault(value, at)
    return [places[value] for value in values]


def compare_json(first: Result, second: Result) -> bytes:
    """Return both runs' measures, counts and sums of winners and losers, and the difference of the rules."""
    same_units(first, second)
    both = zip(first.at("total"), second.at("total"), strict=True)
    changes = [b - a for a, b in both]
    gained = sum(c for c in changes if c > 0)
    body = {
        "a": {"scheme": first.scheme.head.id, **measures(first)},
        "b": {"scheme": second.scheme.head.id, **measures(second)},
        "winners": sum(1 for c in changes if c > 0),
        "losers": sum(1 for c in changes if c < 0),
        "same": sum(1 for c in changes if not c),
        "gained_fen": gained,
        "lost_fen": gained - sum(changes),
        "moved_share": show(_moved(changes, first)),
        "rules": rule_differences(first.scheme, second.scheme),
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=1) + b"\n"


def _moved(changes: list[int], first: Result) -> Number:
    across = sum(abs(total) for total in first.at("total"))
    return tame(divide(sum(map(abs, changes)), across)) if across else 0


def rule_differences(first: Scheme, second: Scheme) -> list[dict[str, str]]:
    """Return every place where two schemes say something else: place, a, b (empty where it says nothing)."""
    left, right = _flat(first), _flat(second)
    return [
        {"place": place, "a": left.get(place, ""), "b": right.get(place, "")}
        for place in sorted(left.keys() | right.keys())
        if left.get(place) != right.get(place)
    ]


def _flat(scheme: Scheme) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(value: Any, place: str) -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                walk(one, f"{place}.{key}" if place else key)
        elif isinstance(value, list):
            for at, one in enumerate(value, 1):
                named = one.get("name") if isinstance(one, dict) else None
                walk(one, f"{place}[{named or at}]")
        else:
            found[place] = str(value)

    walk(msgspec.to_builtins(scheme), "")
    return {place: text for place, text in found.items() if not place.startswith("head.")}
