"""What may stand in an address: registered nouns, ids and verbs, nothing else."""

from shanhai.acts import book
from shanhai.acts.machine import NOUNS

BOOK = book  # importing it registers every noun and act


class NounConverter:
    """A registered noun's name in bytes."""

    regex = "|".join(
        sorted((kind.noun for kind in NOUNS.values() if not kind.derived), key=len, reverse=True)
    )

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


class IdConverter(NounConverter):
    """An object's id, or `new`."""

    regex = r"[0-9A-Za-z._:-]{1,200}"


class VerbConverter(NounConverter):
    """An act's verb."""

    regex = r"[a-z_]{1,40}"
