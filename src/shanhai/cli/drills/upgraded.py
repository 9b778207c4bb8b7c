"""The application of a node with other software, for `drill upgrade`: `python -m shanhai.cli.drills.upgraded KIND FOLDER`.

`newer` knows rules version 2, in which an organisation's name may not begin with 旧; `altered` knows it too and writes
organisations down otherwise than the rules say, as a node whose software was tampered with would.
"""

import sys
from pathlib import Path
from typing import Any

from shanhai.acts import governance
from shanhai.acts.machine import Case, Facts, Object
from shanhai.acts.machine.registry import Guard
from shanhai.acts.officer import RegisterOrganisation
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.service import Service

NEWER, ALTERED, VERSION, OLD = "newer", "altered", 2, "旧"
RULE = "drill.newer"


def _named_well(payload: Any, _case: Case[None]) -> Facts | None:
    """Refuse, from version 2 on, what was fine before."""
    return {} if payload.name.startswith(OLD) else None


def renew() -> None:
    """Let this process know rules version 2."""
    TEXTS[RULE] = Text(
        "演练：名称不能以“旧”开头", "Drill: a name may not begin with 旧; choose another"
    )
    row = RegisterOrganisation.row
    rule = Guard(RULE, TEXTS[RULE], "drill upgrade", _named_well, since=VERSION)
    RegisterOrganisation.row = row._replace(guards=(*row.guards, rule))
    governance.NEWEST = VERSION


def alter() -> None:
    """Let this process write organisations down otherwise."""
    honest = RegisterOrganisation.effects

    def effects(self: RegisterOrganisation, case: Case[None]) -> list[Object]:
        return [one.but(name=f"{self.name}！") for one in honest(self, case)]

    RegisterOrganisation.effects = effects  # type: ignore[method-assign]  # this is the fault


def command(kind: str) -> list[str]:
    """Return what starts such an application in the folder where it runs."""
    return [sys.executable, "-m", "shanhai.cli.drills.upgraded", kind, "."]


if __name__ == "__main__":
    renew()
    if sys.argv[1] == ALTERED:
        alter()
    raise SystemExit(Service(Path(sys.argv[2])).run())
