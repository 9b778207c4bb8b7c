"""State roots are recorded by a node, at the newest fixed size, once."""

import pytest

from acts.scenario import Scenario
from shanhai.acts.roles import Role
from shanhai.acts.state import FIRST, RecordState, StateRoot, due

ROOT = "ab" * 32


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (0, 0),
        (1_023, 0),
        (1_024, 1_024),
        (1_300, 1_280),
        (2_047, 1_792),
        (2_048, 2_048),
        (9_999, 8_192),
    ],
)
def test_fixed_sizes_stand_four_between_powers_of_two(size: int, wanted: int) -> None:
    assert due(size) == wanted


def test_a_state_root_is_recorded_once() -> None:
    made = Scenario().post("node", Role.NODE, region="000000")
    made.index, first = 1_100, made.id("srt")
    made.when(RecordState(size=FIRST, root=ROOT), by="node", on=first).ok()
    assert made.get(StateRoot, first).root == ROOT
    made.when(RecordState(size=FIRST, root=ROOT), by="node", on=made.id("srt")).refused(
        "object.taken"
    )


def test_only_the_newest_fixed_size_is_recorded() -> None:
    made = Scenario().post("node", Role.NODE, region="000000")
    made.index = 2_100
    made.when(RecordState(size=FIRST, root=ROOT), by="node", on=made.id("srt")).refused(
        "state.size"
    )
    made.index = 1_000
    made.when(RecordState(size=FIRST, root=ROOT), by="node", on=made.id("srt")).refused(
        "state.size"
    )
