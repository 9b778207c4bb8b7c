"""Every kind of work of every role can be asked for: no condition names a column that is not there."""

import pytest

from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.workbench import duties, queue, todos
from shanhai.domains.workbench.queue import Wanted
from web.workbench.village_world import World

ROLES = [role for role in Role if duties.of_role(role)]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_work_of_a_role_is_found_without_error(world: World, role: Role) -> None:
    actor = Actor("per" + "0" * 26, "pst" + "0" * 26, role, "org" + "0" * 26, "519901")
    assert todos.groups(actor, world.now) == []
    for duty in duties.of_role(role):
        for due in ("", "overdue", "today", "soon"):
            assert queue.part(duty, actor, Wanted("词", due), world.now).items == []
