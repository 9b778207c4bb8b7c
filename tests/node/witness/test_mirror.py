"""A mirror cosigns what holds, and refuses a lying sequencer in words of both languages."""

import errno
import os
from pathlib import Path

import pytest

from node.witness.network import LOG_KEY, NAMES, ORIGIN, Site, Witnessing, identity, policy_of
from shanhai.acts.genesis import Clock
from shanhai.kernel.errors import ProofError, ShanhaiError, StorageError
from shanhai.ledger.checkpoint import (
    Checkpoint,
    NoteSignature,
    parse_checkpoint,
    parse_note,
    sign_note,
)
from shanhai.ledger.entry import pack, unpack
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.ledger.signing import Ed25519Signer
from shanhai.ledger.tiles import bundle_bytes
from shanhai.node.memory import Memory
from shanhai.node.witness.gossip import STALE_MS
from shanhai.node.witness.mirror import Mirror, Shelves
from shanhai.node.witness.round import Round
from shanhai.node.witness.shelf import FileShelf, MemoryShelf


@pytest.fixture
def net() -> Witnessing:
    made = Witnessing()
    made.site.grow(0, 20)
    return made


def refusal(done: Round) -> ShanhaiError:
    """Return why nothing was cosigned; it is said in both languages."""
    assert done.refused is not None
    assert done.note == b""
    for lang in ("zh", "en"):
        assert "—" not in done.refused.say(lang)
    return done.refused


def test_a_quorum_makes_a_checkpoint_final(net: Witnessing) -> None:
    first, second, third, fourth = net.rounds()
    assert [one.refused for one in (first, second, third, fourth)] == [None] * 4
    assert first.size == 21
    final = net.site.gathering.final()
    assert final is not None
    found = net.mirrors[0].certificate(final)
    assert found.final
    assert found.signed.keys() == set(NAMES[:4])
    assert found.checkpoint.root == net.site.node.head().root


def test_one_below_the_quorum_is_not_final(net: Witnessing) -> None:
    net.round(0)
    net.round(1)
    assert net.site.gathering.final() is None
    net.round(3)
    assert net.site.gathering.final() is not None


def test_growth_is_taken_up_in_chunks_and_cosigned_anew() -> None:
    net = Witnessing(chunk=7)
    net.site.grow(0, 300)
    assert net.round(0).new == 301
    net.site.grow(300, 9)
    net.site.now += 2_000
    done = net.round(0)
    assert (done.new, done.refused) == (9, None)
    assert parse_checkpoint(parse_note(done.note).text).size == 310
    assert net.mirrors[0].head() == net.site.node.head()


def test_nothing_new_gives_the_same_bytes(net: Witnessing) -> None:
    first = net.round(0).note
    net.now += 5_000
    assert net.round(0).note == first


def test_an_offered_checkpoint_stands_until_it_is_final_or_old(net: Witnessing) -> None:
    net.round(0)
    net.site.grow(20, 5)
    assert b"\n21\n" in net.site.get("checkpoint")
    net.round(1)
    net.round(2)
    assert b"\n26\n" in net.site.get("checkpoint")
    net.site.grow(25, 1)
    net.site.now += 1_000
    assert b"\n27\n" in net.site.get("checkpoint")


def test_an_altered_entry_is_named(net: Witnessing) -> None:
    def lie(path: str, raw: bytes) -> bytes:
        if "entries" not in path:
            return raw
        return raw.replace("模拟合作社7".encode(), "模拟合作社9".encode())

    net.site.lie = lie
    error = refusal(net.round(0))
    assert (error.code, error.facts["index"]) == ("witness.altered", 8)
    assert net.mirrors[0].head() is None
    net.site.lie = lambda _, raw: raw
    assert net.round(0).refused is None


def test_altered_tiles_are_told_from_altered_entries(net: Witnessing) -> None:
    net.site.lie = lambda path, raw: raw[::-1] if path.startswith("tile/") else raw
    assert refusal(net.round(0)).code in {"tile.bundle", "witness.altered", "witness.tiles"}
    net.site.lie = lambda _, raw: raw
    net.round(0)
    net.site.grow(20, 4)
    net.site.now += 2_000
    net.site.lie = lambda path, raw: raw[::-1] if path.startswith("tile/0") else raw
    assert refusal(net.round(0)).code == "witness.tiles"
    assert net.mirrors[0].evidence.alarms() == []


def signed_anew(net: Witnessing, site: Site, change: bytes) -> None:
    """Let the sequencer sign a log whose entry 5 was changed after its officer signed."""
    suite = site.node.constants.suite
    entries = list(site.node.storage.packed(0, site.node.head().size))
    entry = unpack(entries[5])
    entries[5] = pack(entry._replace(body=entry.body.replace("模拟合作社4".encode(), change)))
    tree = Tree(suite)
    leaves = [leaf_hash(suite, one) for one in entries]
    tree.extend(leaves)
    note = sign_note(Checkpoint(ORIGIN, len(entries), tree.root()).text, ORIGIN, LOG_KEY)

    def lie(path: str, raw: bytes) -> bytes:
        if path == "checkpoint":
            return note.encode()
        return bundle_bytes(entries) if "entries" in path else b"".join(leaves)

    site.lie = lie
    assert net.site is site


def test_an_act_against_the_rules_is_refused_though_the_log_signed_it(net: Witnessing) -> None:
    signed_anew(net, net.site, "模拟合作社X".encode())
    error = refusal(net.round(0))
    assert (error.code, error.facts["index"]) == ("witness.rule", 5)
    assert net.mirrors[0].head() is None
    kept = net.shelves[0].inside.names("refused")
    assert kept == ["refused/5-checkpoint", "refused/5-entry"]


def other_history(net: Witnessing) -> Site:
    """Return the same ledger with another history after genesis, signed by the same key."""
    site = Site(net.policy)
    site.grow(500, 22)
    return site


def test_a_split_view_is_raised_and_both_heads_are_kept(net: Witnessing) -> None:
    assert net.round(0).refused is None
    error = refusal(net.round(0, other_history(net)))
    assert (error.code, error.facts["size"]) == ("witness.split", 23)
    ours, theirs = (
        net.shelves[0].inside.get(one) for one in net.shelves[0].inside.names("evidence")
    )
    assert ours is not None
    assert theirs is not None
    assert ours.startswith(b"example.org/moni\n21\n")
    assert theirs.startswith(b"example.org/moni\n23\n")
    assert refusal(net.round(0)).code == "witness.alarm"


def test_a_split_view_of_the_same_or_a_smaller_size_is_raised(net: Witnessing) -> None:
    net.round(0)
    smaller = Site(net.policy)
    smaller.grow(500, 7)
    assert refusal(net.round(0, smaller)).code == "witness.split"


def test_gossip_raises_a_split_view_between_two_groups(net: Witnessing) -> None:
    assert net.round(0).refused is None
    error = refusal(net.round(1, other_history(net)))
    assert (error.code, error.facts["whose"]) == ("witness.split", "east")
    assert net.mirrors[0].evidence.alarms() == []
    assert refusal(net.round(0)).code == "witness.split"
    assert net.site.gathering.final() is None


def test_what_others_saw_first_is_compared_once_it_is_here(net: Witnessing) -> None:
    other = other_history(net)
    net.mirrors[0].hear(other.sealer.checkpoint(other.node), "bank", net.now)
    net.site.grow(20, 10)
    error = refusal(net.round(0))
    assert (error.code, error.facts["whose"]) == ("witness.split", "bank")


def test_strangers_accuse_nobody(net: Witnessing) -> None:
    net.round(0)
    forged = sign_note(
        Checkpoint(ORIGIN, 5, b"\x01" * 32).text, ORIGIN, Ed25519Signer(b"\x55" * 32)
    )
    net.mirrors[0].hear(forged.encode(), "bank", net.now)
    net.mirrors[0].hear(b"junk", "bank", net.now)
    assert net.round(0).refused is None


def test_a_rollback_is_refused(net: Witnessing) -> None:
    early = net.site.sealer.checkpoint(net.site.node)
    net.round(0)
    net.site.grow(20, 3)
    net.site.now += 2_000
    net.round(0)
    net.site.lie = lambda path, raw: early if path == "checkpoint" else raw
    error = refusal(net.round(0))
    assert (error.code, error.facts["size"], error.facts["held"]) == ("witness.rollback", 21, 24)


def test_a_sequencer_that_withholds_is_stale_after_a_minute(net: Witnessing) -> None:
    early = net.site.sealer.checkpoint(net.site.node)
    net.site.grow(20, 3)
    net.round(1)
    net.site.lie = lambda path, raw: early if path == "checkpoint" else raw
    assert net.round(0).refused is None
    net.now += STALE_MS + 1
    error = refusal(net.round(0))
    assert (error.code, error.facts["whose"], error.facts["seen"]) == ("witness.stale", "west", 24)
    net.site.lie = lambda _, raw: raw
    assert net.round(0).refused is None


def test_another_key_s_checkpoint_is_refused(net: Witnessing) -> None:
    head = net.site.node.head()
    note = sign_note(
        Checkpoint(ORIGIN, head.size, head.root).text, ORIGIN, Ed25519Signer(b"\x55" * 32)
    )
    net.site.lie = lambda path, raw: note.encode() if path == "checkpoint" else raw
    assert refusal(net.round(0)).code == "note.unsigned"


def test_another_ledger_is_refused() -> None:
    net = Witnessing()
    net.mirrors[0].trust.root = policy_of(ledger="ab" * 32)
    error = refusal(net.round(0))
    assert error.code == "witness.ledger"


def test_a_stranger_s_key_verifies_and_does_not_cosign(net: Witnessing) -> None:
    shelves = Shelves(MemoryShelf(), MemoryShelf())
    one = identity(0)._replace(name="stranger.example")
    net.mirrors[0] = Mirror(Memory(), net.policy, one, shelves)
    done = net.round(0)
    assert refusal(done).code == "witness.stranger"
    assert done.size == 21


def test_a_lost_folder_is_caught_up_before_it_cosigns_again(net: Witnessing) -> None:
    net.round(0)
    net.shelves[0] = Shelves(MemoryShelf(), net.shelves[0].outside)
    net.mirrors[0] = net.fresh(0)
    smaller = Site(net.policy)
    smaller.grow(0, 5)
    assert refusal(net.round(0, smaller)).code == "witness.behind"
    assert net.round(0).refused is None
    assert net.mirrors[0].head() == net.site.node.head()


def test_a_lost_folder_does_not_cosign_another_history(net: Witnessing) -> None:
    net.round(0)
    net.shelves[0] = Shelves(MemoryShelf(), net.shelves[0].outside)
    net.mirrors[0] = net.fresh(0)
    assert refusal(net.round(0, other_history(net))).code == "witness.split"


def test_a_clock_behind_its_last_cosignature_is_refused(net: Witnessing) -> None:
    net.round(0)
    net.site.grow(20, 1)
    net.site.now += 2_000
    net.now -= 86_400_000
    assert refusal(net.round(0)).code == "witness.clock"


def test_entries_from_the_future_of_a_real_clock_are_refused() -> None:
    net = Witnessing(clock=Clock.REAL)
    net.site.grow(0, 3)
    net.now = net.site.world.now - 86_400_000
    error = refusal(net.round(0))
    assert (error.code, error.facts["index"]) == ("follow.future", 0)
    net.now = net.site.world.now
    assert net.round(0).refused is None


def test_damage_to_the_copy_is_found_before_it_is_cosigned(net: Witnessing) -> None:
    net.round(0)
    net.site.grow(20, 2)
    net.site.now += 2_000
    mirror = net.mirrors[0]
    mirror.sync(net.site.get, net.now)
    assert isinstance(mirror.storage, Memory)
    last = mirror.storage.records[-1]
    mirror.storage.records[-1] = last._replace(packed=last.packed[:-1] + b"?")
    with pytest.raises(ProofError, match=r"seal\.differs"):
        mirror.cosign(net.now)


def test_a_cosignature_for_another_root_is_refused_by_the_sequencer(net: Witnessing) -> None:
    other = other_history(net)
    done = net.round(0, other)
    with pytest.raises(ProofError, match=r"gather\.other"):
        net.site.deliver(done.note)


def test_cosignatures_of_nobody_known_are_refused(net: Witnessing) -> None:
    raw = net.site.sealer.checkpoint(net.site.node)
    with pytest.raises(ProofError, match=r"gather\.nobody"):
        net.site.deliver(raw)
    vkey = identity(0).vkey
    forged = parse_note(raw).with_signature(NoteSignature(vkey.name, vkey.key_id, bytes(72)))
    with pytest.raises(ProofError, match=r"gather\.nobody"):
        net.site.deliver(forged.encode())


def test_a_file_shelf_keeps_what_a_memory_shelf_keeps(tmp_path: object) -> None:
    shelf = FileShelf(tmp_path / "shelf")  # type: ignore[operator]
    assert shelf.get("a/1") is None
    assert shelf.names("a") == []
    shelf.put("a/1", b"x")
    shelf.put("a/2", b"y")
    assert shelf.get("a/1") == b"x"
    assert shelf.names("a") == ["a/1", "a/2"]
    shelf.drop("a/1")
    shelf.drop("a/1")
    with shelf.locked():
        assert shelf.names("a") == ["a/2"]


def test_a_full_disk_cosigns_and_receipts_nothing_and_says_so(
    net: Witnessing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = FileShelf(tmp_path / "witness")
    net.shelves[0] = Shelves(inside, MemoryShelf())
    net.mirrors[0] = mirror = net.fresh(0)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("shanhai.node.witness.shelf.write_bytes", full)
        assert refusal(net.round(0)).code == "witness.disk"
        with pytest.raises(StorageError, match=r"witness\.disk"):
            mirror.receipts.take(net.site.node, net.site.world.organisations(50, 1)[0], net.now)
        assert mirror.receipts.waiting == []
    assert mirror.newest() == b""
    assert net.round(0).refused is None
    assert mirror.newest()


def test_a_clock_a_day_ahead_stays_silent_until_the_true_time(net: Witnessing) -> None:
    net.now += 86_400_000
    assert net.round(0).refused is None
    net.now -= 86_400_000
    net.site.grow(20, 1)
    assert refusal(net.round(0)).code == "witness.clock"
    assert [one.refused is None for one in net.rounds()] == [False, True, True, True]
