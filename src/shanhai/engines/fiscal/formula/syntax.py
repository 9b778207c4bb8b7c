"""From a formula's text to its tree, with the character at which it goes wrong.

Grammar, loosest first: `or`, `and`, `not`, comparison or `in (…)`, `+ -`, `* /`, sign, `**` whole number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from shanhai.engines.fiscal.exact import Number, tame
from shanhai.engines.fiscal.units import MONEY_UNITS, parse_number
from shanhai.engines.fiscal.words import refuse

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?%?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*'|“[^”]*”)|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),=<>])"
)
_WIDE = str.maketrans("（），＋－×÷＝＜＞％−", "(),+-*/=<>%-")
_SAME = {"≤": "<=", "≥": ">=", "≠": "!="}
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=", "=")


@dataclass(frozen=True)
class Node:
    """One piece of a formula: its kind, its own value, its parts, and where it stands in the text."""

    kind: str
    value: str | Number = ""
    parts: tuple["Node", ...] = ()
    named: dict[str, "Node"] = field(default_factory=dict)
    start: int = 0
    end: int = 0


def parse(text: str, place: str) -> Node:
    """Return the tree of a formula.

    Raises:
        InvalidInputError: If the text is no formula; names the character and the formula.
    """
    return _Parser(text, place).whole()


def plain(text: str) -> str:
    """Return the text with full-width signs made plain, outside quotes; lengths may change with ≤ ≥ ≠."""
    pieces = re.split(r"(\"[^\"]*\"|'[^']*'|“[^”]*”)", text)
    for at in range(0, len(pieces), 2):
        piece = pieces[at].translate(_WIDE)
        for wide, narrow in _SAME.items():
            piece = piece.replace(wide, narrow)
        pieces[at] = piece
    return "".join(pieces)


def _is_currency(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isupper()  # noqa: PLR2004 - ISO 4217


class _Parser:
    def __init__(self, text: str, place: str) -> None:
        self.text, self.place = plain(text), place
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[tuple[str, str, int]]:
        found, at = [], 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise self._wrong(at, self.text[at])
            kind = str(match.lastgroup)
            if kind != "space":
                word = match[0]
                found.append(("sign" if word in KEYWORDS - {"true", "false"} else kind, word, at))
            at = match.end()
        return [*found, ("end", "", len(self.text))]

    def _wrong(self, at: int, found: str) -> Exception:
        shown = f"“{found}”" if found else "结尾 the end"
        return refuse("syntax", place=self.place, at=at + 1, found=shown, formula=self.text)

    def _peek(self) -> str:
        kind, word, _ = self.tokens[self.at]
        return word if kind == "sign" else ""

    def _take(self, *words: str) -> str:
        word = self._peek()
        if word and word in words:
            self.at += 1
            return word
        return ""

    def _want(self, word: str) -> None:
        if not self._take(word):
            _, found, at = self.tokens[self.at]
            raise self._wrong(at, found)

    def _node(
        self, kind: str, value: str | Number, start: int, *parts: Node, **named: Node
    ) -> Node:
        _, word, at = self.tokens[self.at - 1]
        return Node(kind, value, parts, named, start, at + len(word))

    def whole(self) -> Node:
        node = self._either()
        kind, word, at = self.tokens[self.at]
        if kind != "end":
            raise self._wrong(at, word)
        return node

    def _either(self) -> Node:
        node = self._both()
        while self._take("or"):
            node = self._node("or", "or", node.start, node, self._both())
        return node

    def _both(self) -> Node:
        node = self._not()
        while self._take("and"):
            node = self._node("and", "and", node.start, node, self._not())
        return node

    def _not(self) -> Node:
        start = self.tokens[self.at][2]
        if self._take("not"):
            return self._node("not", "not", start, self._not())
        return self._compare()

    def _compare(self) -> Node:
        node = self._sum()
        if self._take("in"):
            self._want("(")
            choices = [self._sum()]
            while self._take(","):
                choices.append(self._sum())
            self._want(")")
            return self._node("in", "in", node.start, node, *choices)
        word = self._take(*COMPARISONS)
        if not word:
            return node
        return self._node("compare", "==" if word == "=" else word, node.start, node, self._sum())

    def _sum(self) -> Node:
        node = self._product()
        while word := self._take("+", "-"):
            node = self._node("arithmetic", word, node.start, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while word := self._take("*", "/"):
            node = self._node("arithmetic", word, node.start, node, self._signed())
        return node

    def _signed(self) -> Node:
        start = self.tokens[self.at][2]
        if self._take("-"):
            return self._node("minus", "-", start, self._signed())
        self._take("+")
        return self._power()

    def _power(self) -> Node:
        node = self._single()
        if not self._take("**"):
            return node
        kind, word, at = self.tokens[self.at]
        if kind != "number" or not word.isdigit() or int(word) > 9:  # noqa: PLR2004 - no tenth powers
            raise self._wrong(at, word)
        self.at += 1
        return self._node("power", int(word), node.start, node)

    def _single(self) -> Node:
        kind, word, start = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return self._number(word, start)
        if kind == "text":
            return self._node("text", word[1:-1], start)
        if kind == "name":
            if word in ("true", "false"):
                return self._node("flag", int(word == "true"), start)
            return self._call(word, start) if self._take("(") else self._node("name", word, start)
        if word == "(":
            node = self._either()
            self._want(")")
            return node
        raise self._wrong(start, word)

    def _number(self, word: str, start: int) -> Node:
        value = parse_number(word, self.place)
        unit, currency = self._unit(MONEY_UNITS.__contains__), self._unit(_is_currency)
        if not unit and not currency:
            return self._node("number", value, start)
        return self._node("money", tame(value * (MONEY_UNITS[unit] if unit else 100)), start)

    def _unit(self, fits: Callable[[str], bool]) -> str:
        kind, word, _ = self.tokens[self.at]
        if kind != "name" or not fits(word):
            return ""
        self.at += 1
        return word

    def _call(self, name: str, start: int) -> Node:
        parts, named = list[Node](), dict[str, Node]()
        if not self._take(")"):
            while True:
                self._argument(parts, named)
                if not self._take(","):
                    break
            self._want(")")
        return self._node("call", name, start, *parts, **named)

    def _argument(self, parts: list[Node], named: dict[str, Node]) -> None:
        kind, word, at = self.tokens[self.at]
        following = self.tokens[self.at + 1][1] if kind == "name" else ""
        if kind == "name" and following == "=" and word in ("by", "where"):
            self.at += 2
            if word in named:
                raise self._wrong(at, word)
            named[word] = self._either()
        elif named:
            raise self._wrong(at, word)
        else:
            parts.append(self._either())
