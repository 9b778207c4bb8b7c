"""Drill `byz`: eleven ways to lie, with as many liars as are borne, and with too many to show the alarm.

Four and seven witnesses of the real core, one each of a failure domain. With f liars beside a lying sequencer
nothing false becomes final, and an honest log stays live. With too many the break is shown, and somebody honest
must see it: f + 1 can split a ledger or stop it; an act against the rules, a false root or a private history needs a
whole quorum of liars. The planted fault asks of too many what only f are borne for.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.witnesses import Cast, Site, sign_anything
from shanhai.cli.drills.world import LOG_KEY, World
from shanhai.kernel.errors import ProofError
from shanhai.ledger.certificate import certify, double_signers
from shanhai.ledger.checkpoint import Checkpoint, Note, parse_checkpoint, parse_note, sign_note
from shanhai.ledger.entry import pack, unpack
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.ledger.tiles import bundle_bytes
from shanhai.node.founders import EXAMPLE
from shanhai.node.witness.receipts import GRACE_MS
from shanhai.node.witness.round import Round, run_round

COUNT = 88
"""Lies told: eleven ways, with 4 and 7 witnesses, with f liars and too many, twice."""
ACTS = 30
SIZES = (4, 7)
DAY_MS = 86_400_000


class Outcome(NamedTuple):
    """What came of a lie: whether the claim was broken, and whether somebody honest saw the lie."""

    broken: bool
    alarm: bool


class Lie(NamedTuple):
    """How it is told; how many liars the control has (`quorum`, else f + 1), and whether they break the claim."""

    tell: "Callable[[Stage], Outcome]"
    quorum: bool = False
    breaks: bool = True


def run(plan: Plan) -> Result:
    """Tell every lie with each number of liars."""
    tally, real = Tally(), EXAMPLE.replace('"simulated"', '"real"')
    worlds = {"": World(1, ACTS), "clock-liar": World(1, ACTS, real)}
    trials = [(name, count, over) for name in LIES for count in SIZES for over in (False, True)]
    for number in range(plan.size):
        name, count, over = trials[number % len(trials)]
        faults = (count - 1) // 3
        lie, too_many = LIES[name], count - faults if LIES[name].quorum else faults + 1
        world = worlds.get(name) or worlds[""]
        stage = Stage(world, count, too_many if over else faults, plan.seed + number)
        found = lie.tell(stage)
        good = not found.broken
        if over and not plan.plant:
            good = found.alarm and found.broken == lie.breaks
        what = f"{name}, {count} witnesses, {len(stage.liars)} liars, seed {plan.seed + number}: {found}"
        tally.count(good=good, what=what)
    return tally.result(", ".join(LIES))


class Stage:
    """One lie: a world, honest mirrors behind the liars, and their sequencer."""

    def __init__(self, world: World, count: int, liars: int, seed: int) -> None:
        self.world, self.cast, self.random = world, Cast(world, count), random.Random(seed)  # noqa: S311 - a drill repeats itself
        self.policy, self.count, self.liars = self.cast.policy, count, range(liars)
        self.honest, self.now = range(liars, count), world.now
        self.site = self.fork(range(self.random.randrange(3, 9)))

    def fork(self, order: range) -> Site:
        """Return the same ledger with these acts in it."""
        site = Site(self.world, self.policy)
        for place in order:
            site.grow(place, place + 1)
        return site

    def round(self, number: int, site: Site | None = None, *, gossip: bool = True) -> Round:
        """Run one honest mirror's round."""
        found = site or self.site
        heard = self.cast.others(number) if gossip else {}
        heard = {name: get for name, get in heard.items() if int(name[1:]) in self.honest}
        return run_round(self.cast.mirrors[number], found.sequencer, heard, self.now)

    def lies(self, raw: bytes) -> bytes:
        """Return a checkpoint that every liar cosigned."""
        return sign_anything(raw, self.liars, self.now // 1000)

    def final(self, *notes: bytes) -> bool:
        """Return whether one checkpoint is final with the lines of all these notes."""
        first = parse_note(notes[0])
        lines = [line for raw in notes if raw for line in parse_note(raw).signatures]
        return certify(Note(first.text, tuple(dict.fromkeys(lines))), self.policy).final

    def live(self) -> bool:
        """Return whether the honest alone bring the honest log to its end."""
        for _ in range(2):
            for number in self.honest:
                self.round(number)
        raw = self.site.gathering.final()
        return raw is not None and parse_checkpoint(parse_note(raw).text).size == self.size

    @property
    def size(self) -> int:
        """Return the entries of the sequencer's log."""
        return self.site.node.head().size


# --- the eleven


def silent(stage: Stage) -> Outcome:
    """Liars never answer: the honest suffice; one more, and nothing is final, which is shown."""
    return Outcome(not stage.live(), _open(stage))


def equivocating(stage: Stage) -> Outcome:
    """The sequencer shows one half another history than the other, before they can talk."""
    second = stage.fork(range(10, 10 + stage.size))
    half = len(stage.honest) // 2
    groups = (stage.site, stage.honest[:half]), (second, stage.honest[half:])
    finals = []
    for site, members in groups:
        notes = [stage.round(number, site, gossip=False).note for number in members]
        finals.append(stage.final(stage.lies(site.note()), *notes))
    return Outcome(all(finals), _gossip(stage, groups))


def _gossip(stage: Stage, groups: tuple[tuple[Site, range], ...]) -> bool:
    """Let the honest talk: whether one of them raises the split view."""
    done = [stage.round(number, site) for site, members in groups for number in members]
    return any(one.refused is not None and one.refused.code == "witness.split" for one in done)


def double_vote(stage: Stage) -> Outcome:
    """Liars cosign two histories of one size; the two notes name them."""
    second = stage.fork(range(10, 10 + stage.size - 1))
    honest = [stage.round(number).note for number in stage.honest]
    first, other = stage.lies(stage.site.note()), stage.lies(second.note())
    both = stage.final(first, *honest) and stage.final(other)
    named = double_signers(parse_note(first), parse_note(other), stage.policy)
    return Outcome(both, len(named) == len(stage.liars))


def invalid(stage: Stage) -> Outcome:
    """The log signs an act whose officer did not: bad signature, bad sum, oversize, wrong place alike."""
    suite, at = stage.world.constants.suite, stage.size - 1
    entries = list(stage.site.node.storage.packed(0, stage.size))
    entries[at] = stage.random.choice(BAD)(entries[at])
    tree = Tree(suite)
    leaves = [leaf_hash(suite, raw) for raw in entries]
    tree.extend(leaves)
    origin = stage.world.constants.origin
    raw = sign_note(Checkpoint(origin, len(entries), tree.root()).text, origin, LOG_KEY).encode()
    files = {"checkpoint": raw, "tile/e": bundle_bytes(entries), "tile/0": b"".join(leaves)}
    stage.site.lie = lambda path, _: next(v for k, v in files.items() if path.startswith(k))
    done = [stage.round(number) for number in stage.honest]
    final = stage.final(stage.lies(raw), *(one.note for one in done))
    return Outcome(final, all(one.refused is not None for one in done))


def _bad_signature(raw: bytes) -> bytes:
    entry = unpack(raw)
    return pack(entry._replace(signature=entry.signature.replace(b'"sig":"', b'"sig":"A', 1)))


def _bad_receipt(raw: bytes) -> bytes:
    entry = unpack(raw)
    return pack(entry._replace(receipt=entry.receipt.replace(b'"rules":1', b'"rules":2')))


def _bad_index(raw: bytes) -> bytes:
    entry = unpack(raw)
    return pack(entry._replace(receipt=entry.receipt.replace(b'"index":', b'"index":1')))


def _oversize(raw: bytes) -> bytes:
    entry = unpack(raw)
    return pack(entry._replace(body=entry.body[:-1] + b" " * 33_000 + b"}"))


BAD: tuple[Callable[[bytes], bytes], ...] = (_bad_signature, _bad_receipt, _bad_index, _oversize)


def stale(stage: Stage) -> Outcome:
    """Liars cosign nothing but an old checkpoint, again and again: what is final never goes back."""
    old = stage.site.note()
    live = stage.live()
    stage.site.grow(10, 12)
    stage.site.now += DAY_MS
    live = stage.live() and live
    before = stage.site.gathering.final()
    stage.site.deliver(stage.lies(old))
    return Outcome(not live or stage.site.gathering.final() != before, _open(stage))


def _open(stage: Stage) -> bool:
    """Return whether the honest checkpoint is shown as not final, with who is missing."""
    notes = [stage.cast.mirrors[number].newest() for number in stage.honest]
    shown = certify(parse_note(notes[0]), stage.policy)
    return not shown.final and bool(shown.missing)


def replayed(stage: Stage) -> Outcome:
    """Cosignatures of an earlier checkpoint are put under a later one: they do not hold and are named."""
    raw = stage.lies(stage.site.note())
    notes = [stage.round(number).note for number in stage.honest]
    stage.site.grow(10, 12)
    text = parse_note(stage.site.note())
    lines = [line for one in (raw, *notes) for line in parse_note(one).signatures[1:]]
    found = certify(text._replace(signatures=(*text.signatures, *lines)), stage.policy)
    return Outcome(found.final or bool(found.signed), len(found.forged) == stage.count)


def censoring(stage: Stage) -> Outcome:
    """The sequencer holds a receipted act back: after ten minutes nothing new is final.

    In the control the act was handed to f honest witnesses only: the others know of nothing, these say so.
    """
    faults = stage.policy.faults
    told = stage.honest if len(stage.liars) <= faults else stage.honest[:faults]
    for number in stage.honest:
        stage.round(number)
    for number in told:
        mirror = stage.cast.mirrors[number]
        mirror.receipts.take(mirror.node(), stage.world.acts[20], stage.now)
    stage.site.grow(10, 12)
    stage.site.now += GRACE_MS
    stage.now += GRACE_MS
    done = {number: stage.round(number) for number in stage.honest}
    final = stage.final(stage.lies(stage.site.note()), *(one.note for one in done.values()))
    return Outcome(final, all(_refused(done[number], "witness.overdue") for number in told))


def _refused(done: Round, code: str) -> bool:
    return done.refused is not None and done.refused.code == code


def wrong_root(stage: Stage) -> Outcome:
    """The log signs a root that no entries lead to, and liars cosign it: the honest hear of it."""
    origin = stage.world.constants.origin
    false = sign_note(Checkpoint(origin, stage.size, b"\x07" * 32).text, origin, LOG_KEY)
    return _heard(stage, stage.lies(false.encode()), None)


def light_client(stage: Stage) -> Outcome:
    """A reader is shown a history of his own, cosigned by the liars: he does not call it final."""
    private = stage.fork(range(10, 12 + stage.size))
    return _heard(stage, stage.lies(private.note()), private)


def other_set(stage: Stage) -> Outcome:
    """The sequencer brings witnesses of its own: under the policy a reader holds, strangers count for nothing."""
    strangers = range(stage.count, stage.count + 7)
    private = stage.fork(range(10, 12 + stage.size))
    raw = sign_anything(stage.lies(private.note()), strangers, stage.now // 1000)
    return _heard(stage, raw, private)


def _heard(stage: Stage, raw: bytes, private: Site | None) -> Outcome:
    """Return whether a reader calls this final, and whether an honest witness who is shown it sees the lie."""
    for number in stage.honest:
        stage.round(number)
    mirror = stage.cast.mirrors[stage.honest[0]]
    alarm = ""
    try:
        mirror.hear(raw, "reader", stage.now, private.get if private is not None else None)
    except ProofError as error:
        alarm = error.code
    return Outcome(stage.final(raw), alarm == "witness.split")


def clock_liar(stage: Stage) -> Outcome:
    """The sequencer of a real clock dates entries a day ahead: the honest refuse them."""
    stage.now -= DAY_MS
    done = [stage.round(number) for number in stage.honest]
    final = stage.final(stage.lies(stage.site.note()), *(one.note for one in done))
    return Outcome(final, all(_refused(one, "follow.future") for one in done))


LIES = {
    "silent": Lie(silent),
    "equivocating": Lie(equivocating),
    "double-vote": Lie(double_vote, quorum=True),
    "invalid": Lie(invalid, quorum=True),
    "stale": Lie(stale),
    "replayed": Lie(replayed, breaks=False),
    "censoring": Lie(censoring),
    "wrong-root": Lie(wrong_root, quorum=True),
    "light-client": Lie(light_client, quorum=True),
    "clock-liar": Lie(clock_liar, quorum=True),
    "other-set": Lie(other_set, quorum=True),
}
