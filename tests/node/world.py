"""A small world on a node: founders, officers and real signatures. Invented people only."""

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.acts.genesis import Clock, Genesis, Publication
from shanhai.acts.machine import Act, Key, KeyState, Person, Post
from shanhai.acts.officer import Organisation, OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role
from shanhai.acts.validator import Seat
from shanhai.acts.witness_policy import WitnessPolicy
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.ids import new_id
from shanhai.kernel.suite import INTL, Suite
from shanhai.ledger.body import Seen
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer, kid_of
from shanhai.node.admission import Signed
from shanhai.node.client import Officer, draft, sign, sign_genesis
from shanhai.node.loop import Node, Outcome, Publisher
from shanhai.node.records import Storage

START_MS = 1_780_243_200_000  # 2026-06-01 00:00 UTC+8
COUNTRY = "000000"
ROLES = (
    *(Role.REGISTRAR, Role.ADMIN, Role.RULEMAKER, Role.RULEKEEPER, Role.COUNTY_FINANCE),
    Role.NODE,
)


def made_id(prefix: str, number: int) -> str:
    """Return the number-th id of a noun, the same in every run."""
    return new_id(prefix, START_MS, number.to_bytes(10, "big"))


def signer_of(number: int, suite: Suite = INTL) -> Signer:
    """Return the number-th key."""
    seed = number.to_bytes(32, "big")
    return Sm2Signer(seed) if suite.name == "sm" else Ed25519Signer(seed)


def _key(suite: Suite, number: int, signer: Signer) -> Key:
    return Key(
        id=kid_of(suite, signer.public_key),
        person=made_id("per", number),
        region=COUNTRY,
        alg=signer.alg,
        public=to_base64(signer.public_key),
        state=KeyState.ACTIVE,
    )


def _person(number: int, home: str) -> Person:
    return Person(
        id=made_id("per", number), organisation=home, region=COUNTRY, name=f"{number:064x}"
    )


def genesis(
    suite: Suite = INTL,
    clock: Clock = Clock.SIMULATED,
    rules: int = 1,
    publication: Publication = Publication.OPEN,
    validators: tuple[Seat, ...] = (),
    witnesses: tuple[WitnessPolicy, ...] = (),
) -> Signed:
    """Return a signed genesis with one officer a role."""
    signers = [signer_of(100 + n, suite) for n in range(len(ROLES))]
    home = made_id("org", 1)
    persons = [_person(n, home) for n in range(len(ROLES))]
    payload = Genesis(
        name="模拟账本",
        suite=suite.name,
        origin="example.org/moni",
        clock=clock,
        publication=publication,
        rp_id="localhost",
        web_origins=("http://localhost:8000",),
        organisations=(
            Organisation(id=home, name="模拟县", kind=OrganisationKind.GOVERNMENT, region=COUNTRY),
        ),
        persons=tuple(persons),
        posts=tuple(
            Post(
                id=made_id("pst", n),
                person=made_id("per", n),
                role=role,
                organisation=home,
                region=COUNTRY,
            )
            for n, role in enumerate(ROLES)
        ),
        keys=tuple(_key(suite, n, one) for n, one in enumerate(signers)),
        settings=(),
        rules=rules,
        validators=validators,
        witnesses=witnesses,
    )
    return sign_genesis(payload, signers, suite, START_MS, bytes(16))


class World:
    """A node with its officers; each act gets its own nonce."""

    def __init__(
        self,
        storage: Storage,
        suite: Suite = INTL,
        publisher: Publisher | None = None,
        clock: Clock = Clock.SIMULATED,
        publication: Publication = Publication.OPEN,
        validators: tuple[Seat, ...] = (),
        witnesses: tuple[WitnessPolicy, ...] = (),
    ) -> None:
        founding = genesis(
            *(suite, clock, 1, publication), validators=validators, witnesses=witnesses
        )
        self.node = Node.found(storage, founding, START_MS, publisher)
        self.officers = {
            role: Officer(made_id("pst", n), signer_of(100 + n, suite))
            for n, role in enumerate(ROLES)
        }
        self.suite, self.made, self.now = suite, 0, START_MS + 1000

    def signed(
        self,
        payload: Act,
        subject: str,
        role: Role = Role.REGISTRAR,
        seen: Seen | None = None,
        made_ms: int | None = None,
    ) -> Signed:
        """Sign an act on the state as it stands."""
        self.made += 1
        node = self.node
        node.head()
        body = draft(
            node.constants,
            node.storage,
            self.officers[role],
            payload,
            subject,
            made_ms=self.now if made_ms is None else made_ms,
            nonce=self.made.to_bytes(16, "big"),
            seen=seen,
        )
        return sign(body, self.officers[role].signer)

    def organisations(self, first: int, count: int) -> list[Signed]:
        """Sign the registration of some organisations."""
        return [
            self.signed(
                RegisterOrganisation(
                    name=f"模拟合作社{n}",
                    kind=OrganisationKind.COOPERATIVE,
                    region="510722",
                    code=f"{n:018d}",
                ),
                made_id("org", 1000 + n),
            )
            for n in range(first, first + count)
        ]

    def submit(self, payload: Act, subject: str, role: Role = Role.REGISTRAR) -> Outcome:
        """Sign and submit."""
        return self.node.submit(self.signed(payload, subject, role), self.now)
