"""The money rules once more, in plain Python and integers of fen: what the drill `model` expects of the ledger.

Nothing here comes from `acts`: no guard, no sum, no machine. A rule that both sides got wrong in the same
way would have to be misread twice. Each method answers one step: None where it must be refused, else what
then changes. Source: funds reference §4 (separations), §5.2 (caps), §5.8 nos. 2, 4 and 9; D07, D12, D14.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

CERTIFIED_PERMILLE, CONTRACT_PERMILLE, WHOLE = 900, 800, 1000
PAYERS = frozenset({"county_finance", "county_treasury"})
STEPS = ("submit", "certify", "review", "endorse", "check")
Then = Callable[[], None]


class Actor(NamedTuple):
    """Who acts: role, organisation, and the persons meant: the officer and whoever is deputised for."""

    role: str
    organisation: str
    persons: frozenset[str]


class Step(NamedTuple):
    """One attempt: what, by whom, on which thing, with which other thing, amount and word."""

    what: str
    by: str
    on: str
    other: str = ""
    amount: int = 0
    word: str = ""


@dataclass
class Budget:
    """Money of the line set aside for a project."""

    project: str
    amount: int
    recalled: int = 0

    @property
    def net(self) -> int:
        """Return what is left set aside."""
        return self.amount - self.recalled


@dataclass
class Claim:
    """A request for money; `did` says who did which step."""

    contract: str
    invoice: str
    claimed: int
    certified: int = 0
    payable: int = 0
    state: str = "submitted"
    did: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass
class Payment:
    """Money on its way or arrived."""

    claim: str
    budget: str
    amount: int
    refunded: int = 0
    state: str = "proposed"
    did: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def net(self) -> int:
        """Return what it takes of claim, contract, budget and line."""
        off = self.state in {"returned", "withdrawn", "failed"}
        return 0 if off else self.amount - self.refunded


class Books:
    """All that the model remembers."""

    def __init__(self, actors: dict[str, Actor], line: int, approved: int, price: int) -> None:
        self.actors, self.line, self.approved, self.price = actors, line, approved, price
        self.approvers: frozenset[str] = frozenset()
        self.owner = self.claimant = ""
        self.projects: dict[str, str] = {}  # contract to project
        self.certified: dict[str, int] = {}  # by contract
        self.numbers: set[tuple[str, str]] = set()
        self.receipts: set[str] = set()
        self.budgets: dict[str, Budget] = {}
        self.claims: dict[str, Claim] = {}
        self.payments: dict[str, Payment] = {}

    def judge(self, step: Step) -> Then | None:
        """Return what the step changes, None if it must be refused."""
        found: Then | None = getattr(self, step.what)(step, self.actors[step.by])
        return found

    # --- sums, each added up from scratch

    def assigned(self, project: str = "") -> int:
        """Return what is set aside in all, or for one project."""
        return sum(b.net for b in self.budgets.values() if project in ("", b.project))

    def spent(self, **where: str) -> int:
        """Return what payments take of one claim, contract or budget."""
        return sum(
            p.net
            for p in self.payments.values()
            if where.get("claim", p.claim) == p.claim
            and where.get("budget", p.budget) == p.budget
            and where.get("contract", self.claims[p.claim].contract)
            == self.claims[p.claim].contract
        )

    def cap(self, claim: Claim) -> int:
        """Return what may be paid on a claim of progress now."""
        most = self.price * CONTRACT_PERMILLE // WHOLE
        earned = claim.certified * CERTIFIED_PERMILLE // WHOLE
        return max(0, min(most, earned) - self.spent(contract=claim.contract))

    # --- budgets

    def assign(self, step: Step, actor: Actor) -> Then | None:
        """Finance sets money aside: within the line, within the approval, each document once."""
        fits = (
            actor.role == "county_finance"
            and step.amount > 0
            and (step.other, step.word) not in self.numbers
            and self.assigned() + step.amount <= self.line
            and self.assigned(step.other) + step.amount <= self.approved
        )

        def then() -> None:
            self.budgets[step.on] = Budget(step.other, step.amount)
            self.numbers.add((step.other, step.word))

        return then if fits else None

    def recall(self, step: Step, actor: Actor) -> Then | None:
        """Finance takes back what no payment needs."""
        budget = self.budgets[step.on]
        free = budget.net - self.spent(budget=step.on)
        fits = actor.role == "county_finance" and 0 < step.amount <= free

        def then() -> None:
            budget.recalled += step.amount

        return then if fits else None

    # --- claims

    def submit(self, step: Step, actor: Actor) -> Then | None:
        """The contractor claims, one claim at a time, no invoice twice."""
        standing = [c for c in self.claims.values() if c.state not in {"returned", "void"}]
        under_way = any(c.contract == step.other and c.state != "paid" for c in standing)
        fits = (
            actor.role == "contractor"
            and actor.organisation == self.claimant
            and step.amount > 0
            and not under_way
            and all(c.invoice != step.word for c in standing)
        )

        def then() -> None:
            did = {"submit": actor.persons}
            self.claims[step.on] = Claim(step.other, step.word, step.amount, did=did)

        return then if fits else None

    def _desk(
        self, step: Step, actor: Actor, state: str, role: str, *, fits: bool = True
    ) -> Claim | None:
        """Return the claim if it lies on this desk, and the officer touched it at no earlier one."""
        claim = self.claims[step.on]
        before = frozenset[str]().union(*claim.did.values())
        right = claim.state == state and actor.role == role and not before & actor.persons
        return claim if right and fits else None

    def _move(self, step: Step, actor: Actor, claim: Claim | None, state: str) -> Then | None:
        if claim is None:
            return None

        def then() -> None:
            claim.did[step.what] = actor.persons
            claim.state = state

        return then

    def certify(self, step: Step, actor: Actor) -> Then | None:
        """The supervisor certifies: never above the contract, never less than before."""
        contract = self.claims[step.on].contract
        fits = self.certified[contract] <= step.amount <= self.price
        claim = self._desk(step, actor, "submitted", "supervisor", fits=fits)
        move = self._move(step, actor, claim, "certified")
        if claim is None or move is None:
            return None

        def then() -> None:
            move()
            claim.certified = step.amount

        return then

    def review(self, step: Step, actor: Actor) -> Then | None:
        """The owner reviews."""
        ours = actor.organisation == self.owner
        claim = self._desk(step, actor, "certified", "owner", fits=ours)
        return self._move(step, actor, claim, "reviewed")

    def endorse(self, step: Step, actor: Actor) -> Then | None:
        """The department endorses."""
        claim = self._desk(step, actor, "reviewed", "county_department")
        return self._move(step, actor, claim, "endorsed")

    def check(self, step: Step, actor: Actor) -> Then | None:
        """Finance finds what is payable: within the cap and what was claimed."""
        asked = self.claims[step.on]
        fits = 0 < step.amount <= min(self.cap(asked), asked.claimed)
        claim = self._desk(step, actor, "endorsed", "county_finance", fits=fits)
        move = self._move(step, actor, claim, "checked")
        if claim is None or move is None:
            return None

        def then() -> None:
            move()
            claim.payable = step.amount
            self.certified[claim.contract] = claim.certified

        return then

    def void(self, step: Step, actor: Actor) -> Then | None:
        """The contractor or finance takes a claim back while nothing is paid on it."""
        claim = self.claims[step.on]
        open_ = claim.state not in {"paid", "returned", "void"}
        right = actor.role == "county_finance" or (
            actor.role == "contractor" and actor.organisation == self.claimant
        )

        def then() -> None:
            claim.state = "void"

        return then if open_ and right and not self.spent(claim=step.on) else None

    # --- payments

    def order(self, step: Step, actor: Actor) -> Then | None:
        """Pay a checked claim: nobody who checked it, within cap, claim and the project's own budget."""
        claim_id, _, budget_id = step.other.partition("/")
        claim, budget = self.claims[claim_id], self.budgets[budget_id]
        others = frozenset[str]().union(*(claim.did.get(name, frozenset()) for name in STEPS))
        fits = (
            actor.role in PAYERS
            and not (others | self.approvers) & actor.persons
            and claim.state == "checked"
            and budget.project == self.projects[claim.contract]
            and budget.net > 0
            and 0 < step.amount <= self.cap(claim)
            and self.spent(claim=claim_id) + step.amount <= claim.payable
            and self.spent(budget=budget_id) + step.amount <= budget.net
        )

        def then() -> None:
            did = {"order": actor.persons}
            self.payments[step.on] = Payment(claim_id, budget_id, step.amount, did=did)

        return then if fits else None

    def _settle(
        self, step: Step, actor: Actor, states: tuple[str, ...], never: tuple[str, ...], to: str
    ) -> Then | None:
        """Move a payment on, unless it is elsewhere or the officer did one of the steps `never`."""
        payment = self.payments[step.on]
        before = frozenset[str]().union(*(payment.did.get(one, frozenset()) for one in never))
        if payment.state not in states or before & actor.persons:
            return None

        def then() -> None:
            payment.did[step.what] = payment.did.get(step.what, frozenset()) | actor.persons
            payment.state = to or payment.state

        return then

    def countersign(self, step: Step, actor: Actor) -> Then | None:
        """The posted eastern cadre agrees, who had no hand in it before."""
        claim = self.claims[self.payments[step.on].claim]
        earlier = frozenset[str]().union(*claim.did.values()) | self.approvers
        if actor.role != "east_cadre" or earlier & actor.persons:
            return None
        return self._settle(step, actor, ("proposed",), ("order",), "ordered")

    def send_back(self, step: Step, actor: Actor) -> Then | None:
        """The east returns it."""
        right = actor.role == "east_cadre"
        return self._settle(step, actor, ("proposed",), (), "returned") if right else None

    def withdraw(self, step: Step, actor: Actor) -> Then | None:
        """A payer takes it back before the second key."""
        right = actor.role in PAYERS
        return self._settle(step, actor, ("proposed",), (), "withdrawn") if right else None

    def receipt(self, step: Step, actor: Actor) -> Then | None:
        """The treasury enters the bank's receipt, each receipt once; a claim paid in full is closed."""
        if actor.role != "county_treasury" or step.word in self.receipts:
            return None
        move = self._settle(step, actor, ("ordered",), ("order", "countersign"), "paid")
        if move is None:
            return None

        def then() -> None:
            move()
            self.receipts.add(step.word)
            claim_id = self.payments[step.on].claim
            arrived = sum(
                p.amount
                for p in self.payments.values()
                if p.claim == claim_id and p.state in {"paid", "reconciled"}
            )
            if arrived >= self.claims[claim_id].payable:
                self.claims[claim_id].state = "paid"

        return then

    def fail(self, step: Step, actor: Actor) -> Then | None:
        """The treasury enters that the bank sent it back."""
        right = actor.role == "county_treasury"
        return self._settle(step, actor, ("ordered",), ("order",), "failed") if right else None

    def reconcile(self, step: Step, actor: Actor) -> Then | None:
        """Somebody else finds it in the statement, to the fen."""
        right = actor.role == "county_reconciler" and step.amount == self.payments[step.on].amount
        never = ("order", "receipt", "countersign")
        return self._settle(step, actor, ("paid",), never, "reconciled") if right else None

    def refund(self, step: Step, actor: Actor) -> Then | None:
        """Money comes back in the same year, no more than went out; its receipt is new."""
        payment = self.payments[step.on]
        fits = (
            actor.role in PAYERS
            and payment.state in {"paid", "reconciled"}
            and 0 < step.amount <= payment.amount - payment.refunded
            and step.word not in self.receipts
        )

        def then() -> None:
            payment.refunded += step.amount
            self.receipts.add(step.word)

        return then if fits else None
