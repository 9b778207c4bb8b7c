"""Who confirms plans and changes in the east: a dated value of the pair, frozen when the west has decided.

Source: funds reference §5.8 no. 4: none, the posted cadre, the liaison group or the office; local practice.
"""

from typing import Any

from shanhai.acts.clocks import PLAN_CONFIRMER
from shanhai.acts.machine import Case, Facts, guard
from shanhai.acts.pairing import Countersigner
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role

CONFIRMERS = (Role.EAST_CADRE, Role.EAST_LIAISON, Role.EAST_OFFICE)


def confirmer_of(case: Case[Any], region: str) -> Countersigner:
    """Return who confirms for the east now, Countersigner.NONE where the pair agreed on nobody.

    Raises:
        Refused: `parameter.unset` where the pair has not said; an eastern key is never dropped by silence.
    """
    return Countersigner(case.dated(PLAN_CONFIRMER, region, case.now).words[0])


@guard(
    "east.wrong_confirmer",
    "本项由{role}确认，请由其办理",
    "This is confirmed by: {role_en}",
    platform("R05"),
)
def right_confirmer(_payload: Any, case: Case[Any]) -> Facts | None:
    """The eastern role was fixed when the west decided."""
    due = case.subject.confirmer
    return None if case.post.role is due.role else {"role": due.zh, "role_en": due.en}
