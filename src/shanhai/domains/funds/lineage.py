"""The lineage of money: from any link of the chain back to the agreement and forward to the payee.

Layers are query sets built from one another, so that sums are exact however wide a layer is and a page costs
a constant number of queries. Every movement names its split by line; nothing is shared out pro rata.

Source: funds reference N1 and §5.8 no. 11.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable

from shanhai.acts.agreement import Agreement
from shanhai.acts.budget import Budget
from shanhai.acts.claim import Claim
from shanhai.acts.contract import Contract
from shanhai.acts.fund import Allocation, Transfer
from shanhai.acts.line import FundingLine
from shanhai.acts.machine import Object
from shanhai.acts.officer import Organisation
from shanhai.acts.payment import Payment, PaymentSplit
from shanhai.acts.project import Project
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.funds.stages import STANDING_BUDGETS
from shanhai.domains.rows import row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.text import Text

FAN = 12
Rows = QuerySet[Any]
KINDS: tuple[type[Object], ...] = (
    Agreement,
    Transfer,
    Allocation,
    FundingLine,
    Budget,
    Project,
    Contract,
    Claim,
    Payment,
    Organisation,
)
BY_PREFIX = {kind.prefix: kind for kind in KINDS if kind is not Organisation}
AMOUNTS: dict[type[Object], Combinable] = {
    Agreement: F("aid_fen"),
    Transfer: F("amount_fen"),
    Allocation: F("amount_fen") - F("recalled_fen"),
    FundingLine: F("issued_fen") - F("carried_fen") - F("returned_fen"),
    Budget: F("amount_fen") - F("recalled_fen"),
    Project: F("approved_fen"),
    Contract: F("price_fen") + F("increase_fen") - F("decrease_fen"),
    Claim: F("payable_fen"),
}
MEANINGS: dict[type[Object], Text] = {
    Agreement: Text("约定财政援助资金", "Aid agreed"),
    Transfer: Text("拨付金额", "Amount sent"),
    Allocation: Text("下达净额", "Allocated, recalls off"),
    FundingLine: Text("指标可用额", "Available on lines"),
    Budget: Text("安排净额", "Budgeted, recalls off"),
    Project: Text("批复资金", "Approved"),
    Contract: Text("合同价含变更", "Contract with changes"),
    Claim: Text("审定应付", "Found payable"),
    Payment: Text("其中由所列指标支付", "Of it from these lines"),
    Organisation: Text("已付到", "Paid to"),
}


class Node(NamedTuple):
    """One object of a layer."""

    id: str
    noun: str
    title: str
    state: Text | None
    fen: int | None
    focus: bool


class Layer(NamedTuple):
    """One link of the chain: its first nodes, how many there are, and their exact sum in fen."""

    kind: type[Object]
    nodes: list[Node]
    many: int
    fen: int | None

    @property
    def text(self) -> Text:
        """Return the noun's words."""
        return Text("收款人", "Payee") if self.kind is Organisation else self.kind.text

    @property
    def noun(self) -> str:
        """Return the noun's name: its list's address."""
        return self.kind.noun

    @property
    def means(self) -> Text:
        """Return what the amounts of this layer are."""
        return MEANINGS[self.kind]

    @property
    def hidden(self) -> int:
        """Return how many nodes are not shown."""
        return self.many - len(self.nodes)


class Money(NamedTuple):
    """Where a piece of money stands, in fen; the parts add up to what is available."""

    available: int
    unbudgeted: int
    unspent: int
    under_way: int
    paid: int
    refunded: int


def objects(kind: type[Object]) -> Rows:
    """Return a noun's rows; of budgets those in force, so that an unconfirmed opening counts nowhere."""
    rows = row_of(kind).objects.all()
    return rows.filter(state__in=STANDING_BUDGETS) if kind is Budget else rows


def _ids(rows: Rows, column: str = "id") -> Rows:
    return rows.order_by().values(column)


def _by_line(lines: Rows) -> tuple[Rows, Rows, Rows]:
    """Return lines, budgets and splits that hang on lines."""
    splits = objects(PaymentSplit).filter(line__in=_ids(lines))
    return lines, objects(Budget).filter(line__in=_ids(lines)), splits


def _by_splits(splits: Rows) -> tuple[Rows, Rows, Rows]:
    """Return lines, budgets and splits that some payments draw on."""
    lines = objects(FundingLine).filter(pk__in=_ids(splits, "line"))
    return lines, objects(Budget).filter(pk__in=_ids(splits, "budget")), splits


def _family(line: str) -> Rows:
    """Return a line, what it was carried over from, and what it was carried over to."""
    up = objects(FundingLine).filter(pk=line).values("parent")
    above = objects(FundingLine).filter(pk__in=up).values("parent")
    return objects(FundingLine).filter(Q(pk=line) | Q(pk__in=up) | Q(pk__in=above) | Q(parent=line))


def _of_agreement(one: str) -> tuple[Rows, Rows, Rows]:
    allocations = objects(Allocation).filter(agreement=one)
    return _by_line(objects(FundingLine).filter(allocation__in=_ids(allocations)))


def _of_transfer(one: str) -> tuple[Rows, Rows, Rows]:
    allocations = objects(Allocation).filter(transfer=one)
    return _by_line(objects(FundingLine).filter(allocation__in=_ids(allocations)))


def _of_allocation(one: str) -> tuple[Rows, Rows, Rows]:
    return _by_line(objects(FundingLine).filter(allocation=one))


def _of_budget(one: str) -> tuple[Rows, Rows, Rows]:
    budget = objects(Budget).filter(pk=one)
    lines = objects(FundingLine).filter(pk__in=budget.values("line"))
    return lines, budget, objects(PaymentSplit).filter(budget=one)


def _of_project(one: str) -> tuple[Rows, Rows, Rows]:
    budgets = objects(Budget).filter(project=one)
    lines = objects(FundingLine).filter(pk__in=_ids(budgets, "line"))
    return lines, budgets, objects(PaymentSplit).filter(project=one)


def _of_payments(column: str) -> Callable[[str], tuple[Rows, Rows, Rows]]:
    def found(one: str) -> tuple[Rows, Rows, Rows]:
        payments = objects(Payment).filter(**{column: one})
        return _by_splits(objects(PaymentSplit).filter(payment__in=_ids(payments)))

    return found


STARTS: dict[type[Object], Callable[[str], tuple[Rows, Rows, Rows]]] = {
    Agreement: _of_agreement,
    Transfer: _of_transfer,
    Allocation: _of_allocation,
    FundingLine: lambda one: _by_line(_family(one)),
    Budget: _of_budget,
    Project: _of_project,
    Contract: _of_payments("contract"),
    Claim: _of_payments("claim"),
    Payment: _of_payments("pk"),
}


def chain_of(kind: type[Object], one: str) -> tuple[dict[type[Object], Rows], Rows]:
    """Return every layer's rows around an object, and the splits that make its payments."""
    lines, budgets, splits = STARTS[kind](one)
    payments = objects(Payment).filter(pk__in=_ids(splits, "payment"))
    allocations = objects(Allocation).filter(
        Q(pk__in=_ids(lines, "allocation")) | _named(kind, one, Agreement, Transfer, Allocation)
    )
    found: dict[type[Object], Rows] = {
        Agreement: objects(Agreement).filter(
            Q(pk__in=_ids(allocations, "agreement"))
            | Q(pk__in=_ids(objects(Transfer).filter(pk=one), "agreement"))
            | _named(kind, one, Agreement)
        ),
        Transfer: objects(Transfer).filter(
            Q(pk__in=_ids(allocations, "transfer")) | _named(kind, one, Agreement, Transfer)
        ),
        Allocation: allocations,
        FundingLine: lines,
        Budget: budgets,
        Project: objects(Project).filter(
            Q(pk__in=_ids(budgets, "project")) | _named(kind, one, Project)
        ),
        Contract: objects(Contract).filter(
            Q(pk__in=_ids(payments, "contract")) | _named(kind, one, Project, Contract)
        ),
        Claim: objects(Claim).filter(
            Q(pk__in=_ids(payments, "claim")) | _named(kind, one, Project, Contract, Claim)
        ),
        Payment: payments,
        Organisation: objects(Organisation).filter(pk__in=_ids(payments, "payee")),
    }
    return found, splits


def _named(kind: type[Object], one: str, *owners: type[Object]) -> Q:
    """Return the condition that a row is the object itself or names it directly."""
    if kind not in owners:
        return Q(pk__in=())
    return Q(pk=one) if kind is owners[-1] else Q(**{_column(kind): one})


def _column(kind: type[Object]) -> str:
    return "line" if kind is FundingLine else kind.noun


def _share(splits: Rows) -> Subquery:
    """Return what the splits in sight give to a payment."""
    sums = (
        splits.filter(payment=OuterRef("pk"))
        .order_by()
        .values("payment")
        .annotate(sum=Sum("amount_fen"))
    )
    return Subquery(sums.values("sum"), output_field=BigIntegerField())


def layer(kind: type[Object], rows: Rows, splits: Rows, focus: str, actor: Actor) -> Layer:
    """Return one layer cut to the actor; two queries."""
    seen = rows.filter(visible(kind, actor))
    if kind is Payment:
        amount: Any = _share(splits)
    else:
        amount = AMOUNTS.get(kind, Value(0))
    made = seen.annotate(lineage_fen=amount)
    whole = made.aggregate(fen=Sum("lineage_fen"), count=Count("pk"))
    shown = made.order_by("-lineage_fen", "pk")[:FAN]
    amounts = list(shown.values_list("lineage_fen", flat=True))
    counted = kind is not Organisation
    nodes = [
        Node(
            one.id,
            kind.noun,
            names.title(one),
            _state(one),
            int(fen or 0) if counted else None,
            one.id == focus,
        )
        for one, fen in zip(structs(kind, shown), amounts, strict=True)
    ]
    return Layer(kind, nodes, int(whole["count"]), int(whole["fen"] or 0) if counted else None)


def _state(one: Object) -> Text | None:
    state = getattr(one, "state", None)
    return None if state is None or isinstance(one, Organisation) else Text(state.zh, state.en)


def lineage(kind: type[Object], one: str, actor: Actor) -> list[Layer]:
    """Return the chain around an object, from agreement to payee; a constant number of queries."""
    found, splits = chain_of(kind, one)
    return [layer(each, found[each], splits, one, actor) for each in KINDS]


def money(kind: type[Object], one: str) -> Money | None:
    """Return where the money of an object's lines or budgets stands; three queries.

    For a budget or a project it is the budgets' money, above them the lines'; what lies below draws on
    budgets that others draw on too, so there is no balance of its own: None.
    """
    if kind in (Contract, Claim, Payment):
        return None
    lines, budgets, splits = STARTS[kind](one)
    by_budget = kind in (Budget, Project)
    given = int(budgets.aggregate(sum=Sum(AMOUNTS[Budget]))["sum"] or 0)
    available = (
        given if by_budget else int(lines.aggregate(sum=Sum(AMOUNTS[FundingLine]))["sum"] or 0)
    )
    live = splits.filter(off=False)
    sums = live.aggregate(
        reached=Sum("amount_fen", filter=Q(paid=True)),
        moving=Sum("amount_fen", filter=Q(paid=False)),
        restored=Sum("restored_fen"),
        back=Sum("refunded_fen"),
    )
    paid, under_way = int(sums["reached"] or 0), int(sums["moving"] or 0)
    restored = int(sums["restored"] or 0)
    return Money(
        available=available,
        unbudgeted=available - given,
        unspent=given - paid - under_way + restored,
        under_way=under_way,
        paid=paid - restored,
        refunded=int(sums["back"] or 0),
    )
