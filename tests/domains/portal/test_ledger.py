"""What the portal reads from a ledger: the chain against slow sums, notices with their clocks, projects, search."""

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import pytest
from django.core.cache import cache
from django.test.utils import CaptureQueriesContext

from shanhai.acts.agreement import Agreement, AgreementState
from shanhai.acts.budget import Budget, BudgetState
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.fund import Allocation, AllocationState, Transfer, TransferState
from shanhai.acts.machine import Object
from shanhai.acts.notice import NoticeState
from shanhai.acts.payment import Payment
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.portal import chain, notices, projects
from shanhai.domains.portal.search import search
from shanhai.domains.rows import row_of, structs
from shanhai.kernel.periods import DAY_MS

if TYPE_CHECKING:
    from demo_world import DemoDatabase


S = TypeVar("S", bound=Object)


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def every(kind: type[S]) -> list[S]:
    return structs(kind, row_of(kind).objects.all())


def slow_sums() -> dict[str, int]:
    """Return the nine sums straight from the structs, by their own properties."""
    live = (ContractState.REGISTERED, ContractState.SETTLED)
    contracts = [one for one in every(Contract) if one.state in live]
    payments = every(Payment)
    return {
        "agreed": sum(a.aid_fen for a in every(Agreement) if a.state is AgreementState.SIGNED),
        "received": sum(t.amount_fen for t in every(Transfer) if t.state is TransferState.RECEIVED),
        "allocated": sum(a.net_fen for a in every(Allocation) if a.state is AllocationState.ISSUED),
        "budgeted": sum(b.net_fen for b in every(Budget) if b.state is BudgetState.ASSIGNED),
        "contracted": sum(one.limit_fen for one in contracts),
        "certified": sum(one.certified_fen for one in contracts),
        "ordered": sum(
            p.amount_fen for p in payments if p.state.value in ("ordered", "paid", "reconciled")
        ),
        "paid": sum(p.paid_fen for p in payments),
        "refunded": sum(p.refunded_fen for p in payments),
    }


def test_chain_equals_slow_sums(demo_db: "DemoDatabase") -> None:
    found = chain.chain()
    assert {one.stage.key: one.fen for one in found.amounts} == slow_sums()
    assert all(one.fen > 0 for one in found.amounts), "the demonstration reaches every stage"


def test_bars_are_measured_against_the_longest(demo_db: "DemoDatabase") -> None:
    found = chain.chain()
    most = max(one.fen for one in found.amounts)
    assert max(one.permille for one in found.amounts) == 1000
    assert all(one.permille == one.fen * 1000 // most for one in found.amounts)


def test_spending_rate_is_paid_to_payees_of_received(demo_db: "DemoDatabase") -> None:
    found, sums = chain.chain(), slow_sums()
    assert float(found.rate or 0) == pytest.approx(sums["paid"] / sums["received"] * 100, abs=0.1)


def test_chain_is_kept_a_minute_and_says_at_which_entry(demo_db: "DemoDatabase") -> None:
    first = chain.chain()
    with CaptureQueriesContext(_connection()) as asked:
        assert chain.chain() == first
    assert len(asked) == 0
    assert str(first.size) in first.at.zh


def _connection() -> Any:
    from django.db import connection  # noqa: PLC0415 - the fixture chose it

    return connection


def test_running_notices_have_days_left_and_the_others_none(demo_db: "DemoDatabase") -> None:
    now = ledger_now_ms()
    shown = notices.running(PUBLIC)
    assert shown
    for one in shown:
        assert one.running
        assert one.notice.ends_ms > now
        assert (one.days_left - 1) * DAY_MS < one.notice.ends_ms - now
        assert one.notice.ends_ms - now <= one.days_left * DAY_MS
    assert all(not one.running for one in notices.over(PUBLIC))


def test_running_and_over_share_all_notices(demo_db: "DemoDatabase") -> None:
    total = row_of(type(notices.running(PUBLIC)[0].notice)).objects.count()
    running = notices.running(PUBLIC, size=1000)
    over = notices.over(PUBLIC, size=1000)
    assert len(running) + len(over) == total
    assert not {one.notice.id for one in running} & {one.notice.id for one in over}


def test_notices_page_by_key(demo_db: "DemoDatabase") -> None:
    whole = [one.notice.id for one in notices.over(PUBLIC, size=1000)]
    assert len(whole) > 4
    first = [one.notice.id for one in notices.over(PUBLIC, size=2)][:2]
    second = [one.notice.id for one in notices.over(PUBLIC, after=first[-1], size=2)][:2]
    assert first + second == whole[:4]


def test_notices_cost_two_queries_however_many(demo_db: "DemoDatabase") -> None:
    for size in (1, 1000):
        with CaptureQueriesContext(_connection()) as asked:
            notices.over(PUBLIC, size=size)
        assert len(asked) == 2, [one["sql"] for one in asked]


def test_progress_runs_from_nothing_to_all(demo_db: "DemoDatabase") -> None:
    found = notices.running(PUBLIC)[0].notice
    progress = notices.progress(found)
    assert progress.gone + progress.left == progress.days == found.days
    assert 0 <= progress.permille <= 1000
    ended = msgspec.structs.replace(found, ends_ms=1, state=NoticeState.PASSED)
    assert notices.progress(ended).permille == 1000


def test_recorded_projects_are_only_the_published_ones(demo_db: "DemoDatabase") -> None:
    found = projects.recorded(PUBLIC)
    assert len(found) == projects.LATEST
    assert all(one.state is ProjectState.RECORDED and one.source for one in found)


def test_projects_of_a_region_lie_on_either_side(demo_db: "DemoDatabase") -> None:
    west = projects.of_region(PUBLIC, "51", size=1000)
    east = projects.of_region(PUBLIC, "33", size=1000)
    assert west
    assert east
    assert all(one.region.startswith("51") or one.east_region.startswith("51") for one in west)
    assert all(one.east_region.startswith("33") for one in east)


def test_choices_are_what_projects_have(demo_db: "DemoDatabase") -> None:
    found = projects.choices(PUBLIC)
    every_project = every(Project)
    assert found["year"] == sorted({one.year for one in every_project}, reverse=True)
    assert set(found["county"]) == {one.region[:6] for one in every_project}


def test_search_finds_each_kind(demo_db: "DemoDatabase") -> None:
    found = search(PUBLIC, "石桥", ledger=True)
    assert found.projects
    assert found.notices
    assert {p.name.zh for p in search(PUBLIC, "sichuan", ledger=True).provinces} == {"四川省"}
    assert [c.county for c in search(PUBLIC, "昭觉", ledger=True).key] == ["昭觉县"]
    assert search(PUBLIC, "没有这样的词", ledger=True).empty


def test_search_without_a_ledger_asks_no_database() -> None:
    found = search(PUBLIC, "四川", ledger=False)
    assert found.provinces
    assert not found.projects
