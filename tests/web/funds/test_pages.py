"""Funds pages: sums equal slow sums, the lineage is whole, nothing grows with rows, everybody sees their side."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from acts.county import WAN
from acts.money_world import MoneyWorld
from shanhai.acts.agreement import Agreement
from shanhai.acts.budget import Budget
from shanhai.acts.fund import Transfer
from shanhai.acts.line import FundingLine
from shanhai.acts.machine import Object
from shanhai.acts.officer import Organisation
from shanhai.acts.payment import Payment, PaymentSplit, PaymentState, Refund
from shanhai.acts.project import Project
from shanhai.domains.accounts.actor import PUBLIC, Actor
from shanhai.domains.funds import idle, lineage, rates, stages
from shanhai.domains.funds.stages import Cut
from shanhai.domains.portal.chain import chain
from shanhai.domains.rows import row_of
from web.funds.money_rows import load

T = TypeVar("T", bound=Object)
Officer = Callable[[str], Client]
DONE = (PaymentState.PAID, PaymentState.RECONCILED)


def all_of(world: MoneyWorld, kind: type[T]) -> list[T]:
    return [one for one in world.store.objects.values() if isinstance(one, kind)]


def slow_sums(world: MoneyWorld) -> dict[str, int]:
    """Add every stage up from the objects, straight from its definition."""
    payments = all_of(world, Payment)
    return {
        "agreed": sum(a.aid_fen for a in all_of(world, Agreement) if a.state.value == "signed"),
        "sent": sum(t.sent_fen for t in all_of(world, Transfer)),
        "received": sum(t.received_fen for t in all_of(world, Transfer)),
        "issued": sum(line.available_fen for line in all_of(world, FundingLine)),
        "budgeted": sum(b.net_fen for b in all_of(world, Budget)),
        "ordered": sum(p.amount_fen for p in payments if p.ordered_ms),
        "paid": sum(p.amount_fen for p in payments if p.state in DONE),
        "refunded": sum(r.amount_fen for r in all_of(world, Refund)),
    }


def test_what_the_chain_adds_equals_a_slow_sum(money: MoneyWorld) -> None:
    found = {one.stage.key: one.fen for one in stages.chain(Cut())}
    slow = slow_sums(money)
    assert {key: found[key] for key in slow} == slow
    assert found["paid"] == 150 * WAN
    assert found["certified"] == 200 * WAN


def test_no_stage_holds_more_than_the_one_that_bounds_it(money: MoneyWorld) -> None:
    found = {one.stage.key: one.fen for one in stages.chain(Cut())}
    order = ["agreed", "sent", "received", "allocated", "issued", "budgeted", "ordered", "paid"]
    amounts = [found[key] for key in order]
    assert amounts == sorted(amounts, reverse=True)


@pytest.mark.usefixtures("money")
def test_sums_are_cut_to_place_donor_and_year() -> None:
    whole = stages.chain(Cut())
    for cut in (Cut(region="510000"), Cut(east_region="330182"), Cut(year=2026)):
        assert stages.chain(cut) == whole
    for cut in (Cut(region="530000"), Cut(east_region="310000"), Cut(year=2020)):
        assert not any(one.fen for one in stages.chain(cut))


def test_an_officer_does_not_leave_their_side() -> None:
    west = Actor(post="x", role=None, region="510722")
    assert stages.cut_of(west, region="530000").region == "510722"
    assert stages.cut_of(west, region="510722101").region == "510722101"
    assert stages.cut_of(PUBLIC, region="530000").region == "530000"


@pytest.mark.usefixtures("money")
def test_the_two_rates_differ_by_agent_accounts_and_refunds() -> None:
    both = rates.rates(Cut())
    assert both.treasury.numerator == 150 * WAN
    assert both.payee.numerator == 150 * WAN - both.on_agent_accounts - both.refunded
    assert (both.on_agent_accounts, both.refunded) == (40 * WAN, 5 * WAN)
    assert both.treasury.percent == "15.0"
    assert both.payee.percent == "5.2"
    assert rates.differing(Cut()).count() == 2


@pytest.mark.usefixtures("money")
def test_a_rate_without_a_denominator_is_no_zero() -> None:
    assert rates.rates(Cut(year=2020)).treasury.percent == "—"


@pytest.mark.usefixtures("money")
def test_projects_are_rated_on_their_budgets() -> None:
    found = rates.by_project(Cut(), 20)
    assert [(one.budgeted, one.paid, one.at_payee) for one in found] == [
        (500 * WAN, 110 * WAN, 105 * WAN),
        (300 * WAN, 40 * WAN, 0),
    ]


def test_resting_money_is_where_the_chain_narrows(money: MoneyWorld) -> None:
    found = {one.key: one for one in idle.rests(Cut(), money.now)}
    assert found["in_transit"].fen == 300 * WAN
    assert found["unallocated"].fen == 500 * WAN
    assert found["unlined"].fen == 500 * WAN
    assert found["unbudgeted"].fen == 200 * WAN
    assert found["uncountersigned"].fen == 10 * WAN
    assert found["unconfirmed"].fen == 25 * WAN
    assert found["parked"].fen == 40 * WAN
    assert found["unallocated"].asks
    assert not found["in_transit"].asks


@pytest.mark.parametrize("kind", lineage.STARTS)
def test_every_link_leads_back_to_the_agreement_and_forward_to_the_payee(
    money: MoneyWorld, kind: type[Object]
) -> None:
    actor = Actor(post="x", region="510722")
    one = next(o for o in all_of(money, kind) if kind is not Transfer or o.received_ms)  # type: ignore[attr-defined]
    layers = {layer.kind: layer for layer in lineage.lineage(kind, one.id, actor)}
    assert layers[Agreement].many == 1
    assert layers[FundingLine].many == 1
    assert layers[Project].many >= 1
    assert layers[Organisation].nodes[0].title == "模拟builder"
    assert sum(node.focus for layer in layers.values() for node in layer.nodes) == 1


def test_a_lines_payments_in_the_lineage_add_up_to_its_splits(money: MoneyWorld) -> None:
    line = all_of(money, FundingLine)[0]
    actor = Actor(post="x", region="510722")
    layers = {layer.kind: layer for layer in lineage.lineage(FundingLine, line.id, actor)}
    splits = [s for s in all_of(money, PaymentSplit) if s.line == line.id]
    assert layers[Payment].fen == sum(split.amount_fen for split in splits)
    stands = lineage.money(FundingLine, line.id)
    assert stands is not None
    parts = (stands.unbudgeted, stands.unspent, stands.under_way, stands.paid)
    assert sum(parts) == stands.available == line.available_fen
    assert stands.refunded == 5 * WAN


def test_visitors_see_sums_but_no_payment(money: MoneyWorld, client: Client) -> None:
    text = client.get("/funds").text
    assert "1,500,000.00" in text
    payment = all_of(money, Payment)[0]
    assert payment.code not in text
    assert client.get(f"/funds/lineage/{payment.id}").status_code == 404
    assert client.get("/funds/ledger").status_code == 302


def test_officers_see_payments_of_their_side_alone(money: MoneyWorld, officer: Officer) -> None:
    payment = all_of(money, Payment)[0]
    assert payment.code in officer("west_finance").get("/funds/ledger").text
    assert officer("west_finance").get(f"/funds/lineage/{payment.id}").status_code == 200
    assert payment.code not in officer("finance").get("/funds/ledger").text
    assert officer("finance").get(f"/funds/lineage/{payment.id}").status_code == 404


def test_the_ledgers_totals_add_what_the_filters_keep(officer: Officer) -> None:
    client = officer("west_finance")
    assert "1,500,000.00" in client.get("/funds/ledger").text
    text = client.get("/funds/ledger?state=proposed").text
    assert "100,000.00" in text
    assert "1,500,000.00" not in text


def test_pages_speak_english(money: MoneyWorld, officer: Officer) -> None:
    client = officer("west_finance")
    client.cookies["django_language"] = "en"
    line = all_of(money, FundingLine)[0]
    for path in ("/funds", "/funds/ledger", f"/funds/lineage/{line.id}"):
        text = client.get(path).text
        main = text.split("<main", 1)[1].split("</main", 1)[0]
        for chinese in ("资金", "支付", "指标金额", "元<"):
            assert chinese not in main.replace("东西部协作资金", ""), (path, chinese)


def test_an_unknown_link_is_not_found(officer: Officer) -> None:
    assert officer("west_finance").get("/funds/lineage/prj-nobody").status_code == 404
    assert officer("west_finance").get("/funds/lineage/zzz").status_code == 404


@pytest.mark.parametrize("path", ["/funds", "/funds/ledger", "/funds/lineage/{line}"])
def test_no_page_asks_more_as_rows_grow(money: MoneyWorld, officer: Officer, path: str) -> None:
    line = all_of(money, FundingLine)[0]
    client, where = officer("west_finance"), path.format(line=line.id)
    client.get(where)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(where)
    copies(money, 30)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) == len(few)


def copies(world: MoneyWorld, count: int) -> None:
    """Add budgets and payments with their splits, as many again."""
    budget, payment = all_of(world, Budget)[0], all_of(world, Payment)[0]
    split = next(s for s in all_of(world, PaymentSplit) if s.payment == payment.id)
    other = MoneyWorld()
    other.store.objects.clear()
    for place in range(count):
        pay = f"pay{place:026}"
        other.store.write(
            [
                budget.but(id=f"bud{place:026}"),
                payment.but(id=pay, code=f"c{place}"),
                split.but(id=f"spl{place:026}", payment=pay, budget=f"bud{place:026}"),
            ]
        )
    load(other)
    assert row_of(Payment).objects.count() > count


@pytest.mark.usefixtures("money")
def test_the_portals_stages_equal_the_funds_pages() -> None:
    ours = {one.stage.key: one.fen for one in stages.chain(Cut())}
    for one in chain().amounts:
        assert one.fen == ours[one.stage.key], one.stage.key
