"""Notes and checkpoints: the x/mod vectors, strict forms, and which keys count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.checkpoint import (
    MAX_NOTE_BYTES,
    Checkpoint,
    Note,
    NoteSignature,
    check_name,
    make_vkey,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    sign_note,
    verify_note,
)
from shanhai.ledger.signing import Ed25519Signer, P256Signer, Signer, Sm2Signer

# golang.org/x/mod sumdb/note, note_test.go.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_NOTE = (
    PETER_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
# golang.org/x/mod sumdb/tlog: the tree note text.
TREE_TEXT = "go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n"
NAME = "shanhai.example/demo"
SIGNERS: list[Signer] = [Ed25519Signer(b"\x01" * 32), Sm2Signer(b"\x03" * 32)]
CHECKPOINT = Checkpoint(NAME, 42, b"\x07" * 32)


def test_the_published_note_verifies() -> None:
    vkey = parse_vkey(PETER)
    note = parse_note(PETER_NOTE)
    assert (vkey.line, note.text, note.encode()) == (PETER, PETER_TEXT, PETER_NOTE)
    assert verify_note(note, [vkey]) == (vkey,)


@pytest.mark.parametrize(
    "line",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("Peter", "Petra"),
        PETER + "\n",
        " " + PETER,
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3",
        "",
    ],
)
def test_malformed_verifier_keys_are_refused(line: str) -> None:
    with pytest.raises(InvalidInputError, match=r"note\.key"):
        parse_vkey(line)


def test_a_small_order_key_is_no_verifier_key() -> None:
    vkey = make_vkey(NAME, SIGNERS[0])._replace(public_key=b"\x01" + b"\x00" * 31)
    with pytest.raises(InvalidInputError, match=r"note\.key"):
        parse_vkey(vkey.line)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.alg)
def test_a_checkpoint_is_signed_and_read_back(signer: Signer) -> None:
    vkey = parse_vkey(make_vkey(NAME, signer).line)
    note = parse_note(sign_note(CHECKPOINT.text, NAME, signer).encode())
    assert verify_note(note, [vkey]) == (vkey,)
    assert parse_checkpoint(note.text) == CHECKPOINT


def test_p256_signs_no_notes() -> None:
    with pytest.raises(KeyError):
        make_vkey(NAME, P256Signer(b"\x02" * 32))


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.alg)
def test_a_note_with_one_changed_byte_anywhere_is_refused(signer: Signer) -> None:
    raw, vkey = sign_note(CHECKPOINT.text, NAME, signer).encode(), make_vkey(NAME, signer)
    for position in range(len(raw)):
        for bit in (0x01, 0x20):
            changed = bytearray(raw)
            changed[position] ^= bit
            with pytest.raises(ProofError):
                verify_note(parse_note(bytes(changed)), [vkey])


@given(cut=st.integers(0, len(PETER_NOTE) - 1), extra=st.binary(min_size=1, max_size=8))
def test_shortened_and_lengthened_notes_are_refused(cut: int, extra: bytes) -> None:
    for raw in (PETER_NOTE[:cut], PETER_NOTE + extra):
        with pytest.raises(ProofError, match=r"note\.malformed"):
            parse_note(raw)


@pytest.mark.parametrize(
    "raw",
    [
        PETER_NOTE.replace(b"\n\n", b"\n"),
        PETER_NOTE.replace(b"If", b"I\tf"),
        PETER_NOTE.replace(b"If", b"I\x00f"),
        PETER_NOTE.replace("—".encode(), b"-"),
        PETER_NOTE.replace(b"JnAM=", b"JnAN="),
        PETER_NOTE.replace(b"JnAM=", b"JnAM"),
        PETER_NOTE.replace(b" x08go", b"  x08go"),
        PETER_NOTE.replace(b"PeterNeumann", b"Peter+Neumann"),
        PETER_NOTE.replace(b" x08go", b" x08g ")[:-90] + b"\n",
        b"text\n\n" + "— name AAAA\n".encode(),
        b"text\n\n" + "— name AAAAAAAA\n".encode() * 65,
        b"x" * MAX_NOTE_BYTES + PETER_NOTE,
    ],
)
def test_other_forms_of_a_note_are_refused(raw: bytes) -> None:
    with pytest.raises(ProofError, match=r"note\.malformed"):
        parse_note(raw)


def test_unknown_signatures_are_ignored_and_a_false_known_one_refuses_the_note() -> None:
    note, vkey = sign_note(CHECKPOINT.text, NAME, SIGNERS[0]), make_vkey(NAME, SIGNERS[0])
    stranger = NoteSignature("stranger", b"\x00" * 4, b"\x00" * 64)
    assert verify_note(note.with_signature(stranger), [vkey]) == (vkey,)
    false = NoteSignature(NAME, vkey.key_id, b"\x01" * 64)
    with pytest.raises(ProofError, match=r"note\.signature"):
        verify_note(note.with_signature(false), [vkey])
    for trusted in ([], [make_vkey("other", SIGNERS[0])], [make_vkey(NAME, SIGNERS[1])]):
        with pytest.raises(ProofError, match=r"note\.unsigned"):
            verify_note(note, trusted)


def test_text_may_hold_empty_lines() -> None:
    note = sign_note("one\n\ntwo\n", NAME, SIGNERS[0])
    assert parse_note(note.encode()) == note


def test_the_published_tree_text_is_not_ours_only_for_its_origin() -> None:
    with pytest.raises(ProofError, match=r"checkpoint\.malformed"):
        parse_checkpoint(TREE_TEXT)
    text = TREE_TEXT.replace("go.sum database tree", "sum.golang.org")
    assert parse_checkpoint(text).size == 123_456_789_012
    assert parse_checkpoint(text).text == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n42\n", "\n042\n"),
        ("\n42\n", "\n-42\n"),
        ("\n42\n", "\n٤٢\n"),
        ("\n42\n", "\n4 2\n"),
        ("\n42\n", "\n" + "9" * 20 + "\n"),
        ("=\n", "=\nextension\n"),
        ("=\n", "="),
        ("Bwc=\n", "Bw==\n"),
        ("Bwc=\n", "Bwd=\n"),
        (NAME, ""),
        (NAME, "a+b"),
        (NAME, "a b"),
    ],
)
def test_other_forms_of_a_checkpoint_are_refused(old: str, new: str) -> None:
    assert old in CHECKPOINT.text
    with pytest.raises(ProofError, match=r"checkpoint\.malformed"):
        parse_checkpoint(CHECKPOINT.text.replace(old, new))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b", "a\x01b"])
def test_names_that_a_note_cannot_carry_are_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"note\.name"):
        check_name(name)
    with pytest.raises(InvalidInputError, match=r"note\.name"):
        sign_note("text\n", name, SIGNERS[0])


def test_a_note_is_written_line_by_line() -> None:
    note = Note("text\n", (NoteSignature("name", b"\x00\x01\x02\x03", b"\x04"),))
    assert note.encode() == "text\n\n— name AAECAwQ=\n".encode()
