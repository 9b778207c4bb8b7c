"""`shanhai bench matching`: near and exact optima, stable matchings, filtered search, one new need, occupations.

Every market is simulated (模拟, see `_markets`). Each part runs in a process of its own beside its peer, OR-Tools'
minimum cost flow and scipy's sparse assignment, so that memory is its own; loading compiled kernels is told apart.
`seconds` is wall time, `cpu_seconds` the process's own: on a busy machine compare the latter.
"""

import json
import subprocess
import sys
from typing import Any

Figures = dict[str, Any]
SIZES = {"10k": (10_000, 1_000), "100k": (100_000, 10_000), "1m": (1_000_000, 100_000)}
_RUNS: dict[str, tuple[tuple[str, str], ...]] = {
    "small": (
        ("10k", "optimal"), ("10k", "exact"), ("10k", "stable"), ("10k", "greedy"), ("10k", "mcf"),
    ),
    "full": (
        ("10k", "optimal"), ("10k", "exact"), ("10k", "stable"), ("10k", "greedy"), ("10k", "mcf"), ("10k", "scipy"),
        ("100k", "optimal"), ("100k", "optimal_coarse"), ("100k", "stable"), ("100k", "greedy"), ("100k", "mcf"),
        ("1m", "optimal"), ("1m", "optimal_coarse"), ("1m", "stable"), ("1m", "greedy"), ("1m", "mcf"),
    ),
}  # fmt: skip
TOPK = {"small": (10_000, 2_000), "full": (100_000, 10_000)}
ONLINE = {"small": 100_000, "full": 1_000_000}
_LIMIT_S = 3_600


def run(scale: str) -> Figures:
    """Measure and return the figures.

    Keys: `seconds`, `cpu_seconds`, `gap`, `rss_mb`, `start_seconds` by size and mode; `growth`, edges and seconds of
    the auction by size; `speedup_over_mcf` and `rss_over_mcf` by size, and the same for 1m under their own names
    (null where not run): the flow's seconds over ours, our memory over the flow's; `stable_blocking_pairs`;
    `topk_seconds`, `topk_recall`, `online_p95_ms`, `code_exact1`, `code_exact10`.
    """
    parts = {(size, mode): _part(mode, *SIZES[size]) for size, mode in _RUNS[scale]}
    figures: Figures = {"scale": scale, "data": "模拟 simulated"}
    for key in ("seconds", "cpu_seconds", "gap", "rss_mb", "start_seconds", "primal"):
        figures[key] = _by_size(parts, key)
    figures["growth"] = [
        {"edges": part["edges"], "cpu_seconds": part["cpu_seconds"], "bids": part["work"]["bids"]}
        for (_, mode), part in parts.items()
        if mode == "optimal"
    ]
    figures["speedup_over_mcf"] = _ratios(parts, "cpu_seconds", upside_down=True)
    figures["rss_over_mcf"] = _ratios(parts, "rss_mb", upside_down=False)
    figures["speedup_over_mcf_1m"] = figures["speedup_over_mcf"].get("1m")
    figures["rss_over_mcf_1m"] = figures["rss_over_mcf"].get("1m")
    figures["stable_blocking_pairs"] = sum(
        part["blocking_pairs"] for (_, mode), part in parts.items() if mode == "stable"
    )
    figures |= _part("topk", *TOPK[scale]) | _part("online", 1, ONLINE[scale])
    return figures | _part("code", 0, 0)


def _part(mode: str, lefts: int, rights: int) -> Figures:
    command = [sys.executable, "-m", "shanhai.cli.bench._matching", mode, str(lefts), str(rights)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LIMIT_S)
    found: Figures = json.loads(done.stdout)
    return found


def _by_size(parts: dict[tuple[str, str], Figures], key: str) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for (size, mode), part in parts.items():
        if part.get(key) is not None:
            found.setdefault(size, {})[mode] = part[key]
    return found


def _ratios(
    parts: dict[tuple[str, str], Figures], key: str, *, upside_down: bool
) -> dict[str, float]:
    found = {}
    for (size, mode), part in parts.items():
        if mode == "optimal":
            ratio = part[key] / max(1e-9, parts[size, "mcf"][key])
            found[size] = round(1 / ratio if upside_down else ratio, 3)
    return found
