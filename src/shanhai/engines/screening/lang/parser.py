"""Parse an expression, by recursive descent, into the tree.

An expression is `or` of `and` of `not` of comparisons (`sum op sum`, `text in {"C", "D"}`); a sum is of products,
a product of numbers with units, dates, texts, truths, names, `@parameters`, `known(name)` and brackets.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from shanhai.engines.screening.lang import tree
from shanhai.engines.screening.lang.errors import RuleError
from shanhai.engines.screening.lang.tokens import Token, tokens
from shanhai.engines.screening.lang.units import NONE, WORDS, Unit, parse_unit

COMPARES = ("<", "<=", ">", ">=", "=", "!=")
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "known"})
_MAX_DEPTH, _MAX_TOKENS, _MAX_DIGITS = 40, 500, 30


def parse(source: str) -> tree.Node:
    """Return the tree of an expression.

    Args:
        source: One expression; line breaks are spaces.

    Raises:
        RuleError: At the column of the first mistake.
    """
    found = tokens(source)
    if len(found) > _MAX_TOKENS:
        raise RuleError("screen.deep", 1)
    parser = _Parser(found)
    node = parser.either()
    parser.done()
    return node


class _Parser:
    """One walk over the tokens."""

    def __init__(self, found: list[Token]) -> None:
        self.found, self.at, self.depth = found, 0, 0

    @property
    def now(self) -> Token:
        return self.found[self.at]

    def take(self) -> Token:
        token = self.now
        self.at += token.kind != "end"
        return token

    def sees(self, *texts: str) -> bool:
        return self.now.kind in {"sign", "name"} and self.now.text in texts

    def expect(self, text: str) -> None:
        if not self.sees(text):
            raise self.wrong(f"“{text}”", f"“{text}”")
        self.take()

    def wrong(self, zh: str, en: str) -> RuleError:
        token = self.now
        found = token.text or "…"
        return RuleError("screen.expected", token.column, wanted_zh=zh, wanted_en=en, found=found)

    def done(self) -> None:
        if self.now.kind != "end":
            raise self.wrong("表达式到此结束", "the expression to end here")

    def nested(self, inner: Callable[[], tree.Node]) -> tree.Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise RuleError("screen.deep", self.now.column)
        node = inner()
        self.depth -= 1
        return node

    def either(self) -> tree.Node:
        node = self.both()
        while self.sees("or"):
            column = self.take().column
            node = tree.Logic("or", node, self.both(), column=column)
        return node

    def both(self) -> tree.Node:
        node = self.inverse()
        while self.sees("and"):
            column = self.take().column
            node = tree.Logic("and", node, self.inverse(), column=column)
        return node

    def inverse(self) -> tree.Node:
        if self.sees("not"):
            column = self.take().column
            return tree.Not(self.nested(self.inverse), column=column)
        return self.compare()

    def compare(self) -> tree.Node:
        left = self.sum()
        if self.sees("in"):
            column = self.take().column
            return tree.Among(left, self.words(), column=column)
        if not self.sees(*COMPARES):
            return left
        op = self.take()
        right = self.sum()
        if self.sees(*COMPARES):
            raise RuleError("screen.chain", self.now.column)
        return tree.Compare(op.text, left, right, column=op.column)

    def words(self) -> tuple[str, ...]:
        self.expect("{")
        words = [self.word()]
        while self.sees(","):
            self.take()
            words.append(self.word())
        self.expect("}")
        return tuple(words)

    def word(self) -> str:
        if self.now.kind != "text":
            raise self.wrong("加引号的文字", "a text in quotes")
        return self.take().text[1:-1]

    def sum(self) -> tree.Node:
        node = self.product()
        while self.sees("+", "-"):
            op = self.take()
            node = tree.Sum(op.text, node, self.product(), column=op.column)
        return node

    def product(self) -> tree.Node:
        node = self.unary()
        while self.sees("*"):
            column = self.take().column
            node = tree.Product(node, self.unary(), column=column)
        return node

    def unary(self) -> tree.Node:
        if self.sees("-"):
            column = self.take().column
            return tree.Negative(self.nested(self.unary), column=column)
        return self.primary()

    def primary(self) -> tree.Node:
        token = self.now
        if self.sees("("):
            self.take()
            node = self.nested(self.either)
            self.expect(")")
            return node
        reader = {
            "number": self.number,
            "date": self.day,
            "text": self.text,
            "parameter": self.parameter,
            "name": self.name,
        }.get(token.kind)
        if reader is None:
            raise self.wrong(
                "数、日期、文字、字段或 @参数", "a number, date, text, field or @parameter"
            )
        return reader()

    def number(self) -> tree.Number:
        token = self.take()
        if len(token.text) > _MAX_DIGITS:
            raise RuleError("screen.overflow", token.column)
        value, start = Fraction(token.text.replace(",", "")), self.at
        unit_text = self.unit_text()
        if not unit_text:
            return tree.Number(value, NONE, plain=True, column=token.column)
        scale, unit = parse_unit(unit_text) or (Fraction(1), NONE)
        if (scaled := value * scale).denominator != 1 and unit != NONE:
            shown = token.text + "".join(one.text for one in self.found[start : self.at])
            raise RuleError("screen.fraction_fen", token.column, found=shown)
        return tree.Number(scaled, unit, column=token.column)

    def unit_text(self) -> str:
        """Take the words of a unit after a number: `yuan/person`."""
        if self.now.text not in WORDS or self.now.kind not in {"name", "sign"}:
            return ""
        words = [self.take().text]
        while self.sees("/"):
            self.take()
            if self.now.text not in WORDS:
                raise self.wrong(
                    "单位，如 元、人、天、个月", "a unit such as yuan, person, day, month"
                )
            words.append(self.take().text)
        return "/".join(words)

    def day(self) -> tree.Day:
        token = self.take()
        try:
            year, month, day = map(int, token.text.split("-"))
            return tree.Day(date(year, month, day), column=token.column)
        except ValueError as error:
            raise RuleError("screen.date", token.column, found=token.text) from error

    def text(self) -> tree.Word:
        token = self.take()
        return tree.Word(token.text[1:-1], column=token.column)

    def parameter(self) -> tree.Parameter:
        token = self.take()
        return tree.Parameter(token.text[1:], column=token.column)

    def name(self) -> tree.Node:
        token = self.take()
        if token.text in {"true", "false"}:
            return tree.Truth(token.text == "true", column=token.column)
        if token.text == "known":
            return self.known(token.column)
        if token.text in KEYWORDS:
            self.at -= 1
            raise self.wrong("字段或数", "a field or number")
        return tree.Name(token.text, column=token.column)

    def known(self, column: int) -> tree.Known:
        self.expect("(")
        if self.now.kind != "name" or self.now.text in KEYWORDS:
            raise self.wrong("字段名", "the name of a field")
        inner = self.take()
        self.expect(")")
        return tree.Known(tree.Name(inner.text, column=inner.column), column=column)


def parse_quantity(text: str) -> tuple[Fraction, Unit] | None:
    """Read `8800 yuan/person` or `30%`, a parameter's value.

    Returns:
        The value in base units and its unit; None where it is none.
    """
    try:
        node = parse(text)
    except RuleError:
        return None
    sign = -1 if isinstance(node, tree.Negative) else 1
    number = node.of if isinstance(node, tree.Negative) else node
    return (sign * number.value, number.unit) if isinstance(number, tree.Number) else None
