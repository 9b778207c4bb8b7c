"""The proof page: one entry in words, verified in the visitor's own browser by the static bundle."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from shanhai.domains.book import archive
from shanhai.domains.book.reading import reading
from shanhai.domains.documents.codes import code_of, grouped
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import Text
from shanhai.web.http import WebRequest, page, public
from shanhai.web.ledger import words

NOT_FOUND = 404
GAPS = (
    (
        "SELF-ASSERTED",
        Text(
            "核验公钥由本站给出。请与公告、盖章件或上级单位给出的公钥逐字比对；本浏览器会记住第一次见到的公钥，换了就会报警。",
            "The verifier key comes from this site. Compare it with a printed notice or another organisation's copy; "
            "this browser remembers the first one and warns if it changes.",
        ),
    ),
    (
        "UNANCHORED",
        Text(
            "没有与别处留存的检查点比对时，整本账被换成另一本也看不出来。带着打印件上的检查点再来，或在下次访问时由本浏览器自动比对。",
            "Without a checkpoint kept elsewhere, a whole ledger exchanged for another would not be noticed. Bring a printed "
            "checkpoint, or come again: this browser compares with what it saw.",
        ),
    ),
    (
        "UNWITNESSED",
        Text(
            "没有其他单位联署检查点时，只有账本运行单位自己的签名。多单位运行后，各单位的联署会列在这里。",
            "Where no other organisation cosigned the checkpoint, only the operator's own signature stands. Once several "
            "organisations run it, their cosignatures are listed here.",
        ),
    ),
    (
        "NOT-FINAL",
        Text(
            "有见证规则的账本，一条记录须由足够多的故障域联署之后才算最终确认；联署通常在一秒之内，请稍后再核验。",
            "Where a ledger has a witness policy, an entry is final only once enough failure domains cosigned; that takes "
            "about a second, so verify again shortly.",
        ),
    ),
    (
        "STATED",
        Text(
            "此后是否被作废，证明文件只能转述；下载全本日志重放一遍才能证明。",
            "Whether it was voided since is only stated in the proof file; replaying the whole log proves it.",
        ),
    ),
    (
        "RULES",
        Text(
            "当时是否有权办理、是否符合规则，由“shanhai verify”对全本日志逐条重算来证明；单条证明只说明它在账上且未改动。",
            "Whether it was right and within the rules of its day is shown by “shanhai verify” over the whole log; one proof "
            "shows that the entry is there and unchanged.",
        ),
    ),
)


def trust_config(**more: Any) -> dict[str, Any]:
    """Return what the bundle compares proofs with, and where it asks for consistency paths."""
    return archive.trust() | {"consistency": reverse("ledger_consistency")} | more


def qr(text: str) -> str:
    """Return a QR code as inline SVG without style attributes, black on white.

    The mask is fixed: weighing all eight took a quarter of a page, and every scanner reads any of them.
    """
    import segno  # noqa: PLC0415 - only where a code is drawn

    out = BytesIO()
    segno.make(text, error="m", micro=False, mask=3).save(
        out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, border=2, omitsize=True
    )
    return out.getvalue().decode()


def missing(request: HttpRequest, error: InvalidInputError) -> HttpResponse:
    """Say that the ledger has no such entry, and offer the search."""
    return page(request, "explorer/missing.html", {"error": error}, status=NOT_FOUND)


@public
@require_safe
def moved(_request: WebRequest, ref: str) -> HttpResponse:
    """Lead from an entry's place among the ledger's files to its proof page."""
    return redirect("proof", ref=ref)


@public
@require_safe
def proof_page(request: WebRequest, ref: str) -> HttpResponse:
    """Show the proof of an entry, by index or act id."""
    try:
        found = reading(request.actor, ref)
    except InvalidInputError as error:
        return missing(request, error)
    event = found.event
    code = code_of("entry", event.act_id)
    short = request.build_absolute_uri(reverse("proof_of", args=[code]))
    config = trust_config(
        proof_url=reverse("ledger_proof", args=[event.act_id]), act=words.act_words(event.act)
    )
    context = {
        "found": found,
        "event": event,
        "subject": words.subject(found),
        "said": words.said(found.payload) if found.payload is not None else [],
        "config": config,
        "gaps": GAPS,
        "finality": archive.finality(event.index),
        "code": grouped(code),
        "short": short,
        "qr": qr(short),
    }
    return page(request, "proof/proof.html", context)
