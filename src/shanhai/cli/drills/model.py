"""Drill `model`: the ledger against a second, plain set of books, over the money chain.

Seeded at random, officers budget, claim, certify, check, order, countersign, pay and refund: rightly, above a
bound, twice, out of turn, as one person in two posts or for a principal, with a reused invoice or receipt,
replayed, and on a state that has moved. `books` says beforehand what must happen; the ledger must do exactly
that. All the while the fen are conserved. The planted fault takes the separations from `payment.order`.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.acts.budget import AssignBudget, Budget, RecallBudget
from shanhai.acts.claim import PayStage
from shanhai.acts.claim_flow import (
    CertifyClaim,
    CheckClaim,
    EndorseClaim,
    ReviewClaim,
    SubmitClaim,
)
from shanhai.acts.line import FundingLine
from shanhai.acts.machine import Act, Object, View
from shanhai.acts.payment import Payment, PaymentSplit
from shanhai.acts.payment_end import (
    EnterReceipt,
    FailPayment,
    ReconcilePayment,
    RefundPart,
    RefundPayment,
)
from shanhai.acts.payment_flow import (
    CountersignPayment,
    OrderPayment,
    Part,
    ReturnPayment,
    VoidClaim,
    WithdrawPayment,
)
from shanhai.cli._chain import LINE
from shanhai.cli._county import PAPER, PARTS, PRINCIPALS, WAN
from shanhai.cli.bench._mix import Mix, approved, bought
from shanhai.cli.drills.books import Actor, Books, Claim, Step
from shanhai.cli.drills.books import Payment as Paid
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.kernel.periods import DAY_MS
from shanhai.node.admission import Signed

COUNT = 3_000
PROJECTS = 3
RESTART = 250
"""Steps until a fresh county: budgets run dry and claims close, and then nothing new happens."""
APPROVED, PRICE = 500 * WAN, 430 * WAN
CLAIM_DESKS = ("certify", "review", "endorse", "check")
PAYMENT_DESKS = ("countersign", "receipt", "reconcile")
SUBJECTS = {"assign": "bud", "submit": "clm", "order": "pay"}
"""Steps that make their subject."""
DUE = {
    "submitted": "certify",
    "certified": "review",
    "reviewed": "endorse",
    "endorsed": "check",
    "checked": "order",
    "proposed": "countersign",
    "ordered": "receipt",
    "paid": "reconcile",
}
"""What comes next, by the state of a claim or payment; a claim that is paid needs nothing more."""
OFFICERS = {
    "assign": ("finance",),
    "recall": ("finance",),
    "submit": ("builder",),
    "certify": ("supervisor",),
    "review": ("owner", "owner2"),
    "endorse": ("agriculture", "agriculture", "resources"),
    "check": ("finance", "finance2", "finance2", "moonlighter", "deputy"),
    "void": ("builder",),
    "order": ("finance3", "finance3", "treasury", "finance2", "moonlighter", "deputy"),
    "countersign": ("cadre",),
    "send_back": ("cadre",),
    "withdraw": ("finance3",),
    "receipt": ("treasury",),
    "fail": ("treasury",),
    "reconcile": ("reconciler",),
    "refund": ("finance",),
}
"""Whose role a step is: some did an earlier one, in another post or for a principal; else anybody tries."""


def run(plan: Plan) -> Result:
    """Take as many steps as asked."""
    drill = Model(plan)
    with planted(plan.plant):
        return drill.run()


@contextmanager
def planted(plant: bool) -> Iterator[None]:
    """Let the ledger forget the separations of an order, until the end of the block."""
    row = OrderPayment.row
    if plant:
        OrderPayment.row = row._replace(not_by=())
    try:
        yield
    finally:
        OrderPayment.row = row


class Model:
    """A county, its second books, and steps until the number is reached."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tally = plan, Tally()
        self.random = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        self.did: Counter[str] = Counter()
        self.refused = 0
        self.words = 0
        self.make: dict[str, Callable[[Step], Act]] = acts_of(self)

    def run(self) -> Result:
        """Step; what must be refused, and is, is a fault that fired."""
        for number in range(self.plan.size):
            if number % RESTART == 0:
                self._restart()
            self._one(number)
        done = ", ".join(f"{name} {count}" for name, count in sorted(self.did.items()))
        result = self.tally.result(f"accepted: {done}", f"refused: {self.refused}")
        return result._replace(fired=self.refused)

    def _restart(self) -> None:
        """Build a county whose projects are contracted, and books that know as much."""
        self.mix = mix = Mix(PROJECTS, steps=lambda one: chain(approved(one), bought(one)))
        mix.now += 20 * DAY_MS  # the account has been on file long enough
        county, state = mix.county, mix.node.storage
        self.books = books = Books(
            {name: actor(name, mix) for name in PARTS}, APPROVED * PROJECTS, APPROVED, PRICE
        )
        books.approvers = frozenset({county.persons["leaders"]})
        books.owner, books.claimant = county.bodies["owner"], county.bodies["builder"]
        for ids in mix.projects:
            books.projects[ids["con"]], books.certified[ids["con"]] = ids["prj"], 0
            assigned = state.find(Budget, ids["bud"])
            assert assigned is not None  # noqa: S101 - the mix made it
            first = Step("assign", "finance", ids["bud"], ids["prj"], PRICE, assigned.number)
            then = books.judge(first)
            assert then is not None  # noqa: S101 - the mix did it
            then()

    # --- one step

    def _one(self, number: int) -> None:
        step = self._draw()
        signed = self.mix.county.signed(
            self.mix.node, step.by, self.make[step.what](step), step.on, self.mix.now
        )
        then = self.books.judge(step)
        good = self._submitted(signed, accepted=then is not None)
        if then is not None:
            then()
            self.did[step.what] += 1
            good = good and self._again(step, signed)
        else:
            self.refused += 1
        good = good and (number % 10 > 0 or self._conserved())
        self.tally.count(good=good, what=f"step {number}: {step}")
        if not good:
            self._restart()  # the two have parted; what follows would say nothing new

    def _submitted(self, signed: Signed, *, accepted: bool) -> bool:
        outcome = self.mix.node.submit(signed, self.mix.now)
        return outcome.accepted is accepted and not outcome.duplicate

    def _again(self, step: Step, signed: Signed) -> bool:
        """Send the same bytes again, and the same act anew on the state that the officer saw before."""
        node, now = self.mix.node, self.mix.now
        size = node.head().size
        repeated = node.submit(signed, now)
        once = repeated.duplicate and node.head().size == size
        if step.what in SUBJECTS or self.random.random() < 0.5:  # noqa: PLR2004 - half of them
            return once
        body = self.mix.county.again(signed)
        self.refused += 1
        return once and self._submitted(body, accepted=False)

    # --- drawing

    def _draw(self) -> Step:
        """Draw a step: mostly one whose turn it is, by the right officer or by anybody."""
        choose = self.random
        what = choose.choice(self._turns())
        by = choose.choice(OFFICERS[what] if choose.random() < 0.8 else tuple(PARTS))  # noqa: PLR2004 - four of five
        return self._aimed(what, by)

    def _turns(self) -> list[str]:
        """Return every step once, and those that are due many times over."""
        books, turns = self.books, ["submit", "submit", "assign", "recall"]
        if books.claims:
            turns += [*CLAIM_DESKS, "order", "void"]
            live = [one.state for one in books.claims.values() if one.state != "paid"]
            turns += [DUE[state] for state in live if state in DUE] * 6
        if books.payments:
            turns += [*PAYMENT_DESKS, "send_back", "withdraw", "fail", "refund"]
            turns += [DUE[one.state] for one in books.payments.values() if one.state in DUE] * 3
        return turns

    def _aimed(self, what: str, by: str) -> Step:
        books, choose = self.books, self.random
        if what == "assign":
            project = choose.choice(list(books.projects.values()))
            room = min(APPROVED - books.assigned(project), books.line - books.assigned())
            return Step(what, by, self._new(what), project, self._near(room), self._word("n"))
        if what == "recall":
            on = choose.choice(list(books.budgets))
            free = books.budgets[on].net - books.spent(budget=on)
            return Step(what, by, on, "", self._near(free), self._word("r"))
        if what == "submit":
            contract = choose.choice(list(books.projects))
            return Step(
                what, by, self._new(what), contract, self._near(PRICE // 4), self._word("i")
            )
        if what == "order":
            return self._order(by)
        if what in (*CLAIM_DESKS, "void"):
            return self._claim(what, by)
        return self._payment(what, by)

    def _claim(self, what: str, by: str) -> Step:
        books = self.books
        state = next((state for state, step in DUE.items() if step == what), "endorsed")
        on = self._likely({k: v for k, v in books.claims.items() if v.state == state}, books.claims)
        claim: Claim = books.claims[on]
        last = books.certified[claim.contract]
        amount = {
            "certify": self._near(min(PRICE, last + PRICE // 3)),
            "check": self._near(min(books.cap(claim), claim.claimed)),
        }.get(what, 0)
        return Step(what, by, on, "", amount)

    def _order(self, by: str) -> Step:
        books = self.books
        checked = {k: v for k, v in books.claims.items() if v.state == "checked"}
        on = self._likely(checked, books.claims)
        claim = books.claims[on]
        ours = {
            k: b for k, b in books.budgets.items() if b.project == books.projects[claim.contract]
        }
        budget = self._likely(ours, books.budgets)
        left = min(
            books.cap(claim),
            claim.payable - books.spent(claim=on),
            books.budgets[budget].net - books.spent(budget=budget),
        )
        return Step("order", by, self._new("order"), f"{on}/{budget}", self._near(left))

    def _payment(self, what: str, by: str) -> Step:
        books = self.books
        before = {"receipt": "ordered", "fail": "ordered", "reconcile": "paid", "refund": "paid"}
        due = before.get(what, "proposed")
        on = self._likely(
            {k: v for k, v in books.payments.items() if v.state == due}, books.payments
        )
        payment: Paid = books.payments[on]
        amount = {
            "reconcile": payment.amount,
            "refund": self._near(payment.amount - payment.refunded),
        }.get(what, 0)
        return Step(what, by, on, "", amount, self._word("b"))

    def _likely(self, due: Mapping[str, object], others: Mapping[str, object]) -> str:
        pool = due if due and self.random.random() < 0.9 else others  # noqa: PLR2004 - nine of ten
        return self.random.choice(list(pool))

    def _near(self, bound: int) -> int:
        """Draw an amount within a bound, on it, one fen above it, or nothing."""
        within = self.random.randint(1, bound) if bound > 0 else 0
        limit = max(bound, 0)
        return self.random.choice((*(within,) * 7, limit, limit, limit + 1, 0))

    def _word(self, kind: str) -> str:
        """Draw a number or paper, one in five of them used before."""
        if self.words and self.random.random() < 0.2:  # noqa: PLR2004 - one in five
            return f"{kind}{self.random.randint(1, self.words)}"
        self.words += 1
        return f"{kind}{self.words}"

    def _new(self, what: str) -> str:
        return self.mix.county.id(SUBJECTS[what], self.mix.now)

    # --- conservation

    def _conserved(self) -> bool:
        """Compare every total with the books, and the line's fen with where they are."""
        books, state = self.books, self.mix.node.storage
        view = View(state, self.mix.county.suite)
        line = state.find(FundingLine, LINE)
        spent = books.spent()
        pairs = [
            (view.total(Budget, "net_fen", LINE), books.assigned()),
            (view.total(PaymentSplit, "net_fen", LINE), spent),
            (sum(self._held(Payment)), spent),
            *(
                (view.total(PaymentSplit, "net_fen", b), books.spent(budget=b))
                for b in books.budgets
            ),
            *((view.total(Payment, "net_fen", c), books.spent(claim=c)) for c in books.claims),
            *((view.total(Payment, "net_fen", c), books.spent(contract=c)) for c in books.projects),
        ]
        whole = line is not None and line.available_fen == APPROVED * PROJECTS
        return whole and all(ledger == model for ledger, model in pairs)

    def _held(self, kind: type[Object]) -> Iterator[int]:
        objects = self.mix.node.storage.objects  # type: ignore[attr-defined]  # a Memory
        yield from (one.net_fen for (noun, _), one in objects.items() if noun is kind)


def actor(name: str, mix: Mix) -> Actor:
    """Return what the books must know of an officer."""
    persons = mix.county.persons
    meant = {persons[name]} | ({persons[PRINCIPALS[name]]} if name in PRINCIPALS else set())
    return Actor(PARTS[name].role.value, mix.county.bodies[name], frozenset(meant))


def acts_of(drill: Model) -> dict[str, Callable[[Step], Act]]:
    """Return how each step is written as an act."""
    return {
        "assign": lambda s: AssignBudget(
            project=s.other, line=LINE, amount_fen=s.amount, number=s.word, document=PAPER
        ),
        "recall": lambda s: RecallBudget(amount_fen=s.amount, number=s.word, document=PAPER),
        "submit": lambda s: _submit(drill, s),
        "certify": lambda s: CertifyClaim(certified_fen=s.amount, report=PAPER),
        "review": lambda _: ReviewClaim(opinion=PAPER),
        "endorse": lambda _: EndorseClaim(opinion=PAPER),
        "check": lambda s: CheckClaim(payable_fen=s.amount, opinion=PAPER),
        "void": lambda _: VoidClaim(reason=PAPER, document=PAPER),
        "order": lambda s: _order(drill, s),
        "countersign": lambda _: CountersignPayment(),
        "send_back": lambda _: ReturnPayment(reason=PAPER),
        "withdraw": lambda _: WithdrawPayment(reason=PAPER),
        "receipt": lambda s: EnterReceipt(
            receipt=drill.mix.county.paper(s.word), paid_ms=drill.mix.now
        ),
        "fail": lambda _: FailPayment(document=PAPER, reason=PAPER),
        "reconcile": lambda s: ReconcilePayment(statement=PAPER, found_fen=s.amount),
        "refund": lambda s: _refund(drill, s),
    }


def _submit(drill: Model, step: Step) -> Act:
    return SubmitClaim(
        contract=step.other,
        stage=PayStage.PROGRESS,
        invoice=step.word,
        invoice_digest=drill.mix.county.paper(step.word),
        claimed_fen=step.amount,
        document=PAPER,
    )


def _order(drill: Model, step: Step) -> Act:
    claim, _, budget = step.other.partition("/")
    parts = (Part(budget=budget, amount_fen=step.amount),)
    payee = drill.mix.county.bodies["builder"]
    return OrderPayment(claim=claim, payee=payee, account=PAPER, parts=parts)


def _refund(drill: Model, step: Step) -> Act:
    payment = drill.mix.node.storage.find(Payment, step.on)
    assert payment is not None  # noqa: S101 - the books know it
    parts = (RefundPart(split=payment.splits[0], amount_fen=step.amount),)
    receipt, now = drill.mix.county.paper(step.word), drill.mix.now
    return RefundPayment(parts=parts, receipt=receipt, refunded_ms=now, reason=PAPER)
