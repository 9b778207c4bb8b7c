"""What the supervisor reads in a consensus node's log: whether it halted inside, and whether this node is the one that parted."""

import pytest

from shanhai.node.supervisor import Health, health

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
        (b'E[x] Error in validation  module=blocksync err="wrong signature"', Health.WELL),
    ],
)
def test_only_a_node_that_halted_is_stopped(said: bytes, found: Health) -> None:
    assert health(said) is found
