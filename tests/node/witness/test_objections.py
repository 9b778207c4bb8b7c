"""Objections: a witness takes one by its digest, and cosigns no more while the sequencer does not lodge it."""

import msgspec
import pytest

from node.witness.network import LOG_KEY, identity, policy_of
from node.witness.test_policy_in_log import in_genesis
from shanhai.acts.notice import Channel, Objection, ObjectionState, Stage
from shanhai.acts.notice_run import CloseNotice, OpenNotice
from shanhai.acts.objection import AnswerObjection, TakeObjection
from shanhai.cli._chain import begin, declared
from shanhai.cli._county import PAPER, START_MS, WAN, County
from shanhai.cli.drills.witnesses import Serving
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused
from shanhai.kernel.periods import DAY_MS
from shanhai.ledger.witness_receipt import WitnessReceipt, check_receipt
from shanhai.node.loop import Node
from shanhai.node.memory import Memory
from shanhai.node.witness.mirror import Mirror, Shelves
from shanhai.node.witness.objections import GRACE_MS, Objections, lodge
from shanhai.node.witness.round import Round, Sequencer, run_round
from shanhai.node.witness.shelf import MemoryShelf

DIGEST, OTHER = "ab" * 32, "cd" * 32
SECOND_MS = 2_000


class Court:
    """A 模拟 county with a notice that runs, its sequencer, and one of its four witnesses."""

    def __init__(self, *, in_log: bool = True, witness: int = 0) -> None:
        self.policy = policy_of(4)
        held = in_genesis(self.policy) if in_log else ()
        self.county = County(witnesses=held)
        self.now, self.made = START_MS + 1_000, 0
        self.node = Node.found(Memory(), self.county.genesis, START_MS)
        for planned in list(begin(self.county, WAN, self.now))[:2]:
            self.act(planned.by, planned.act, planned.subject)
        project, self.notice = (self.county.id(kind, self.now) for kind in ("prj", "ntc"))
        self.act("village", declared(self.county, "模拟大棚", START_MS + 100 * DAY_MS), project)
        opened = OpenNotice(
            project=project,
            stage=Stage.VILLAGE,
            channel=Channel.BOARD,
            place="模拟公示栏",
            organ=self.county.bodies["office"],
            page=PAPER,
            photo=PAPER,
        )
        self.act("village", opened, self.notice)
        self.now += 1_000
        self.site = Serving(self.node, self.policy, LOG_KEY, self.now)
        self.shelves = Shelves(MemoryShelf(), MemoryShelf())
        me = identity(witness)
        self.mirror = Mirror(Memory(), self.policy, me, self.shelves)
        self.clock = self.now
        """The mirror's machine; the ledger's clock is simulated and stands."""

    def act(self, by: str, act: object, subject: str) -> None:
        """Enter an act of an officer."""
        signed = self.county.signed(self.node, by, act, subject, self.now)  # type: ignore[arg-type]  # any act
        outcome = self.node.submit(signed, self.now)
        assert outcome.accepted, outcome.refusals

    def lodge(self, raw: bytes) -> None:
        """Enter a receipt as the sequencer's desk does."""
        self.made += 1
        receipt = msgspec.json.decode(raw, type=WitnessReceipt)
        chance = self.made.to_bytes(10, "big"), self.made.to_bytes(16, "big")
        outcome = lodge(self.node, receipt, self.county.officers["node"], self.now, chance)
        if not outcome.accepted:
            code, facts = outcome.refusals[0]
            raise Refused(code, **facts)

    def round(self, *, holds_back: bool = False) -> Round:
        """Run a round of the mirror."""
        taken = (lambda _: None) if holds_back else self.lodge
        self.site.now += SECOND_MS
        site = Sequencer(self.site.get, self.site.deliver, lambda _: None, taken)
        return run_round(self.mirror, site, {}, self.clock)

    def take(self, digest: str = DIGEST, notice: str | None = None) -> WitnessReceipt:
        """Hand an objection in at the mirror."""
        found = self.notice if notice is None else notice
        raw = self.mirror.objections.take(self.mirror.node(), digest, found, self.clock)
        return check_receipt(raw, self.mirror.me.vkey)

    def objections(self) -> list[Objection]:
        """Return what the sequencer's log holds."""
        held = self.node.storage
        assert isinstance(held, Memory)
        return [one for one in held.objects.values() if isinstance(one, Objection)]


@pytest.fixture
def court() -> Court:
    made = Court()
    assert made.round().refused is None
    return made


def test_an_objection_is_lodged_and_waited_for_no_more(court: Court) -> None:
    receipt = court.take()
    assert (receipt.kind, receipt.id, receipt.notice) == ("objection", DIGEST, court.notice)
    assert receipt.due_ms - receipt.received_ms == GRACE_MS
    assert court.take() == receipt
    court.round()
    (entered,) = court.objections()
    assert (entered.state, entered.receipt) == (ObjectionState.LODGED, DIGEST)
    court.round()
    assert court.mirror.objections.waiting == []
    court.clock += GRACE_MS
    assert court.round(holds_back=True).refused is None
    court.act("office", TakeObjection(), entered.id)
    assert court.round().refused is None


def test_ten_minutes_past_the_receipt_nothing_is_cosigned(court: Court) -> None:
    court.take()
    court.clock += GRACE_MS - 1
    assert court.round(holds_back=True).refused is None
    court.clock += 1
    done = court.round(holds_back=True)
    assert done.refused is not None
    assert done.refused.code == "witness.objection_overdue"
    assert "keys/node" in done.refused.say("en")
    again = Objections(court.mirror.me, court.shelves.inside)
    with pytest.raises(ProofError, match=r"witness\.objection_overdue"):
        again.check(court.mirror.node(), court.clock)
    court.round()  # this offers it
    assert court.round().refused is None


def test_an_objection_that_can_be_lodged_no_more_is_no_censorship(court: Court) -> None:
    first, second = court.take(), court.take(OTHER)
    court.lodge(encode(first))
    (entered,) = court.objections()
    court.act("office", TakeObjection(), entered.id)
    court.act("office", AnswerObjection(answer=PAPER, upheld=True), entered.id)
    court.clock += GRACE_MS
    assert court.round(holds_back=True).refused is None  # the notice is void
    assert court.mirror.objections.waiting == []
    with pytest.raises(Refused, match=r"objection\.notice_void"):
        court.lodge(encode(second))


def test_a_notice_that_ended_meanwhile_excuses_nobody(court: Court) -> None:
    court.take()
    court.now += 11 * DAY_MS
    court.act("village", CloseNotice(page=PAPER, photo=PAPER), court.notice)
    court.clock += GRACE_MS
    assert court.round(holds_back=True).refused is not None
    court.round()
    assert court.round().refused is None
    assert len(court.objections()) == 1


def test_one_handed_to_two_witnesses_is_lodged_once(court: Court) -> None:
    court.take()
    court.round()
    court.round()
    receipt = court.take()  # once more, now that it is in the log
    assert receipt.due_ms
    assert court.mirror.objections.waiting == []
    assert len(court.objections()) == 1


def test_without_a_notice_or_a_policy_in_the_log_a_receipt_proves_the_time_only(
    court: Court,
) -> None:
    assert court.take(notice="").due_ms == 0
    bare = Court(in_log=False)
    bare.round()
    assert bare.take().due_ms == 0
    assert bare.mirror.objections.waiting == court.mirror.objections.waiting == []


def test_what_is_no_objection_gets_no_receipt(court: Court) -> None:
    for digest in ("AB" * 32, "ab", ""):
        with pytest.raises(InvalidInputError, match=r"witness\.digest"):
            court.take(digest)
    with pytest.raises(Refused, match=r"witness\.notice"):
        court.take(notice="ntc-unknown")
    stranger = Court(witness=5)
    stranger.round()
    with pytest.raises(ProofError, match=r"witness\.stranger"):
        stranger.take()


def test_a_flood_is_bounded_for_each_notice(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shanhai.node.witness.objections.MOST_OF_A_NOTICE", 1)
    court.take()
    with pytest.raises(Refused, match=r"witness\.receipts_full"):
        court.take(OTHER)
