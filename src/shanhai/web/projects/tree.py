"""Lots with their contracts, claims and payments, as rows of one table, each under what it belongs to."""

from typing import NamedTuple

from django.urls import reverse

from shanhai.acts.claim import Claim
from shanhai.acts.contract import Contract
from shanhai.acts.lot import Lot
from shanhai.acts.machine import Object
from shanhai.acts.officer import Organisation
from shanhai.acts.payment import Payment
from shanhai.domains import names
from shanhai.domains.projects.selectors import Belongings
from shanhai.domains.rows import by_id
from shanhai.kernel.text import Text
from shanhai.web.objects.cells import tone

Children = dict[str, list[Object]]


class Branch(NamedTuple):
    """One row: how deep it lies, what it is, with whom, how much, when, and where it stands."""

    depth: int
    noun: Text
    title: str
    href: str
    party: str
    amount_fen: int
    time_ms: int
    state: Text
    tone: str


def tree(found: Belongings) -> list[Branch]:
    """Return the rows, lots first; one query for the parties' names."""
    contracts, claims, payments = found.of(Contract), found.of(Claim), found.of(Payment)
    wanted = [*(c.contractor for c in contracts), *(p.payee for p in payments)]
    bodies = by_id(Organisation, wanted)
    under: Children = {}
    for contract in contracts:
        under.setdefault(contract.lot, []).append(contract)
    for claim in claims:
        under.setdefault(claim.contract, []).append(claim)
    for payment in payments:
        under.setdefault(payment.claim, []).append(payment)
    rows: list[Branch] = []
    for lot in found.of(Lot):
        _add(rows, lot, 0, under, bodies)
    return rows


def _add(
    rows: list[Branch], one: Object, depth: int, under: Children, bodies: dict[str, Organisation]
) -> None:
    rows.append(_branch(one, depth, bodies))
    for inner in under.get(one.id, []):
        _add(rows, inner, depth + 1, under, bodies)


def _branch(one: Object, depth: int, bodies: dict[str, Organisation]) -> Branch:
    party, amount, time_ms = _facts(one)
    state = one.state  # type: ignore[attr-defined]  # lots, contracts, claims and payments have one
    return Branch(
        depth,
        type(one).text,
        names.title(one),
        reverse("object", args=[type(one).noun, one.id]),
        names.title(bodies[party]) if party in bodies else "",
        amount,
        time_ms,
        state.text,
        tone(state),
    )


def _facts(one: Object) -> tuple[str, int, int]:
    if isinstance(one, Contract):
        return one.contractor, one.live_fen, one.signed_ms
    if isinstance(one, Claim):
        return "", one.payable_fen or one.claimed_fen, one.submitted_ms
    if isinstance(one, Payment):
        return one.payee, one.amount_fen, one.paid_ms or one.ordered_ms or one.proposed_ms
    if isinstance(one, Lot):
        return "", one.settled_fen or one.control_fen or one.estimate_fen, one.started_ms
    raise TypeError(type(one).noun)
