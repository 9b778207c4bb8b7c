"""Words of the domain: sentences and labels in Chinese and English, beside their declaration.

No gettext here, so that `shanhai verify` speaks both languages without Django.
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, Self

Facts = dict[str, int | str]


class Text(NamedTuple):
    """A sentence or label in both languages; facts ending in `_fen` are shown in yuan."""

    zh: str
    en: str

    def say(self, lang: str, facts: Facts | None = None) -> str:
        """Return the sentence in `lang` (`zh` or `en`) with its facts filled in."""
        sentence = self.en if lang == "en" else self.zh
        if "{" not in sentence and "}" not in sentence:
            return sentence
        return sentence.format_map(_Shown(facts or {}))


class _Shown(dict[str, object]):
    """Facts as a reader sees them; a missing fact shows as a dash, never as an error."""

    def __init__(self, facts: Facts) -> None:
        super().__init__((k, _yuan(int(v)) if k.endswith("_fen") else v) for k, v in facts.items())

    def __missing__(self, key: str) -> str:
        return "—"


def _yuan(amount_fen: int) -> str:
    sign, whole = ("-" if amount_fen < 0 else ""), abs(amount_fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02}"


class Choice(str, Enum):
    """A closed list whose members carry both labels: `PAID = "paid", "已支付", "Paid"`."""

    zh: str
    en: str
    __hash__ = str.__hash__  # it equals its value, and an enumeration's own hash is slow

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        """Make a member that is its own value in bytes and carries its labels."""
        new = str.__new__(cls, value)
        new._value_, new.zh, new.en = value, zh, en
        return new

    @property
    def text(self) -> Text:
        """Return both labels."""
        return Text(self.zh, self.en)

    @classmethod
    def label(cls) -> Text:
        """Return the list's own name; subclasses may override."""
        return Text(cls.__name__, cls.__name__)


class Texts(dict[str, Text]):
    """Sentences by code; a code that stands for two sentences is a fault of ours, told at import."""

    def __setitem__(self, code: str, text: Text) -> None:
        """Add a sentence.

        Raises:
            TypeError: If the code has another one.
        """
        if self.setdefault(code, text) != text:
            raise TypeError(f"{code} has two sentences")

    def __ior__(self, other: Mapping[str, Text]) -> Self:  # type: ignore[override,misc]  # dict's takes pairs too
        """Add sentences."""
        for code, text in other.items():
            self[code] = text
        return self


TEXTS = Texts()
