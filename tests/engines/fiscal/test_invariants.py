"""Invariants that Hypothesis tries to break; `test_thousand` holds them on a thousand seeded systems each."""

import os
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.fiscal.fiscal_world import LINEAR, by_unit, go, table
from shanhai.engines.fiscal.report import outputs

POOL = LINEAR.replace('balance = "exact"', 'balance = "pool"\npool = "pool"').replace(
    "[parameters]", '[parameters]\npool = { value = "0", unit = "fen", article = "p" }'
)
Rows = list[tuple[str, int, int]]
systems = st.lists(
    st.tuples(st.integers(1, 10**12), st.integers(1, 10**7)), min_size=2, max_size=7
).map(lambda rows: [(f"u{at}", cap, pop) for at, (cap, pop) in enumerate(rows)])
some = settings(
    max_examples=int(os.environ.get("SHANHAI_RANDOM_SYSTEMS", "60")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Sixty examples each time; SHANHAI_RANDOM_SYSTEMS says how many else."""


def net(rows: Rows, sets: dict[str, str] | None = None, body: str = LINEAR) -> dict[str, int]:
    found = by_unit(go(body, table("u,cap,pop", rows), sets, trace=False), "net")
    return {unit: int(str(amount)) for unit, amount in found.items()}


@some
@given(systems, st.integers(0, 100))
def test_sums_order_and_retention(rows: Rows, percent: int) -> None:
    found = net(rows, {"rate": f"{percent}%"})
    assert sum(found.values()) == 0
    across, heads = sum(cap for _, cap, _ in rows), sum(pop for *_, pop in rows)
    held = {u: (Fraction(cap + found[u], pop), Fraction(cap, pop), pop) for u, cap, pop in rows}
    for unit, cap, pop in rows:
        if Fraction(cap, pop) >= Fraction(across, heads):
            assert found[unit] <= 1
            assert cap + found[unit] >= Fraction(pop * across, heads) - 1  # stays above the mean
    for after, before, pop in held.values():
        for after_2, before_2, pop_2 in held.values():
            slack = Fraction(1, pop) + Fraction(1, pop_2)
            assert before <= before_2 or after >= after_2 - slack  # nobody is overtaken


@some
@given(systems, st.integers(1, 10**9))
def test_more_capacity_is_kept_in_part_and_lowers_what_is_received(rows: Rows, more: int) -> None:
    (unit, cap, pop), *others = rows
    before, after = net(rows), net([(unit, cap + more, pop), *others])
    kept = Fraction(more + after[unit] - before[unit], more)
    assert -Fraction(2, more) <= kept - Fraction(2, 5) <= Fraction(3, 5) + Fraction(2, more)
    assert after[unit] <= before[unit] + 1


@some
@given(systems, st.integers(2, 50))
def test_scale_changes_nothing_but_the_scale(rows: Rows, scale: int) -> None:
    before = net(rows)
    heads = net([(unit, cap, pop * scale) for unit, cap, pop in rows])
    money = net([(unit, cap * scale, pop) for unit, cap, pop in rows])
    assert heads == before
    assert all(abs(money[u] - scale * before[u]) <= scale for u in before)


@some
@given(systems, st.randoms(use_true_random=False))
def test_names_and_order_of_rows_change_nothing(rows: Rows, draw: object) -> None:
    shuffled = list(rows)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' own Random
    first, second = (go(LINEAR, table("u,cap,pop", each)) for each in (rows, shuffled))
    assert outputs(first) == outputs(second)
    renamed = net([(f"z{9 - int(unit[1:])}", cap, pop) for unit, cap, pop in rows])
    before = net(rows)
    assert all(abs(renamed[f"z{9 - int(u[1:])}"] - amount) <= 1 for u, amount in before.items())


@some
@given(systems)
def test_merging_two_identical_units_changes_nothing(rows: Rows) -> None:
    (_, cap, pop), *others = rows
    apart = net([("a", cap, pop), ("b", cap, pop), *others])
    merged = net([("a", 2 * cap, 2 * pop), *others])
    assert abs(apart["a"] + apart["b"] - merged["a"]) <= 2
    assert all(abs(apart[unit] - merged[unit]) <= 1 for unit, *_ in others)


@some
@given(systems, st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_larger_pool_never_hurts_a_recipient(rows: Rows, pool: int, more: int) -> None:
    across, heads = sum(cap for _, cap, _ in rows), sum(pop for *_, pop in rows)
    if all(cap * heads == across * pop for _, cap, pop in rows):
        return
    small = by_unit(
        go(POOL, table("u,cap,pop", rows), {"pool": str(pool)}, trace=False), "received"
    )
    large = by_unit(
        go(POOL, table("u,cap,pop", rows), {"pool": str(pool + more)}, trace=False), "received"
    )
    assert all(int(str(large[u])) >= int(str(small[u])) - 1 for u in small)
    assert sum(int(str(v)) for v in large.values()) == pool + more
