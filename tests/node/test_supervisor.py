"""What the supervisor reads in a consensus node's log: whether it halted inside, and whether this node is the one that parted."""

import json
import sys
import time
from pathlib import Path

import pytest

from shanhai.node.supervisor import (
    ENOUGH_ROOM,
    LEAST_ROOM,
    LOG,
    LOOK_S,
    PIDS,
    Health,
    Pair,
    health,
)

HALTED = b'E[x] CONSENSUS FAILURE!!!  module=consensus err="'
BLOCK = b"+2/3 committed an invalid block: wrong Block.Header.AppHash.  Expected AA, got BB"
PANIC = b"panic: block.AppHash does not match AppHash after replay. Got 'AA', expected 'BB'."


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b"", Health.WELL),
        (b"E[x] Stopping peer for error  module=p2p err=EOF\n", Health.WELL),
        (b"E[x] prevote step: consensus deems this block invalid err=" + BLOCK, Health.WELL),
        (HALTED + b'index out of range" stack=1\n', Health.HALTED),
        (b"one\n" + HALTED + BLOCK + b'" stack=1\ntwo\n', Health.PARTED),
        (PANIC, Health.PARTED),
        (b'E[x] Error in validation  module=blocksync err="' + BLOCK, Health.PARTED),
        (b"ERROR: error on replay: app block height (9) is higher than core (3)\n", Health.ASTRAY),
        (b'E[x] Error in validation  module=blocksync err="wrong signature"', Health.WELL),
    ],
)
def test_only_a_node_that_halted_is_stopped(said: bytes, found: Health) -> None:
    assert health(said) is found


class Disk:
    """A disk whose free space a test sets."""

    free = ENOUGH_ROOM

    def __call__(self, _folder: Path) -> int:
        """Return what is free."""
        return self.free


def runs(pair: Pair) -> bool:
    """Return whether its application runs."""
    return pair.application.alive


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the monotonic clock be moved on."""
    passed, real = [0.0], time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + passed[0])
    return passed


def test_a_node_rests_before_its_disk_is_full_and_goes_on_when_there_is_room(
    tmp_path: Path, later: list[float]
) -> None:
    """It is stopped with a sentence, stays stopped while room is scarce, and starts by itself."""
    disk = Disk()
    pair = Pair(tmp_path, tmp_path / "none", {}, room=disk)
    pair.application.command = [sys.executable, "-c", "import time; time.sleep(600)"]
    pair.start()
    try:
        pair.tick()
        assert runs(pair)
        disk.free = LEAST_ROOM - 1
        later[0] += LOOK_S
        pair.tick()
        assert not runs(pair)
        assert not pair.stopped
        assert json.loads((tmp_path / PIDS).read_bytes())["application"] == 0
        said = (tmp_path / LOG).read_text(encoding="utf-8")
        assert "consensus.disk" in said
        assert "199 MB" in said
        disk.free = ENOUGH_ROOM - 1
        later[0] += LOOK_S
        pair.tick()
        assert not runs(pair)
        disk.free = ENOUGH_ROOM
        later[0] += LOOK_S
        pair.tick()
        assert runs(pair)
    finally:
        pair.ask_to_end()
        pair.end()
