"""Every running total equals a slow sum over all objects, wherever the projects stand."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from acts.project_world import DOC, WAN, ProjectWorld
from shanhai.acts.lot import LotState
from shanhai.acts.lot_work import TerminateLot
from shanhai.acts.machine import NOUNS
from shanhai.acts.machine.objects import Total
from shanhai.acts.project import ProjectState
from shanhai.acts.project_halt import TerminateProject
from shanhai.acts.project_pool import Drop

PROJECTS = st.sampled_from(
    [
        ProjectState.VILLAGE_NOTICE,
        ProjectState.IN_POOL,
        ProjectState.PLANNED,
        ProjectState.EXECUTING,
        ProjectState.CLOSED,
    ]
)
LOTS = st.lists(st.sampled_from([LotState.ADDED, LotState.STARTED, LotState.FINISHED]), max_size=2)


def slow_sums(world: ProjectWorld) -> Counter[str]:
    """Add every declared sum up from the objects alone."""
    found: Counter[str] = Counter()
    for one in world.store.objects.values():
        for total in type(one).sums:
            owner, value = getattr(one, total.by), getattr(one, total.field)
            if owner and value:
                found[f"{one.noun}.{total.field}/{owner}"] += value
    return found


def running_sums(world: ProjectWorld) -> Counter[str]:
    """Return the totals that the view kept."""
    totals = (one for one in world.store.objects.values() if isinstance(one, Total))
    return Counter({one.id: one.value for one in totals if one.value})


@given(
    states=st.lists(PROJECTS, min_size=1, max_size=3),
    lots=LOTS,
    end=st.sampled_from(["nothing", "lot", "project"]),
)
@settings(max_examples=12, deadline=None)
def test_totals_equal_slow_sums(states: list[ProjectState], lots: list[LotState], end: str) -> None:
    world = ProjectWorld()
    for state in states:
        world.reach(state)
    project = world.reach(ProjectState.EXECUTING)
    made = [world.lot(state, project, estimate_fen=200 * WAN) for state in lots]
    if end == "lot" and made and lots[-1] is not LotState.FINISHED:
        world.when(TerminateLot(reason=DOC, document=DOC), by="leaders", on=made[-1]).ok()
    if end == "project":
        world.when(TerminateProject(reason=DOC, document=DOC), by="leaders", on=project).ok()
    assert running_sums(world) == slow_sums(world)


def test_a_sum_that_two_declarations_share_is_counted_once() -> None:
    """Two sums of one noun with one field by one owner would add twice."""
    for kind in NOUNS.values():
        keys = [(total.field, total.by) for total in kind.sums]
        assert len(set(keys)) == len(keys), kind.noun


def test_a_dropped_project_frees_nothing_it_never_took() -> None:
    world = ProjectWorld()
    project = world.reach(ProjectState.IN_POOL)
    world.when(Drop(reason=DOC, document=DOC), by="office", on=project).ok()
    assert running_sums(world) == slow_sums(world)
