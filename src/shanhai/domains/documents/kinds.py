"""Which documents an object has: a kind, its words, and how its paper is made."""

from collections.abc import Callable
from typing import NamedTuple

from shanhai.acts.machine import Object
from shanhai.acts.notice import Notice
from shanhai.acts.payment import Payment
from shanhai.acts.project import Project
from shanhai.domains.documents import approval, notice, payment
from shanhai.domains.documents.paper import Paper
from shanhai.kernel.text import Text


class Asked(NamedTuple):
    """Who prints, for papers that name the printing organ, and when."""

    organ: str
    on_ms: int


class Kind(NamedTuple):
    """One kind of document: of which noun, whether an object has it now, and how it is made."""

    name: str
    noun: type[Object]
    text: Text
    fits: Callable[[Object], bool]
    build: Callable[[Object, Asked], Paper]


def _approval_fits(found: Object) -> bool:
    return isinstance(found, Project) and bool(found.declared_ms) and not found.opening


def _approval(found: Object, _asked: Asked) -> Paper:
    assert isinstance(found, Project)  # noqa: S101 - the registry pairs kind and noun
    return approval.build(found)


def _draft_fits(found: Object) -> bool:
    return isinstance(found, Project) and notice.stage_of(found) is not None


def _draft(found: Object, asked: Asked) -> Paper:
    assert isinstance(found, Project)  # noqa: S101 - the registry pairs kind and noun
    return notice.build_draft(found, asked.organ, asked.on_ms)


def _notice_fits(found: Object) -> bool:
    return isinstance(found, Notice) and found.stage in notice.OF_PROJECT


def _notice(found: Object, _asked: Asked) -> Paper:
    assert isinstance(found, Notice)  # noqa: S101 - the registry pairs kind and noun
    return notice.build(found)


def _payment_fits(found: Object) -> bool:
    return isinstance(found, Payment) and payment.fits(found)


def _payment(found: Object, _asked: Asked) -> Paper:
    assert isinstance(found, Payment)  # noqa: S101 - the registry pairs kind and noun
    return payment.build(found)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "approval",
            Project,
            Text("项目审批表和批复", "Approval form"),
            _approval_fits,
            _approval,
        ),
        Kind("draft", Project, Text("公示稿", "Notice to put up"), _draft_fits, _draft),
        Kind("notice", Notice, Text("公示", "Notice"), _notice_fits, _notice),
        Kind("payment", Payment, Text("拨款审批单", "Payment form"), _payment_fits, _payment),
    )
}


def kinds_of(found: Object) -> list[Kind]:
    """Return the documents that an object has now."""
    return [kind for kind in KINDS.values() if isinstance(found, kind.noun) and kind.fits(found)]
