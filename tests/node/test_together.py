"""A consortium's certificate: every node cosigns its own log, each gathers n − f of one root, or nothing is final."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from node.consortium_world import Consortium
from node.world import made_id
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import (
    Checkpoint,
    make_vkey,
    parse_checkpoint,
    parse_note,
    sign_note,
    verify_note,
)
from shanhai.ledger.policy import Policy
from shanhai.ledger.proof import verify_proof
from shanhai.ledger.signing import Ed25519Signer
from shanhai.ledger.witness import cosign
from shanhai.node.comet import Member
from shanhai.node.export import log_stream, prove
from shanhai.node.founders import first_policy
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer
from shanhai.node.together import Together, cosigning, policy_of_nodes
from shanhai.node.verify import Trust, verify_log
from shanhai.node.witness.gather import FINAL
from shanhai.node.witness.shelf import MemoryShelf

ORIGIN, NOW = "example.org/moni", 1_780_243_300_000
SIGNERS = [Ed25519Signer(bytes([60 + n]) * 32) for n in range(4)]
KEYS = [make_vkey(ORIGIN, one) for one in SIGNERS]
PLAIN = [Member(f"node{n}", "", "", "") for n in range(4)]
MEMBERS = [cosigning(one, SIGNERS[n], f"http://node{n}/") for n, one in enumerate(PLAIN)]


def policy() -> Policy:
    found = policy_of_nodes(MEMBERS, ORIGIN)
    assert found is not None
    return found


class Organisations:
    """Four nodes under the fake driver; whoever is in `away` answers nobody."""

    def __init__(self, folder: Path, *, founded: bool = True) -> None:
        held = (first_policy(policy(), made_id("wpo", 1)),) if founded else ()
        self.consortium = Consortium(folder, witnesses=held)
        self.shelves = [MemoryShelf() for _ in SIGNERS]
        self.away = set[int]()
        self.lies: dict[int, bytes] = {}
        self.now = NOW

    def decide(self, first: int, count: int) -> None:
        """Let a block of acts be decided."""
        made = self.consortium.acts(first, count)
        self.consortium.network.decide(self.consortium.tick(), made)

    def node(self, at: int) -> Node:
        """Return a node's ledger."""
        found = self.consortium.network.nodes[at].application.node
        assert found is not None
        return found

    def together(self, at: int) -> Together:
        """Return a node's share."""
        return Together(self.node(at), Sealer(SIGNERS[at], None), self.shelves[at])

    def ask(self, url: str, path: str) -> bytes:
        """Read another node's file."""
        at = int(url.removeprefix("http://node"))
        size = int(path.removeprefix("cosigned/"))
        raw = self.lies.get(at) or self.together(at).signed(size, self.now // 1000)
        if at in self.away or raw is None:
            raise InvalidInputError("remote.unreachable", url=url, path=path, detail="404")
        return raw

    def gather(self, at: int) -> bool:
        """Run a node's round; return whether its checkpoint is final."""
        self.now += 2_000
        shown = self.together(at).gather(self.ask, self.now)
        assert shown is not None
        return shown.final

    def final(self, at: int) -> bytes:
        """Return a node's newest final checkpoint."""
        return self.shelves[at].get(FINAL) or b""


@pytest.fixture
def four(tmp_path: Path) -> Iterator[Organisations]:
    made = Organisations(tmp_path)
    made.decide(0, 3)
    yield made
    made.consortium.close()


def test_every_node_has_a_certificate_that_holds_by_any_node_s_key(four: Organisations) -> None:
    assert all(four.gather(at) for at in range(4))
    for at in range(4):
        note = parse_note(four.final(at))
        shown = certify(note, policy())
        assert (shown.checkpoint.size, len(shown.signed), shown.breaking) == (4, 4, 3)
        assert shown.sentences()[1].en.startswith("Not covered: any 3 of the nodes")
        assert set(verify_note(note, KEYS)) == set(KEYS)


def test_three_of_four_are_enough_and_two_are_not(four: Organisations) -> None:
    four.away = {2, 3}
    assert not four.gather(0)
    assert four.final(0) == b""
    four.away = {3}
    assert four.gather(0)
    assert certify(parse_note(four.final(0)), policy()).missing == ("node3",)
    four.decide(3, 2)
    assert four.gather(0)
    assert parse_checkpoint(parse_note(four.final(0)).text).size == 6


def test_a_node_signs_nothing_that_it_has_not(four: Organisations) -> None:
    share = four.together(0)
    assert share.signed(5, 1) is share.signed(0, 1) is None
    old = parse_checkpoint(parse_note(share.signed(2, 1) or b"").text)
    assert (old.size, old.root) == (2, four.node(1).root_at(2))


def test_another_root_is_kept_and_makes_nothing_final(four: Organisations) -> None:
    text = Checkpoint(ORIGIN, 4, b"\x01" * 32).text
    forged = sign_note(text, ORIGIN, SIGNERS[3])
    line = cosign(text, "node3", SIGNERS[3], NOW // 1000)
    four.lies[3], four.away = forged.with_signature(line).encode(), {2}
    with pytest.raises(ProofError, match=r"gather\.other"):
        four.gather(0)
    assert four.final(0) == b""
    assert four.shelves[0].names("evidence")


def test_what_strangers_sign_counts_for_nothing(four: Organisations) -> None:
    stranger = Ed25519Signer(b"\x63" * 32)
    text = parse_note(four.together(0).signed(4, 1) or b"").text
    four.lies = {n: sign_note(text, ORIGIN, stranger).encode() for n in (1, 2, 3)}
    assert not four.gather(0)


def test_damage_is_found_before_it_is_cosigned(
    four: Organisations, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = four.node(0).storage
    whole = list(held.packed(0, 4))
    monkeypatch.setattr(held, "packed", lambda start, stop: iter([b"x", *whole[1:]][start:stop]))
    monkeypatch.setattr("shanhai.node.seal.frontier", lambda known, *_: _empty(known))
    with pytest.raises(ProofError, match=r"seal\.differs"):
        four.together(0).signed(4, 1)


def _empty(known: object) -> object:
    from shanhai.ledger.merkle import Tree  # noqa: PLC0415 - beside its only use

    return Tree(known.suite)  # type: ignore[attr-defined]  # constants of a ledger


def test_proof_and_log_of_one_node_are_final_for_whoever_knows_another_s_key(
    four: Organisations,
) -> None:
    four.gather(0)
    node, keeper = four.node(0), Sealer(SIGNERS[0], None)
    proof = prove(node, keeper, 2, note=four.final(0))
    checked = verify_proof(node.constants.suite, proof, [KEYS[2]], ORIGIN)
    assert checked.index == 2
    ledger = node.constants.ledger
    trust = Trust(ledger=ledger, policy=policy(), checkpoint=four.final(0))
    report = verify_log(BytesIO(b"".join(log_stream(node, keeper))), trust)
    assert "NOT-FINAL" not in report.flags
    assert report.certificate is not None
    assert report.certificate.final


def test_a_ledger_that_nobody_keeps_together_gathers_nothing(tmp_path: Path) -> None:
    alone = Organisations(tmp_path, founded=False)
    assert alone.together(0).gather(alone.ask, NOW) is None
    assert alone.together(0).signed(1, 1) is None
    alone.consortium.close()
    assert policy_of_nodes([*MEMBERS[:3], PLAIN[3]], ORIGIN) is None
