"""Components solved apart give what one run gives: pairs, prices, totals and bytes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.matching.oracles import Scores
from engines.matching.test_small import CAPACITY, LEFTS, PAIRS, RIGHTS
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.lottery import LEFT, RIGHT, number_keys
from shanhai.engines.matching.market import Market, Sides, from_pairs
from shanhai.engines.matching.papers import Files, assign_files

ROWS = "a,x,5\nb,x,5\nb,y,5\n", "c,u,9000\nd,u,9000\nd,v,1\ne,v,1\n", "f,w,2\ng,w,2\nh,w,2\n"


def _part(scores: Scores, capacity: list[int], first: int, lefts: int) -> Market:
    """Return a market whose ids go on from those of `first` other markets."""
    rights = len(capacity)
    left_key = number_keys((first + 2) * LEFTS, 0, LEFT)[first * LEFTS :][:lefts]
    right_key = number_keys((first + 2) * RIGHTS, 0, RIGHT)[first * RIGHTS :][:rights]
    left, right = [p[0] for p in scores], [p[1] for p in scores]
    points = np.array(list(scores.values()), np.int64)
    return from_pairs(left, right, points, Sides(capacity, None, left_key, right_key), lefts)


@pytest.mark.parametrize(
    ("mode", "solver"),
    [("greedy", "auto"), ("stable", "auto"), ("optimal", "flow"), ("optimal", "auction+flow")],
)
@given(
    one=PAIRS, two=PAIRS, takes=st.tuples(CAPACITY, CAPACITY), factor=st.sampled_from([1, 100_000])
)
@settings(max_examples=40, deadline=None)
def test_two_markets_without_a_common_pair_are_matched_apart_as_together(
    mode: str,
    solver: str,
    one: Scores,
    two: Scores,
    takes: tuple[list[int], list[int]],
    factor: int,
) -> None:
    two = {pair: score * factor for pair, score in two.items()}
    joined = one | {(left + LEFTS, right + RIGHTS): score for (left, right), score in two.items()}
    ask = Ask(mode, solver)
    whole = assign(_part(joined, takes[0] + takes[1], 0, 2 * LEFTS), ask)
    parts = [assign(_part(some, takes[k], k, LEFTS), ask) for k, some in enumerate((one, two))]
    for name, size in (("left", LEFTS), ("right", RIGHTS)):
        apart = [getattr(part.answer, name) + k * size for k, part in enumerate(parts)]
        assert getattr(whole.answer, name).tolist() == np.concatenate(apart).tolist()
    assert whole.certificate.primal == sum(part.certificate.primal for part in parts)
    if whole.answer.price is not None:
        apart = [part.answer.price for part in parts]
        assert whole.answer.price.tolist() == np.concatenate(apart).tolist()


CROWDED = "".join(
    f"{part}{left},{part}{(left * 7 + k * k * 3) % 5},{(left * 31 + k * 17) % 90 * factor + 1}\n"
    for part, factor in (("p", 1), ("q", 40))
    for left in range(30)
    for k in range(4)
)


def test_an_auction_of_a_fixed_step_gives_apart_what_it_gives_together(tmp_path: Path) -> None:
    takes = tmp_path / "cap.csv"
    rights = "".join(f"{part}{k},{4 + k % 2}\n" for part in "pq" for k in range(5))
    takes.write_text("right,capacity\n" + rights, encoding="utf-8")

    def lines(name: str, first: str) -> tuple[list[str], ...]:
        edges, out, paper = (tmp_path / f"{name}{end}" for end in (".csv", ".out.csv", ".json"))
        rows = [row for row in CROWDED.splitlines(keepends=True) if row[0] in first]
        edges.write_text("left,right,score\n" + "".join(rows), encoding="utf-8")
        found = assign_files(Files(edges, takes), Ask("optimal", "auction", eps=1.5), out, paper)
        assert found.certificate.matched > 5
        prices = tmp_path / f"{name}.prices.csv"
        return tuple(path.read_text("utf-8").splitlines()[1:] for path in (out, prices))

    whole, one, two = (lines(name, name) for name in ("pq", "p", "q"))
    assert whole == tuple(sorted(a + b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("mode", ["greedy", "optimal", "stable"])
def test_results_of_shards_put_together_are_the_bytes_of_one_run(mode: str, tmp_path: Path) -> None:
    takes = tmp_path / "cap.csv"
    takes.write_text("right,capacity\nx,1\ny,1\nu,1\nv,1\nw,2\n", encoding="utf-8")

    def lines(name: str, rows: str) -> list[list[bytes]]:
        edges, out, paper = (tmp_path / f"{name}{end}" for end in (".csv", ".out.csv", ".json"))
        edges.write_text("left,right,score\n" + rows, encoding="utf-8")
        assign_files(Files(edges, takes), Ask(mode), out, paper)
        prices = tmp_path / f"{name}.prices.csv"
        found = [out, *([prices] if prices.exists() else [])]
        return [path.read_bytes().splitlines()[1:] for path in found]

    whole = lines("whole", "".join(ROWS))
    shards = [lines(str(k), rows) for k, rows in enumerate(ROWS)]
    for k, one in enumerate(whole):
        assert sorted(line for shard in shards for line in shard[k]) == one
