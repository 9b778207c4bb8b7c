"""Epochs: opened by the node, right after what is kept, and only where something is lost."""

from acts.scenario import Scenario
from shanhai.acts.epoch import Epoch, OpenEpoch
from shanhai.acts.roles import Role

KEPT, LOST = "ab" * 32, "cd" * 32


def opening(kept: int, lost: int) -> OpenEpoch:
    return OpenEpoch(
        kept_size=kept, kept_root=KEPT, lost_size=lost, lost_root=LOST, reason="模拟：机房失火"
    )


def test_an_epoch_names_what_is_lost() -> None:
    made = Scenario().post("node", Role.NODE, region="000000")
    first = made.id("epo")
    made.index, size = 4, 5
    made.when(opening(size, size + 7), by="node", on=first).ok()
    found = made.get(Epoch, first)
    assert (found.lost, found.lost_root, found.reason) == (7, LOST, "模拟：机房失火")


def test_an_epoch_opens_where_what_is_kept_ends_and_needs_a_loss() -> None:
    made = Scenario().post("node", Role.NODE, region="000000")
    made.index = 4
    made.when(opening(6, 9), by="node", on=made.id("epo")).refused("epoch.place")
    made.when(opening(6, 6), by="node", on=made.id("epo")).refused("epoch.loss")
