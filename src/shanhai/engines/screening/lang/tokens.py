"""Cut an expression into tokens: numbers with units, names, texts, dates, signs.

Full-width forms are read as their half-width twins, for rules are typed with Chinese input on.
"""

import re
from dataclasses import dataclass

from shanhai.engines.screening.lang.errors import RuleError

_WIDE = str.maketrans("（）｛｝，＜＞＝＋－×＊≥≤≠“”", '(){},<>=+-**≥≤≠""')
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "="}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<date>\d{4}-\d{1,2}-\d{1,2})
      | (?P<number>\d+(?:,\d{3})*(?:\.\d+)?)
      | (?P<text>"[^"\n]*")
      | (?P<open>")
      | (?P<parameter>@[^\W\d]\w*)
      | (?P<name>[^\W\d]\w*)
      | (?P<sign><=|>=|!=|==|[-+*<>=(){},/%≥≤≠])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: its kind (date, number, text, parameter, name, sign, end) and column from 1."""

    kind: str
    text: str
    column: int


def tokens(source: str) -> list[Token]:
    """Cut a source into tokens, the last of kind `end`.

    Raises:
        RuleError: `screen.character` or `screen.quote`, at the column.
    """
    text, at, found = source.translate(_WIDE), 0, list[Token]()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise RuleError("screen.character", at + 1, found=source[at])
        kind = match.lastgroup or ""
        if kind == "open":
            raise RuleError("screen.quote", at + 1)
        if kind != "space":
            word = match.group()
            found.append(Token(kind, _SIGNS.get(word, word), at + 1))
        at = match.end()
    return [*found, Token("end", "", len(source) + 1)]
