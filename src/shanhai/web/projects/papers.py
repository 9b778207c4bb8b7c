"""The documents that a project and what belongs to it name, by hash, with what is known of each."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.domains import names
from shanhai.domains.files.selectors import facts_of
from shanhai.kernel.text import Text

MOST = 80


class Paper(NamedTuple):
    """One document: what it is, of what, its file where the platform keeps it."""

    label: Text
    of: str
    digest: str
    name: str
    size: str
    href: str


def papers(objects: Iterable[Object]) -> list[Paper]:
    """Return every document that some objects name, each once; one query."""
    named: dict[str, tuple[Text, str]] = {}
    for one in objects:
        for field in fields_of(type(one)):
            value = getattr(one, field.name)
            if field.kind is Kind.DIGEST and value:
                named.setdefault(value, (field.text, names.title(one)))
    wanted = list(named)[:MOST]
    known = facts_of(wanted)
    made = []
    for digest in wanted:
        label, of = named[digest]
        name, size = known.get(digest, ("", 0))
        href = reverse("file", args=[digest]) if name else ""
        made.append(Paper(label, of, digest, name, size_text(size), href))
    return made


def size_text(size: int) -> str:
    """Return a file's size as people say it, "" for nothing."""
    if not size:
        return ""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if amount < 1000:  # noqa: PLR2004 - three digits are enough
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
