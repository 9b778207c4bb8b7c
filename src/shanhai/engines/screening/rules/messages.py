"""Messages of a rule: a sentence with places for fields `{income}` and parameters `{@line}`."""

import re

from shanhai.engines.screening.lang.check import Scope
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

PLACE = re.compile(r"\{(@?)([^{}]*)\}")
TEXTS["screen.message"] = Text(
    "{where}：话里的 {name} 不是字段或 @参数，请改正",
    "{where}: {name} in the message is no field or @parameter; correct it",
)


def check_message(message: str, where: str, scope: Scope) -> tuple[set[str], set[str]]:
    """Return the fields and parameters a message shows.

    Raises:
        InvalidInputError: A place names neither, or a brace stands alone.
    """
    fields, parameters = set[str](), set[str]()
    for at, name in PLACE.findall(message):
        known, found = (scope.parameters, parameters) if at else (scope.fields, fields)
        if name not in known:
            raise InvalidInputError("screen.message", where=where, name=f"{{{at}{name}}}")
        found.add(name)
    rest = PLACE.sub("", message)
    if "{" in rest or "}" in rest:
        raise InvalidInputError("screen.message", where=where, name="{")
    return fields, parameters
