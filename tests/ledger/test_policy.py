"""The policy file and the certificate: what is final, and which collusion it does not cover."""

import pytest

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.certificate import Certificate, certificate, certify
from shanhai.ledger.checkpoint import Checkpoint, NoteSignature, make_vkey, sign_note
from shanhai.ledger.policy import Policy, parse_policy
from shanhai.ledger.signing import Ed25519Signer, Sm2Signer
from shanhai.ledger.witness import cosign, make_witness_vkey

ORIGIN, LOG = "shanhai.example/demo", Ed25519Signer(b"\x01" * 32)
CHECKPOINT = Checkpoint(ORIGIN, 7, b"\x09" * 32)
TIME = 1_790_000_000
SIGNERS = [Ed25519Signer(bytes([20 + n]) * 32) for n in range(8)]


def name(number: int) -> str:
    return f"w{number}.example"


def toml(domains: list[list[int]], faults: int, more: str = "") -> bytes:
    lines = [f'log = "{make_vkey(ORIGIN, LOG).line}"', f"faults = {faults}"]
    for number, members in enumerate(domains):
        lines += ["[[domain]]", f'name = "D{number}"']
        for one in members:
            vkey = make_witness_vkey(name(one), SIGNERS[one]).line
            lines += ["[[domain.witness]]", f'vkey = "{vkey}"']
    return ("\n".join(lines) + "\n" + more).encode()


def policy(more: str = "", faults: int = 1) -> Policy:
    return parse_policy(toml([[0], [1], [2], [3, 4]], faults, more))


def lines(*numbers: int, text: str = CHECKPOINT.text) -> list[NoteSignature]:
    return [cosign(text, name(n), SIGNERS[n], TIME + n) for n in numbers]


def found(*numbers: int, more: str = "", faults: int = 1) -> Certificate:
    return certificate(CHECKPOINT, lines(*numbers), policy(more, faults))


PAIR = '[[interest]]\nname = "pair"\ndomains = ["D0", "D1"]\n'


def test_n_minus_f_domains_make_it_final() -> None:
    assert not found(0, 1).final
    assert found(0, 1).missing == ("D2", "D3")
    assert found(0, 1, 2).final
    assert found(0, 1, 2).breaking == 2
    assert found(0, 1, 2, 3).breaking == 3
    assert found(0, 1, faults=0).final is False
    assert found(0, 1, 2, 3, faults=0).breaking == 4


def test_two_witnesses_of_one_domain_count_once() -> None:
    one = found(0, 3, 4)
    assert not one.final
    assert one.signed == {"D0": TIME, "D3": TIME + 4}


def test_an_interest_that_could_break_it_is_named() -> None:
    assert found(0, 1, 2, more=PAIR).uncovered == ("pair",)
    assert found(0, 1, 2, 3, more=PAIR).uncovered == ()
    assert found(0, 2, 3, more=PAIR).uncovered == ()
    assert found(0, 1, more=PAIR).uncovered == ()
    said = [one.zh + one.en for one in found(0, 1, 2, more=PAIR).sentences()]
    assert any("pair" in one for one in said)
    assert all("{" not in one and "—" not in one for one in said)
    assert "还差 D2、D3" in found(0, 1).sentences()[0].zh


def test_seven_domains_bear_a_colluding_pair() -> None:
    seven = parse_policy(toml([[n] for n in range(7)], 2, PAIR))
    assert certificate(CHECKPOINT, lines(0, 1, 2, 3, 4), seven).uncovered == ()


def test_a_line_that_does_not_hold_is_not_counted() -> None:
    good = lines(0, 1)
    other = lines(2, text=Checkpoint(ORIGIN, 8, b"\x09" * 32).text)
    one = certificate(CHECKPOINT, [*good, *other, *lines(7)], policy())
    assert (one.final, one.forged, len(one.signed)) == (False, (name(2),), 2)
    assert any(name(2) in said.zh for said in one.sentences())


def test_a_note_is_certified_with_its_own_lines() -> None:
    note = sign_note(CHECKPOINT.text, ORIGIN, LOG)
    for line in lines(0, 2, 4):
        note = note.with_signature(line)
    assert certify(note, policy()).final


def test_another_log_s_checkpoint_is_refused() -> None:
    with pytest.raises(ProofError, match=r"checkpoint\.origin"):
        certificate(CHECKPOINT._replace(origin="other.example"), [], policy())


def test_who_belongs_where() -> None:
    one = policy()
    assert one.domain_of(make_witness_vkey(name(4), SIGNERS[4])) == "D3"
    assert one.domain_of(make_witness_vkey(name(6), SIGNERS[6])) == ""
    assert one.quorum == 3


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff", "policy.malformed"),
        (b"log = ", "policy.malformed"),
        (b"", "policy.malformed"),
        (toml([[0], [1], [2], [3]], 1, "stranger = 1\n"), "policy.malformed"),
        (toml([[0], [1], [2]], 1), "policy.quorum"),
        (toml([[n] for n in range(6)], 2), "policy.quorum"),
        (toml([[0], [1], [2], [2]], 1), "policy.twice"),
        (toml([[0], [1], [2], [3]], 1).replace(b"D3", b"D2"), "policy.twice"),
        (toml([[0], [1], [2], [3]], 1, PAIR.replace("D1", "D9")), "policy.interest"),
        (toml([[0], [1], [2], [3]], 1).replace(b"+", b"-", 1), "note.key"),
        (
            toml([[0]], 0).replace(
                make_witness_vkey(name(0), SIGNERS[0]).line.encode(),
                make_vkey(name(0), SIGNERS[0]).line.encode(),
            ),
            "policy.key",
        ),
        (
            toml([[0]], 0).replace(
                make_vkey(ORIGIN, LOG).line.encode(), make_witness_vkey(ORIGIN, LOG).line.encode()
            ),
            "policy.key",
        ),
    ],
)
def test_what_cannot_hold_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_policy(raw)
    assert caught.value.code == code
    assert caught.value.say("zh")


def test_sm2_witnesses_count_too() -> None:
    signer = Sm2Signer(b"\x06" * 32)
    vkey = make_witness_vkey("sm.example", signer).line
    text = f'log = "{make_vkey(ORIGIN, LOG).line}"\nfaults = 0\n[[domain]]\nname = "D"\n[[domain.witness]]\nvkey = "{vkey}"\n'
    one = parse_policy(text.encode())
    assert certificate(CHECKPOINT, [cosign(CHECKPOINT.text, "sm.example", signer, TIME)], one).final
