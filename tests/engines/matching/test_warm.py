"""Warm starts: from any prices the result is as near the optimum as eps says, and its proof holds."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from engines.matching.oracles import Scores, best_score
from engines.matching.test_small import CAPACITY, LEFTS, PAIRS, RIGHTS, market
from shanhai.cli.main import app
from shanhai.engines.matching import auction
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.auction import Auction
from shanhai.engines.matching.market import Ints, Market, Sides, from_pairs
from shanhai.engines.matching.near import Opening, run_all, solve_warm
from shanhai.engines.matching.result import Matching
from shanhai.engines.matching.values import dual_value, scores_of

SCALE = 8
OPENING = st.lists(st.integers(0, 12 * SCALE), min_size=RIGHTS, max_size=RIGHTS)


@given(scores=PAIRS, capacity=CAPACITY, opening=OPENING)
@settings(max_examples=150, deadline=None)
def test_from_any_prices_the_bound_of_eps_holds(
    scores: Scores, capacity: list[int], opening: list[int]
) -> None:
    one = market(scores, capacity)
    found = solve_warm(one, Opening(np.array(opening), SCALE), (SCALE, 1))
    primal = int(scores_of(one, found.left, found.right).sum())
    assert dual_value(one, found.price, SCALE).over(primal) <= LEFTS * 1  # eps is one unit
    assert primal == best_score(scores, [1] * LEFTS, capacity)  # five eighths are no point
    assert (np.bincount(found.right, minlength=RIGHTS) <= np.array(capacity)).all()
    filled = np.bincount(found.right, minlength=RIGHTS) == np.array(capacity)
    assert (found.price[~filled] == 0).all()


def test_without_the_release_a_carried_price_would_hide_a_free_post() -> None:
    one = market({(0, 0): 5}, [1, 0, 0, 0])
    opening = np.array([10 * SCALE, 0, 0, 0])
    forward = Auction(one, SCALE, opening)
    run_all(forward, 1)
    assert dual_value(one, forward.prices(), SCALE).over(0) == 10 * SCALE
    found = solve_warm(one, Opening(opening, SCALE), (SCALE, 1))
    assert (found.right.tolist(), found.price.tolist()) == ([0], [0, 0, 0, 0])
    assert found.work["released"] == 1


def _big(score: Ints, capacity: list[int]) -> Market:
    left, right = np.divmod(np.arange(len(score)), 12)
    spread = (left * 7 + right * right * 3 + right) % len(capacity)
    return from_pairs(left, spread, score, Sides(capacity), 400)


def test_rows_read_beforehand_sway_no_bid(monkeypatch: pytest.MonkeyPatch) -> None:
    score = np.random.default_rng(5).integers(1, 200, 400 * 12)
    runs = []
    for fewest in (1, 10**9):  # in windows of eight with a helper, and each in its turn
        monkeypatch.setattr(auction, "_WINDOW", 8)
        monkeypatch.setattr(auction, "_FEWEST", fewest)
        one = Auction(_big(score, [9] * 40), SCALE)
        run_all(one, 3)
        runs.append((one.partners().tolist(), one.prices().tolist(), one.bids))
    assert runs[0] == runs[1]
    assert runs[0][2] > 400


def _proven(matching: Matching) -> tuple[int, float, float]:
    paper = matching.certificate
    assert paper.dual is not None
    assert paper.gap is not None
    return paper.primal, paper.dual, paper.gap


@pytest.mark.parametrize("gone", [0, 25])
def test_after_a_small_change_a_warm_start_comes_to_the_cold_result_in_fewer_bids(
    gone: int,
) -> None:
    draw = np.random.default_rng(5)
    score, capacity, gap = draw.integers(1, 1000, 4800), [9] * 40, 1e-3
    before = assign(_big(score, capacity), Ask("optimal", "auction", gap)).answer
    assert before.price is not None
    score[draw.integers(0, 4800, 20)] += 30
    score[: gone * 12] = 0  # some lefts leave: demand falls, and prices with it
    ask = Ask("optimal", "auction", gap)
    cold = assign(_big(score, capacity), ask)
    warm = assign(_big(score, capacity), ask._replace(opening=Opening(before.price, before.scale)))
    (one, over_one, _), (two, over_two, reached) = _proven(cold), _proven(warm)
    assert reached <= gap
    assert max(one, two) <= min(over_one, over_two)
    assert abs(one - two) <= gap * max(one, two)
    assert warm.certificate.work["warm_prices"] > 0
    assert warm.certificate.work["bids"] < cold.certificate.work["bids"]


EDGES = "left,right,score\na,x,5\na,y,4\nb,x,5\nb,y,1\nc,x,3\n"


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("edges.csv").write_text(EDGES, encoding="utf-8")
    Path("cap.csv").write_text("right,capacity\nx,1\ny,3\n", encoding="utf-8")


def _run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["match", *args])
    return result.exit_code, result.output


def _assign(prices: str, *more: str) -> tuple[int, str]:
    Path("p.csv").write_text(prices, encoding="utf-8")
    takes = ["--capacity", "cap.csv", "--certificate", "k.json", "--prices", "p.csv"]
    return _run("assign", "edges.csv", *takes, "--out", "f.csv", *more)


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize(
    "prices", ["right,price\n", "right,price\nx,3\ny,0.125\n", "right,price\nx,1\ny,4e9\nold,7\n"]
)
def test_prices_of_a_file_are_a_start_and_the_proof_holds(prices: str) -> None:
    code, output = _assign(prices, "--solver", "auction")
    assert code == 0, output
    assert Path("f.csv").read_text(encoding="utf-8") == "left,right,score\na,y,4\nb,x,5\n"
    check = ["--edges", "edges.csv", "--capacity", "cap.csv", "--certificate", "k.json"]
    assert _run("check", "f.csv", *check)[0] == 0
    paper = json.loads(Path("k.json").read_text(encoding="utf-8"))
    assert "y," not in Path(paper["prices"]).read_text(encoding="utf-8")  # y has free posts


@pytest.mark.usefixtures("_files")
def test_an_exact_solver_says_that_it_did_not_need_the_prices() -> None:
    code, output = _assign("right,price\nx,3\n")
    assert (code, "--solver auction" in output) == (0, True)


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize(
    ("prices", "more", "named"),
    [
        ("right,price\nx,-1\n", (), "match.price_bad"),
        ("right,price\nx,1\nx,2\n", (), "match.price_twice"),
        ("right,price\nx,nan\n", (), "match.file"),
        ("right,price\nx,1e300\n", (), "match.file"),
        ("right,cost\nx,1\n", (), "match.columns"),
        ("right,price\nx,1\n", ("--mode", "stable"), "match.prices_unfit"),
    ],
)
def test_prices_that_are_none_are_refused(prices: str, more: tuple[str, ...], named: str) -> None:
    code, output = _assign(prices, *more)
    assert (code, named in output) == (1, True), output
    assert not Path("f.csv").exists()
