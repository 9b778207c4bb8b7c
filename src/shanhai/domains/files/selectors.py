"""Who may see a document: by the objects whose acts name it, deny by default."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import Http404

from shanhai.acts.machine import NOUNS, Object
from shanhai.acts.roles import ADMINISTRATIVE, Role
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import timeline
from shanhai.domains.files import store
from shanhai.domains.files.mentions import mentions_of
from shanhai.domains.files.models import Document, Mention, Upload
from shanhai.domains.rows import MODELS, row_of
from shanhai.domains.scope import STAFF_NOUNS, visible, within

PUBLIC_FIELDS = frozenset(
    {
        ("notice.open", "page"),
        ("notice.restart", "page"),
        ("project.announce", "page"),
    }
)
"""What 公告公示 rules publish anyway; photographs and minutes show people and stay with officers."""
GOVERNING_NOUNS = STAFF_NOUNS | {
    "organisation",
    "ledger",
    "release",
    "setting",
    "parameter_change",
    "ruleset",
}
"""All that administrators, registrars and rule keepers may read papers of: the operator has no business right."""
NO_PAPERS = frozenset({Role.ADMIN, Role.NODE})
MINE = 50


class Shown(NamedTuple):
    """A document with the entries that name it."""

    document: Document
    mentions: list[Mention]
    events: list[timeline.Event]
    path: Path

    @property
    def present(self) -> bool:
        """Whether its bytes lie where they should."""
        return self.path.exists()


def _plain(act: str) -> str:
    return act.partition("/")[0]


def is_public(document: Document, mentions: Sequence[Mention]) -> bool:
    """Return whether anybody may read it."""
    return document.public or any((_plain(m.act), m.field) in PUBLIC_FIELDS for m in mentions)


def _papers(kind: type[Object], actor: Actor) -> Q | None:
    if actor.role in NO_PAPERS:
        return None
    if actor.role in ADMINISTRATIVE and kind.noun not in GOVERNING_NOUNS:
        return None
    return visible(kind, actor) & within(kind, actor)


def _in_scope(actor: Actor, mentions: Sequence[Mention]) -> bool:
    named: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        named[mention.noun].add(mention.subject)
    return any(_any_visible(actor, noun, ids) for noun, ids in named.items())


def _any_visible(actor: Actor, noun: str, ids: set[str]) -> bool:
    kind = NOUNS.get(noun)
    if kind is None or kind not in MODELS:
        return False
    condition = _papers(kind, actor)
    return condition is not None and row_of(kind).objects.filter(condition, pk__in=ids).exists()


def may_see(actor: Actor, document: Document, mentions: Sequence[Mention]) -> bool:
    """Return whether an actor may read a document.

    Its uploader may; an officer whose region (on the side their role is measured by) holds an object
    that names it may; the public may where the naming field is one that rules publish.
    """
    if is_public(document, mentions):
        return True
    if actor.public:
        return False
    return document.uploader == actor.person or _in_scope(actor, mentions)


def document_or_404(actor: Actor, digest: str) -> Shown:
    """Return a document that the actor may see, with what names it.

    Raises:
        Http404: If it is missing or out of the actor's scope, alike.
    """
    document = Document.objects.filter(pk=digest).first()
    mentions = mentions_of(digest) if document else []
    if document is None or not may_see(actor, document, mentions):
        raise Http404(f"no document {digest}")
    events = timeline.entries(list(dict.fromkeys(m.index for m in mentions)))
    return Shown(document, mentions, events, store.path_of(Path(settings.DATA_DIR), digest))


def names_of(digests: Sequence[str]) -> dict[str, str]:
    """Return the file names of stored documents, for pages that show hashes; one query."""
    return dict(Document.objects.filter(pk__in=digests).values_list("digest", "name"))


def facts_of(digests: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Return file name and size of stored documents; one query."""
    rows = Document.objects.filter(pk__in=digests).values_list("digest", "name", "size")
    return {digest: (name, size) for digest, name, size in rows}


def documents_mine(actor: Actor) -> list[Document]:
    """Return the latest documents that the actor uploaded."""
    if not actor.person:
        return []
    rows = Document.objects.filter(uploader=actor.person).order_by("-uploaded_ms", "digest")
    return list(rows[:MINE])


def uploads_mine(actor: Actor) -> list[Upload]:
    """Return the actor's unfinished uploads."""
    if not actor.person:
        return []
    return list(Upload.objects.filter(uploader=actor.person).order_by("-started_ms")[:MINE])


def damaged() -> list[str]:
    """Return the hashes of documents whose bytes are damaged or gone, at most 100."""
    rows = Document.objects.filter(damaged=True).order_by("digest")
    return list(rows.values_list("digest", flat=True)[:100])


def health() -> dict[str, int]:
    """Return what the health answer says of documents: how many are damaged, and the oldest scrub."""
    oldest = Document.objects.order_by("scrubbed_ms").values_list("scrubbed_ms", flat=True).first()
    return {"damaged": Document.objects.filter(damaged=True).count(), "scrubbed_ms": oldest or 0}
