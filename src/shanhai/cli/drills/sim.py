"""Drill `sim`: 4 and 7 mirrors of the real core in one process, with their own network, disk and clock.

Each seed is one life: acts come in, messages are dropped, delayed, doubled and cut off in one direction or
both, mirrors stop in the middle of a write, lose their disks, find a byte rotten, have clocks a day off. Then
everything heals. Held: what is cosigned is the log's own history; copies are prefixes of it; what is final
stays final; nothing acknowledged is lost; nobody raises a false alarm; and soon after the healing the whole
log is final. The planted fault is a mirror that cosigns without looking, before a sequencer that rewrites.
"""

import random
from typing import TYPE_CHECKING, NamedTuple

from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.witnesses import Cast, Site, sign_anything
from shanhai.cli.drills.world import World
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import parse_checkpoint, parse_note
from shanhai.node.memory import Memory
from shanhai.node.witness.remote import Get
from shanhai.node.witness.round import Sequencer, run_round
from shanhai.node.witness.shelf import MemoryShelf

if TYPE_CHECKING:
    from shanhai.node.records import Batch, Head

COUNT = 100
"""Seeds; each is lived once with 4 and once with 7 mirrors, in turn."""
KEPT: tuple[int, ...] = ()
"""Seeds that once failed: lived first, every time. A failing run names its seed; it is entered here."""
ACTS = 40
STEPS = 60
STEP_MS = 250
HEALED_STEPS = 12
DAY_MS = 86_400_000
SIZES = (4, 7)


class CrashError(Exception):
    """The process stops here; its disk keeps what was written."""


class Disk(Memory):
    """A disk that can stop the process before or after a write."""

    def __init__(self, life: "Life") -> None:
        super().__init__()
        self._life = life

    def extend(self, batch: "Batch", head: "Head") -> None:
        """Write a batch, or stop before or after it."""
        self._life.perhaps_crash("before write")
        super().extend(batch, head)
        self._life.perhaps_crash("after write")


class Shelf(MemoryShelf):
    """A shelf that can stop the process before or after a file is put."""

    def __init__(self, life: "Life") -> None:
        super().__init__()
        self._life = life

    def put(self, name: str, raw: bytes) -> None:
        """Put it there, or stop before or after."""
        self._life.perhaps_crash(f"before {name}")
        super().put(name, raw)
        self._life.perhaps_crash(f"after {name}")


class Rates(NamedTuple):
    """How likely each fault is at one step of one mirror, in thousandths."""

    drop: int
    delay: int
    cut: int
    crash: int
    lose: int
    rot: int
    clock: int


QUIET = Rates(0, 0, 0, 0, 0, 0, 0)


def run(plan: Plan) -> Result:
    """Live one life a seed."""
    tally, fired = Tally(), dict[str, int]()
    world = World(1, ACTS)
    seeds = [*KEPT, *range(plan.seed, plan.seed + plan.size)]
    for place, seed in enumerate(seeds):
        life = Life(world, seed, SIZES[place % len(SIZES)], plant=plan.plant)
        problem = life.live()
        for name, count in life.fired.items():
            fired[name] = fired.get(name, 0) + count
        if life.fired:
            tally.count(good=not problem, what=f"seed {seed}, {life.count} mirrors: {problem}")
    return tally.result(", ".join(f"{name} {fired[name]}" for name in sorted(fired)))


class Life:
    """One seed."""

    def __init__(self, world: World, seed: int, count: int, *, plant: bool) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a drill repeats itself
        self.count, self.plant, self.fired = count, plant, dict[str, int]()
        self.rates = QUIET
        self.cast = Cast(world, count, lambda: Disk(self), lambda: Shelf(self))
        self.site = Site(world, self.cast.policy)
        self.now, self.entered = world.now, 0
        self.offsets, self.cuts = [0] * count, set[tuple[int, int]]()
        self.late: list[tuple[int, bytes]] = []
        self.final = 0
        faults = self.cast.policy.faults
        self.frail = self.random.sample(range(count), faults)
        """Mirrors whose clocks may be wrong: no more than are borne."""
        pick = self.random.choice
        drop, delay, cut = (pick((0, 20, 80)) for _ in range(3))
        crash = pick((0, 5, 20))
        self.rates = Rates(drop, delay, cut, crash, lose=4, rot=4, clock=10)

    def chance(self, rate: int, name: str) -> bool:
        """Return whether a fault fires, and count it."""
        if self.random.randrange(1000) >= rate:
            return False
        self.fired[name] = self.fired.get(name, 0) + 1
        return True

    def perhaps_crash(self, where: str) -> None:
        """Stop the process here, now and then."""
        if self.chance(self.rates.crash, "crash"):
            raise CrashError(where)

    def live(self) -> str:
        """Return what did not hold, "" if everything did."""
        for step in range(STEPS):
            self._grow(step)
            for number in self.random.sample(range(self.count), self.count):
                self._disturb(number)
                self._round(number)
            self._arrive()
            if problem := self._safe():
                return problem
        return self._heal()

    def _grow(self, step: int) -> None:
        more = min(ACTS - self.entered, self.random.randrange(3))
        self.site.grow(self.entered, self.entered + more)
        self.entered += more
        self.now += STEP_MS
        self.site.now = self.now
        if self.plant and step == STEPS // 2:
            self._rewrite()

    def _rewrite(self) -> None:
        """Plant: the sequencer begins another history, and mirrors cosign whatever it shows."""
        self.fired["plant"] = 1
        other = Site(self.site.world, self.cast.policy)
        other.grow(1, 3)
        for number in range(self.count):
            raw = sign_anything(other.note(), range(number, number + 1), self.now // 1000)
            self.cast.shelves[number].inside.put("cosigned", raw)

    # --- faults

    def _disturb(self, number: int) -> None:
        if self.chance(self.rates.lose, "disk lost"):
            self.cast.lose(number)
        elif self.chance(self.rates.rot, "rot"):
            self._rot(number)
        if number in self.frail and self.chance(self.rates.clock, "clock"):
            self.offsets[number] = self.random.choice((-DAY_MS, 0, DAY_MS))
        other = self.random.randrange(-1, self.count)
        if self.chance(self.rates.cut, "cut"):
            self.cuts.add((number, other))
        elif self.cuts and self.random.randrange(4) == 0:
            self.cuts.discard(self.random.choice(sorted(self.cuts)))

    def _rot(self, number: int) -> None:
        records = self.cast.disks[number].records
        if records:
            place = self.random.randrange(len(records))
            raw = bytearray(records[place].packed)
            raw[self.random.randrange(len(raw))] ^= 1 << self.random.randrange(8)
            records[place] = records[place]._replace(packed=bytes(raw))

    def _reach(self, number: int, other: int, get: Get) -> Get:
        """Return a reader over a network that drops and is cut."""

        def read(path: str) -> bytes:
            if (number, other) in self.cuts or self.chance(self.rates.drop, "drop"):
                raise InvalidInputError("remote.unreachable", url="", path=path, detail="lost")
            return get(path)

        return read

    def _deliver(self, raw: bytes) -> object:
        """Deliver at once, late, or twice."""
        if self.chance(self.rates.delay, "delay"):
            self.late.append((self.now + self.random.randrange(10) * STEP_MS, raw))
            return None
        if self.chance(self.rates.delay, "double"):
            self.site.deliver(raw)
        return self.site.deliver(raw)

    def _arrive(self) -> None:
        due = [raw for at, raw in self.late if at <= self.now]
        self.late = [one for one in self.late if one[0] > self.now]
        self.random.shuffle(due)
        for raw in due:
            self.site.deliver(raw)

    def _round(self, number: int) -> None:
        if self.random.randrange(3) == 0:
            return  # slow
        reach = Sequencer(
            self._reach(number, -1, self.site.get), self._deliver, lambda _: None, lambda _: None
        )
        others = {
            name: self._reach(number, int(name[1:]), get)
            for name, get in self.cast.others(number).items()
        }
        try:
            done = run_round(
                self.cast.mirrors[number], reach, others, self.now + self.offsets[number]
            )
        except CrashError:
            self.cast.mirrors[number] = self.cast.fresh(number)
            return
        if done.refused is not None and done.refused.code in DAMAGED:
            self.cast.lose(number)  # its operator takes a fresh copy

    # --- what must hold

    def _safe(self) -> str:
        root_at, suite = self.site.node.root_at, self.site.node.constants.suite
        for number, mirror in enumerate(self.cast.mirrors):
            if mirror.evidence.alarms():
                return f"w{number} raised a false alarm"
            raw = mirror.newest()
            if raw:
                shown = parse_checkpoint(parse_note(raw).text)
                if shown.size > self.site.node.head().size or root_at(shown.size) != shown.root:
                    return f"w{number} cosigned another history"
            head = mirror.head()
            if head is not None and root_at(head.size) != head.root:
                return f"w{number} holds another history ({suite.name})"
        final = self._final()
        if final < self.final:
            return "what was final is final no more"
        self.final = final
        return ""

    def _final(self) -> int:
        raw = self.site.gathering.final()
        if raw is None:
            return 0
        found = certify(parse_note(raw), self.cast.policy)
        return found.checkpoint.size if found.final else -1

    def _heal(self) -> str:
        self.cuts.clear()
        self.late.clear()
        self.rates = QUIET
        self.offsets = [0] * self.count
        for _ in range(HEALED_STEPS):
            self._grow(-1)
            for number in range(self.count):
                self._round(number)
            if problem := self._safe():
                return problem
        self.site.grow(self.entered, ACTS)
        for _ in range(HEALED_STEPS):
            self._grow(-1)
            for number in range(self.count):
                self._round(number)
        return self._safe() or self._whole()

    def _whole(self) -> str:
        """Return what is missing once everything has healed."""
        size = self.site.node.head().size
        if self._final() != size:
            return f"{self._final()} of {size} entries are final after the healing"
        same = sum(one.head() == self.site.node.head() for one in self.cast.mirrors)
        if same < self.cast.policy.quorum:
            return f"only {same} mirrors have the whole log"
        return ""


DAMAGED = ("seal.differs", "tree.peaks")
