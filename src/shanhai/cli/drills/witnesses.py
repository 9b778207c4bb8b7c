"""A witnessed set for drills: a sequencer that may lie, its mirrors, and cosigners who sign anything. 模拟.

The mirrors are the real core; network, disk and clock are this process's own.
"""

from collections.abc import Callable

from shanhai.acts.witness_policy import policies_of
from shanhai.cli.drills.world import LOG_KEY, START_MS, World
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.checkpoint import Note, make_vkey, parse_note
from shanhai.ledger.policy import Domain, Policy, Witness, checked
from shanhai.ledger.signing import Ed25519Signer
from shanhai.ledger.witness import cosign
from shanhai.node.export import serve, serve_tile
from shanhai.node.loop import Node
from shanhai.node.memory import Memory
from shanhai.node.seal import Sealer
from shanhai.node.witness.gather import Gathering
from shanhai.node.witness.mirror import Identity, Mirror, Shelves
from shanhai.node.witness.remote import Get
from shanhai.node.witness.round import Sequencer
from shanhai.node.witness.shelf import MemoryShelf


def identity(number: int) -> Identity:
    """Return the number-th witness."""
    return Identity(f"w{number}.example", Ed25519Signer(bytes([40 + number]) * 32))


def policy_of(world: World, count: int) -> Policy:
    """Return a policy of so many domains of one witness each, with as many liars as they bear."""
    domains = tuple(Domain(f"D{n}", (Witness(identity(n).vkey),)) for n in range(count))
    vkey = make_vkey(world.constants.origin, LOG_KEY)
    return checked(Policy(vkey, domains, (count - 1) // 3, (), world.constants.ledger))


class Serving:
    """A sequencer over a ledger in memory; `lie` changes what it serves, `now` is its clock."""

    def __init__(self, node: Node, policy: Policy, key: Ed25519Signer, now: int) -> None:
        self.node, self.now = node, now
        self.sealer, self.gathering = Sealer(key, None), Gathering(policy, MemoryShelf())
        self.lie: Callable[[str, bytes], bytes] = lambda _, raw: raw

    def _keep_rules(self) -> None:
        """Judge by the log's own policies, where it has some."""
        found = policies_of(self.node.storage, self.node.constants.ledger)
        self.gathering.policies = found or self.gathering.policies

    def note(self) -> bytes:
        """Return the signed checkpoint over the head."""
        return self.sealer.checkpoint(self.node)

    def get(self, path: str) -> bytes:
        """Serve a file below `/ledger/`, or a lie about it."""
        self._keep_rules()
        if path == "final" and (final := self.gathering.final()) is not None:
            return self.lie(path, final)
        if path == "checkpoint":
            raw = self.gathering.offered(self.node.head().size, self.note, self.now)
            return self.lie(path, raw)
        found = serve(self.node, self.sealer, path)
        if found is None:
            raise InvalidInputError("remote.unreachable", url="site", path=path, detail="404")
        return self.lie(path, found.body)

    def deliver(self, raw: bytes) -> object:
        """Take a cosigned note."""
        self._keep_rules()
        return self.gathering.take(raw, self.node.root_at, self.node.head().size)


class Site(Serving):
    """The sequencer of a drill's world."""

    def __init__(self, world: World, policy: Policy) -> None:
        node = Node.found(Memory(), world.genesis.signed, START_MS)
        super().__init__(node, policy, LOG_KEY, world.now)
        self.world = world

    def grow(self, first: int, stop: int) -> int:
        """Enter these of the world's acts; return how many are in the log then."""
        self.node.submit_many(self.world.acts[first:stop], self.world.now)
        return self.node.head().size

    @property
    def sequencer(self) -> Sequencer:
        """Return how mirrors reach it; it takes no acts from them."""
        return Sequencer(self.get, self.deliver, lambda _: None, lambda _: None)


class Cast:
    """Mirrors with their disks; any of them can be made anew on what its disk still has."""

    def __init__(
        self,
        world: World,
        count: int,
        disk: Callable[[], Memory] = Memory,
        shelf: Callable[[], MemoryShelf] = MemoryShelf,
    ) -> None:
        self.world, self.policy, self._disk, self._shelf = (
            world,
            policy_of(world, count),
            disk,
            shelf,
        )
        self.shelves = [Shelves(shelf(), MemoryShelf()) for _ in range(count)]
        self.disks = [disk() for _ in range(count)]
        self.mirrors = [self.fresh(n) for n in range(count)]

    def fresh(self, number: int) -> Mirror:
        """Start a mirror again on its own disk."""
        disk, shelves = self.disks[number], self.shelves[number]
        return Mirror(disk, self.policy, identity(number), shelves, chunk=16)

    def lose(self, number: int) -> None:
        """Lose a mirror's data folder; what lies outside it stays."""
        self.disks[number] = self._disk()
        self.shelves[number] = Shelves(self._shelf(), self.shelves[number].outside)
        self.mirrors[number] = self.fresh(number)

    def reader(self, number: int) -> Get:
        """Return how others read a mirror's copy."""
        return lambda path: read(self.mirrors[number], path)

    def others(self, number: int) -> dict[str, Get]:
        """Return how a mirror reads the other mirrors."""
        count = len(self.mirrors)
        return {f"w{n}": self.reader(n) for n in range(count) if n != number}


def read(mirror: Mirror, path: str) -> bytes:
    """Read a mirror's copy as others do."""
    if path == "checkpoint":
        return mirror.shown()
    found = serve_tile(mirror.node(), path)
    if found is None:
        raise InvalidInputError("remote.unreachable", url="mirror", path=path, detail="404")
    return found.body


def sign_anything(raw: bytes, liars: range, time_s: int) -> bytes:
    """Return a checkpoint with the cosignatures of witnesses who look at nothing."""
    note: Note = parse_note(raw)
    for number in liars:
        one = identity(number)
        note = note.with_signature(cosign(note.text, one.name, one.signer, time_s))
    return note.encode()
