"""The invariants of the reference (5.2) on a thousand seeded systems each; Hypothesis looks for corners beside it.

Systems differ in size (2 to 7 units), in scale (capacities up to 10^12 fen, populations up to 10^7, orders of magnitude
drawn first) and in rate. A failure names the system's number, which is enough to make it again.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random

from engines.fiscal.fiscal_world import LINEAR, by_unit, go, table
from engines.fiscal.test_invariants import POOL
from shanhai.engines.fiscal.report import outputs

SYSTEMS = 1000
Rows = list[tuple[str, int, int]]


class System:
    """One random system: its rows (unit, capacity, population), rate, and a source of further draws."""

    def __init__(self, number: int) -> None:
        self.number, self.draw = number, Random(f"fiscal {number}")  # noqa: S311 - made-up data
        self.rows: Rows = [
            (f"u{at}", self.amount(12), self.amount(7)) for at in range(self.draw.randint(2, 7))
        ]
        self.percent = self.draw.randint(0, 100)

    def amount(self, digits: int) -> int:
        """Return a whole number whose length is drawn first."""
        return self.draw.randint(1, 10 ** self.draw.randint(1, digits))

    def net(self, rows: Rows | None = None) -> dict[str, int]:
        """Return what each unit receives less what it pays."""
        sets = {"rate": f"{self.percent}%"}
        data = table("u,cap,pop", self.rows if rows is None else rows)
        found = by_unit(go(LINEAR, data, sets, trace=False), "net")
        return {unit: int(str(amount)) for unit, amount in found.items()}


@cache
def before(number: int) -> dict[str, int]:
    """Return a system's net amounts, computed once for all properties."""
    return System(number).net()


def systems() -> Iterator[tuple[System, dict[str, int]]]:
    """Yield every system with its net amounts; draws begin anew for each property."""
    for number in range(SYSTEMS):
        yield System(number), before(number)


def test_what_is_paid_is_received_and_the_order_is_kept() -> None:
    for one, net in systems():
        assert sum(net.values()) == 0, one.number
        across, heads = sum(row[1] for row in one.rows), sum(row[2] for row in one.rows)
        held = [(Fraction(c, p), Fraction(c + net[u], p), p) for u, c, p in one.rows]
        for had, has, pop in held:
            if had >= Fraction(across, heads):  # donors stay above the target
                assert has >= Fraction(across, heads) - Fraction(2, pop), one.number
        for (had, has, pop), (had_2, has_2, pop_2) in zip(
            sorted(held), sorted(held)[1:], strict=False
        ):
            slack = Fraction(1, pop) + Fraction(1, pop_2)
            assert had == had_2 or has <= has_2 + slack, one.number


def test_capacity_is_kept_in_part_and_never_brings_more() -> None:
    for one, net in systems():
        unit, cap, pop = one.rows[0]
        more = one.amount(9)
        after = one.net([(unit, cap + more, pop), *one.rows[1:]])
        kept = Fraction(more + after[unit] - net[unit], more)
        least = 1 - Fraction(one.percent, 100)
        assert least - Fraction(2, more) <= kept <= 1 + Fraction(2, more), one.number
        assert after[unit] <= net[unit] + 1, one.number


def test_scale_changes_nothing_but_the_scale() -> None:
    for one, net in systems():
        scale = one.draw.randint(2, 50)
        assert one.net([(u, cap, pop * scale) for u, cap, pop in one.rows]) == net, one.number
        money = one.net([(u, cap * scale, pop) for u, cap, pop in one.rows])
        assert all(abs(money[u] - scale * net[u]) <= scale for u in net), one.number


def test_names_and_order_of_rows_change_nothing() -> None:
    for one, net in systems():
        renamed = [(f"z{9 - int(u[1:])}", cap, pop) for u, cap, pop in one.rows]
        one.draw.shuffle(renamed)
        found = one.net(renamed)
        assert all(abs(found[f"z{9 - int(u[1:])}"] - net[u]) <= 1 for u in net), one.number


def test_merging_two_identical_units_changes_nothing() -> None:
    for one, _ in systems():
        (_, cap, pop), *others = one.rows
        apart = one.net([("a", cap, pop), ("b", cap, pop), *others])
        merged = one.net([("a", 2 * cap, 2 * pop), *others])
        assert abs(apart["a"] + apart["b"] - merged["a"]) <= 2, one.number
        assert all(abs(apart[u] - merged[u]) <= 1 for u, *_ in others), one.number


def test_a_larger_pool_never_hurts_a_recipient() -> None:
    for one, _ in systems():
        if len({Fraction(cap, pop) for _, cap, pop in one.rows}) == 1:
            continue  # nobody is below the mean
        pool = one.draw.randint(0, 10**9)
        larger = pool + one.draw.randint(0, 10**9)
        data = table("u,cap,pop", one.rows)
        small, large = (
            by_unit(go(POOL, data, {"pool": str(size)}, trace=False), "received")
            for size in (pool, larger)
        )
        assert all(int(str(large[u])) >= int(str(small[u])) - 1 for u in small), one.number
        assert sum(int(str(amount)) for amount in large.values()) == larger, one.number


def test_the_same_input_gives_the_same_bytes() -> None:
    for number in range(0, SYSTEMS, 4):  # with trace and files a run costs five times as much
        one = System(number)
        shuffled = list(one.rows)
        one.draw.shuffle(shuffled)
        first, second = (
            outputs(go(LINEAR, table("u,cap,pop", rows))) for rows in (one.rows, shuffled)
        )
        assert first == second, number
