"""`/metrics` for Prometheus: what this process answered, and how ledger, anchor and documents stand.

Requests are counted by route pattern, never by path, address or person. It answers on the machine itself, or to whoever
brings the token of SHANHAI_METRICS_TOKEN; what came through a proxy without it is told that there is no such page.
"""

import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from hmac import compare_digest

import psutil
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shanhai.config.health import VERSION
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.files.selectors import health
from shanhai.kernel.errors import ShanhaiError
from shanhai.node.seal import Sealer

BOUNDS = (0.05, 0.1, 0.3, 1.0, 3.0)
"""Upper bounds of the histogram, seconds."""
LOCAL = frozenset({"127.0.0.1", "::1"})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, dict[str, str], float]


class Answered:
    """What this process answered since it began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self.requests[method, route, status] += 1
            self.buckets[bisect_left(BOUNDS, seconds)] += 1
            self.seconds += seconds

    def samples(self) -> Iterator[Sample]:
        """Yield the counters as they stand."""
        with self._lock:
            requests, buckets, seconds = dict(self.requests), list(self.buckets), self.seconds
        for (method, route, status), count in sorted(requests.items()):
            named = {"method": method, "route": route, "status": str(status)}
            yield "shanhai_requests_total", named, count
        total = 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
            total += count
            yield "shanhai_request_seconds_bucket", {"le": bound}, total
        yield "shanhai_request_seconds_sum", {}, seconds
        yield "shanhai_request_seconds_count", {}, total


ANSWERED = Answered()
KINDS = {
    "shanhai_requests_total": ("counter", "Requests answered, by route pattern."),
    "shanhai_request_seconds": ("histogram", "How long answers took."),
    "shanhai_build_info": ("gauge", "The release that runs."),
    "shanhai_database_up": ("gauge", "Whether the database answers."),
    "shanhai_ledger_entries": ("gauge", "Entries of the ledger."),
    "shanhai_ledger_last_entry_seconds": ("gauge", "Ledger time of the last entry, Unix seconds."),
    "shanhai_anchor_entries": ("gauge", "Entries that the anchor knows of."),
    "shanhai_documents_damaged": ("gauge", "Stored documents found damaged or gone."),
    "shanhai_documents_oldest_scrub_seconds": ("gauge", "When the longest unread was read."),
    "process_resident_memory_bytes": ("gauge", "Memory of this process."),
    "process_cpu_seconds_total": ("counter", "CPU time of this process."),
}


def counted(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Count every answer; the first of all middlewares, so that nothing is left out of its time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        route, method = match.route if match else "", request.method or ""
        ANSWERED.count(method, route, response.status_code, time.perf_counter() - started)
        return response

    return middleware


def _ledger() -> Iterator[Sample]:
    found = node_or_none()
    if found is None:
        return
    head = found.head()
    yield "shanhai_ledger_entries", {}, head.size
    yield "shanhai_ledger_last_entry_seconds", {}, head.time_ms / 1000
    keeper = found.publisher
    if isinstance(keeper, Sealer) and keeper.anchor is not None:
        anchored = keeper.anchor.read()
        yield "shanhai_anchor_entries", {}, anchored.checkpoint.size if anchored else 0


def _state() -> Iterator[Sample]:
    try:
        documents = health()
        found = list(_ledger())
    except (DatabaseError, ShanhaiError):
        yield "shanhai_database_up", {}, 0
        return
    yield "shanhai_database_up", {}, 1
    yield from found
    yield "shanhai_documents_damaged", {}, documents["damaged"]
    yield "shanhai_documents_oldest_scrub_seconds", {}, documents["scrubbed_ms"] / 1000


def samples() -> Iterator[Sample]:
    """Yield everything that is measured."""
    yield "shanhai_build_info", {"version": VERSION}, 1
    yield from _state()
    yield from ANSWERED.samples()
    process = psutil.Process()
    yield "process_resident_memory_bytes", {}, process.memory_info().rss
    yield "process_cpu_seconds_total", {}, time.process_time()


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def written(found: Iterator[Sample]) -> str:
    """Return samples in Prometheus' text format, each family after its help and type."""
    lines: list[str] = []
    family = ""
    for name, labels, value in found:
        mine = next(one for one in KINDS if name == one or name.startswith(f"{one}_"))
        if mine != family:
            family = mine
            kind, text = KINDS[mine]
            lines += [f"# HELP {mine} {text}", f"# TYPE {mine} {kind}"]
        inside = ",".join(f'{key}="{_quoted(one)}"' for key, one in labels.items())
        shown = f"{value:.6f}".rstrip("0").rstrip(".")
        lines.append(f"{name}{{{inside}}} {shown}" if inside else f"{name} {shown}")
    return "\n".join(lines) + "\n"


def _may_read(request: HttpRequest) -> bool:
    token = os.environ.get("SHANHAI_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(given.encode(), token.encode()):
        return True
    return request.META.get("REMOTE_ADDR") in LOCAL and "X-Forwarded-For" not in request.headers


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with what is measured.

    Raises:
        Http404: For whoever is neither on the machine nor brings the token.
    """
    if not _may_read(request):
        raise Http404("metrics are for the machine itself or with a token")
    return HttpResponse(written(samples()), content_type=CONTENT_TYPE)
