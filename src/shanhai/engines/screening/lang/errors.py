"""What the rule language refuses: one code a kind of mistake, with the column and how to mend it."""

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text


class RuleError(InvalidInputError):
    """A mistake in an expression; `where` in its facts says file, line, rule and column."""

    def __init__(self, code: str, column: int, **facts: int | str) -> None:
        facts.setdefault("where", f"{column}")
        super().__init__(code, **facts)
        self.column = column

    def placed(self, where: str, source: str) -> "RuleError":
        """Return the same mistake with its whole place and the expression it is in."""
        return RuleError(
            self.code, self.column, **(self.facts | {"where": where, "source": source})
        )

    def say(self, lang: str) -> str:
        """Return the sentence, then the expression with a mark under the place."""
        source = self.facts.get("source")
        sentence = super().say(lang)
        if source is None:
            return sentence
        line, column = _line(str(source), self.column)
        pad = "".join("\u3000" if ord(c) > 0x2E7F else " " for c in line[: column - 1])  # noqa: PLR2004 - wide from CJK on
        return f"{sentence}\n    {line}\n    {pad}^"


def _line(source: str, column: int) -> tuple[str, int]:
    """Return the line of a long expression that holds a column, and the column in it."""
    start = source.rfind("\n", 0, column - 1) + 1
    end = source.find("\n", start)
    return source[start : end if end >= 0 else len(source)], column - start


TEXTS |= {
    "screen.character": Text(
        "{where}：不认识的字符“{found}”，请删去或换成 + - * < <= > >= = != ( ) {{ }} ,",
        "{where}: unknown character “{found}”; remove it or use + - * < <= > >= = != ( ) {{ }} ,",
    ),
    "screen.quote": Text(
        "{where}：引号没有成对，请补上", "{where}: a quote is not closed; close it"
    ),
    "screen.expected": Text(
        "{where}：这里应为{wanted_zh}，却是“{found}”",
        "{where}: expected {wanted_en}, found “{found}”",
    ),
    "screen.chain": Text(
        "{where}：比较不能连写，请写成 a < b and b < c",
        "{where}: comparisons do not chain; write a < b and b < c",
    ),
    "screen.deep": Text(
        "{where}：表达式太长或括号太深，请拆成几条规则",
        "{where}: the expression is too long or nested too deep; split it into several rules",
    ),
    "screen.date": Text(
        "{where}：“{found}”不是日历上的日期，请写如 2026-03-14",
        "{where}: “{found}” is no calendar date; write it like 2026-03-14",
    ),
    "screen.fraction_fen": Text(
        "{where}：“{found}”不足一分，请保留到分",
        "{where}: “{found}” is finer than one fen; round it to the fen",
    ),
    "screen.name": Text(
        "{where}：不认识“{name}”{hint_zh}，请在 [fields]、[[parameters]] 或 [[rules]] 里声明",
        "{where}: unknown name “{name}”{hint_en}; declare it in [fields], [[parameters]] or [[rules]]",
    ),
    "screen.type": Text(
        "{where}：{what}应为{wanted_zh}，却是{found_zh}，请改写",
        "{where}: {what} takes {wanted_en}, not {found_en}; rewrite it",
    ),
    "screen.unit": Text(
        "{where}：单位不合，左边是 {left}，右边是 {right}，请换算或补上单位",
        "{where}: units differ, {left} on the left and {right} on the right; convert, or write the unit",
    ),
    "screen.overflow": Text(
        "{where}：结果可能超出 64 位整数，请给字段写更窄的 min、max，或化简",
        "{where}: the result may leave 64 bits; give the fields narrower min and max, or simplify",
    ),
    "screen.cycle": Text(
        "{where}：规则互相引用成环：{name}，请去掉其中一处",
        "{where}: rules refer to one another in a circle: {name}; break it",
    ),
    "screen.value": Text(
        "{where}：“{found}”不在该字段的取值 {wanted} 之内，请改正",
        "{where}: “{found}” is not among the field's values {wanted}; correct it",
    ),
}
