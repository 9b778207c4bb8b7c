"""A sequencer and its witnesses in one process: no network, no clock, no disk. Invented names only."""

from node.world import World
from shanhai.acts.genesis import Clock
from shanhai.cli.drills.witnesses import Serving, read
from shanhai.ledger.checkpoint import VKey, make_vkey
from shanhai.ledger.policy import Domain, Interest, Policy, Witness, checked
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.memory import Memory
from shanhai.node.witness.mirror import Identity, Mirror, Shelves
from shanhai.node.witness.remote import Get
from shanhai.node.witness.round import Round, Sequencer, run_round
from shanhai.node.witness.shelf import MemoryShelf

ORIGIN = "example.org/moni"
LOG_KEY = Ed25519Signer(b"\x09" * 32)
NAMES = ("east", "west", "audit", "bank", "press", "school", "court")


def identity(number: int) -> Identity:
    """Return the number-th witness."""
    return Identity(f"{NAMES[number]}.example", Ed25519Signer(bytes([70 + number]) * 32))


def policy_of(count: int = 4, ledger: str = "", log: VKey | None = None) -> Policy:
    """Return a policy of so many domains with one witness each; east and west are a pair."""
    domains = tuple(Domain(NAMES[n], (Witness(identity(n).vkey),)) for n in range(count))
    interests = (Interest("pair", ("east", "west")),) if count > 1 else ()
    vkey = log or make_vkey(ORIGIN, LOG_KEY)
    return checked(Policy(vkey, domains, (count - 1) // 3, interests, ledger))


class Site(Serving):
    """A sequencer: its ledger, what it offers, and a hand to lie with."""

    def __init__(self, policy: Policy, clock: Clock = Clock.SIMULATED) -> None:
        self.world = World(Memory(), clock=clock)
        super().__init__(self.world.node, policy, LOG_KEY, self.world.now)

    def grow(self, first: int, count: int) -> None:
        """Enter some acts."""
        outcomes = self.node.submit_many(self.world.organisations(first, count), self.world.now)
        assert all(one.accepted for one in outcomes)

    @property
    def sequencer(self) -> Sequencer:
        """Return how mirrors reach it."""
        return Sequencer(
            self.get,
            self.deliver,
            lambda signed: self.node.submit(signed, self.world.now),
            lambda _: None,
        )


class Witnessing:
    """Mirrors of one site."""

    def __init__(self, count: int = 4, clock: Clock = Clock.SIMULATED, chunk: int = 2_048) -> None:
        self.policy, self.clock = policy_of(count), clock
        self.site = Site(self.policy, clock)
        self.shelves = [Shelves(MemoryShelf(), MemoryShelf()) for _ in range(count)]
        self.mirrors = [self.fresh(n, chunk) for n in range(count)]
        self.now = self.site.world.now

    def fresh(self, number: int, chunk: int = 2_048) -> Mirror:
        """Return a mirror with an empty storage on its shelves."""
        shelves = self.shelves[number]
        return Mirror(Memory(), self.policy, identity(number), shelves, chunk)

    def others(self, number: int) -> dict[str, Get]:
        """Return how a mirror reads the other mirrors' heads."""
        return {
            NAMES[n]: lambda path, one=one: read(one, path)  # type: ignore[misc]  # a bound default
            for n, one in enumerate(self.mirrors)
            if n != number
        }

    def round(self, number: int, site: Site | None = None) -> Round:
        """Run one mirror's round."""
        found = site or self.site
        return run_round(self.mirrors[number], found.sequencer, self.others(number), self.now)

    def rounds(self, site: Site | None = None) -> list[Round]:
        """Run a round of each."""
        return [self.round(number, site) for number in range(len(self.mirrors))]
