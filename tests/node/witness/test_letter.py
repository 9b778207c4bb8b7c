"""A mirror of a members' ledger reads entries from another mirror by its key; strangers read heads and tiles."""

import time
from pathlib import Path

import pytest

from node.witness.network import Site, identity, policy_of
from node.world import World
from shanhai.acts.genesis import Publication
from shanhai.kernel.errors import InvalidInputError
from shanhai.node.memory import Memory
from shanhai.node.witness.desk import Desk
from shanhai.node.witness.folder import make_identity, open_mirror
from shanhai.node.witness.http import Client, server, started
from shanhai.node.witness.letter import holds, letter
from shanhai.node.witness.mirror import Mirror, Shelves
from shanhai.node.witness.round import run_round
from shanhai.node.witness.shelf import MemoryShelf


def test_a_letter_counts_for_its_path_and_five_minutes() -> None:
    policy, path = policy_of(), "/ledger/tile/entries/000"
    made = letter(identity(0), path, 1_000)
    assert holds(made, path, 1_000, policy)
    assert holds(made, path, 1_300, policy)
    assert not holds(made, path, 1_301, policy)
    assert not holds(made, path + "1", 1_000, policy)
    assert not holds(letter(identity(5), path, 1_000), path, 1_000, policy)
    assert not any(
        holds(bad, path, 1_000, policy) for bad in ("", "a b c", f"{made} x", made[:-4] + "AAAA")
    )


def test_a_members_ledger_is_caught_up_from_a_mirror_by_its_witnesses_alone(tmp_path: Path) -> None:
    policy = policy_of()
    site = Site(policy)
    site.world = World(Memory(), publication=Publication.MEMBERS)
    site.node = site.world.node
    site.grow(0, 5)
    me = make_identity(tmp_path, identity(0).name, "intl", bytes([70]) * 32)
    one = open_mirror(tmp_path, policy, me, {"SHANHAI_ANCHORS": str(tmp_path / "anchors")})
    assert run_round(one, site.sequencer, {}, site.now).refused is None
    desk = Desk(tmp_path, one)
    made = server("127.0.0.1", 0, desk.read, desk.post, desk.may_read)
    thread = started(made)
    url = f"http://127.0.0.1:{made.server_address[1]}"

    def now_letter(path: str) -> str:

        return letter(identity(1), path, int(time.time()))

    stranger, member = Client(url), Client(url, letter=now_letter)
    try:
        assert stranger.get("tile/0/000.p/6")
        with pytest.raises(InvalidInputError, match="403"):
            stranger.get("tile/entries/000.p/6")
        fresh = Mirror(Memory(), policy, identity(1), Shelves(MemoryShelf(), MemoryShelf()))
        assert fresh.sync(member.get, site.now).size == 6
    finally:
        stranger.close()
        member.close()
        made.shutdown()
        made.server_close()
        thread.join()
