"""/imports/<batch>/sign: the rows not recorded yet become acts, signed with one gesture a part."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from shanhai.acts.project_declare import RecordPublished
from shanhai.acts.roles import Role
from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book import desk
from shanhai.domains.book.desk import Prepared
from shanhai.domains.imports import batches
from shanhai.domains.imports.batches import Batch
from shanhai.domains.imports.result import Project
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.acts.config import sign_config
from shanhai.web.http import WebRequest, page
from shanhai.web.middleware import language

PART = 100


def to_record(batch: Batch) -> list[Project]:
    """Return the accepted rows that no recorded project matches, in the order of the file."""
    projects = batches.read(batch).result.projects
    known = batches.matches(batch, projects)
    return [one for one in projects if one.import_key not in known]


def prepared(
    request: WebRequest, batch: Batch, rows: list[Project], kid: str
) -> tuple[list[Prepared], list[tuple[Project, list[str]]]]:
    """Return the acts that may be signed, and the rows that the rules refuse with the reasons."""
    ready, refused = [], []
    for project in rows:
        try:
            made = desk.prepare(
                actor=request.actor,
                payload=desk.payload_of(RecordPublished, _values(batch, project)),
                subject=desk.fresh_id(RecordPublished),
                kid=kid,
            )
        except InvalidInputError as error:
            refused.append((project, [error.say(language())]))
            continue
        if made.verdict.accepted:
            ready.append(made)
        else:
            refused.append((project, _reasons(made)))
    return ready, refused


def _reasons(made: Prepared) -> list[str]:
    """Return the failed rules in the reader's language."""
    english = language() == "en"
    return [line.en if english else line.zh for line in made.lines if not line.ok]


def _values(batch: Batch, project: Project) -> dict[str, Any]:
    act = batches.record(batch, project)
    given = {name: getattr(act, name) for name in act.__struct_fields__}
    return {name: value for name, value in given.items() if value not in ("", 0)}


def sign(request: WebRequest, batch: str) -> HttpResponse:
    """Show the next part of what is to be recorded; what is signed drops out, so a cancelled import goes on later."""
    found = batches.batch_or_404(request.actor, batch)
    rows = to_record(found)
    total = len(batches.read(found).result.projects)
    kids = active_kids(request.actor.person)
    kid = request.GET.get("kid", "") or (kids[0] if kids else "")
    may = request.actor.role is Role.DATA_DESK and bool(kids)
    ready, refused = prepared(request, found, rows[:PART], kid) if may else ([], [])
    here = reverse("import_sign", args=[found.id])
    context: dict[str, Any] = {
        "batch": found,
        "done": total - len(rows),
        "left": len(rows),
        "total": total,
        "ready": len(ready),
        "refused": refused,
        "part": PART,
        "may": may,
        "config": sign_config(request, ready, kids, next=here, key_url=f"{here}?kid=")
        if ready
        else None,
    }
    return page(request, "imports/sign.html", context)
