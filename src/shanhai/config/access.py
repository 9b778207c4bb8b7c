"""Deny by default: a request passes only if the authorisation table has a row for its route, method and asker.

The table is enforced here, before any view runs; views, scopes and rules decide what is left to decide.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import get_resolver

from shanhai.acts.roles import Role
from shanhai.config.access_table import TABLE
from shanhai.domains.book.handle import node_or_none

WHO = frozenset({"public", "account", "officer", "simulated", "signature", "closed"})


class Row(NamedTuple):
    """One route's row."""

    route: str
    methods: frozenset[str]
    who: str
    roles: frozenset[Role]

    def allows(self, method: str) -> bool:
        """Return whether the route answers a method; HEAD goes with GET."""
        return method in self.methods or (method == "HEAD" and "GET" in self.methods)


def read(table: str) -> dict[str, Row]:
    """Read the table; `/` is the front page.

    Raises:
        ValueError: For a row that is malformed, doubled, or names an unknown asker.
    """
    rows: dict[str, Row] = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        route, methods, who = line.rsplit(maxsplit=2)
        route = "" if route == "/" else route
        if route in rows:
            raise ValueError(f"{route} has two rows")
        named = frozenset() if who in WHO else frozenset(map(Role, who.split(",")))
        rows[route] = Row(route, frozenset(methods.split(",")), "roles" if named else who, named)
    return rows


ROWS = read(TABLE)


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Yield every route of the installation as the resolver names it."""
    for found in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(found.pattern)
        if hasattr(found, "url_patterns"):
            yield from routes(found.url_patterns, route)
        else:
            yield route


def _simulated() -> bool:
    found = node_or_none()
    return found is not None and found.constants.simulated


def _refuse(request: HttpRequest, row: Row) -> HttpResponse | None:
    if row.who in {"public", "signature", "simulated"}:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    actor = request.actor  # type: ignore[attr-defined]  # typed in WebRequest
    if row.who == "officer" and actor.public:
        raise PermissionDenied("officers only")
    if row.who == "roles" and actor.role not in row.roles:
        raise PermissionDenied("other roles only")
    return None


class Access:
    """The middleware that asks the table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what the table does not allow: no row 404, another method 405, another asker 403.

        The demonstration's routes do not exist on a real ledger, whatever the method.
        """
        match = request.resolver_match
        row = ROWS.get(match.route if match else "")
        if row is None or row.who == "closed":
            raise Http404("not in the authorisation table")
        if row.who == "simulated" and not _simulated():
            raise Http404("no demonstration here")
        if not row.allows(request.method or ""):
            return HttpResponseNotAllowed(sorted(row.methods))
        return _refuse(request, row)


@register
def table_is_whole(**_kwargs: Any) -> list[CheckMessage]:
    """Report routes without a row, and rows of routes that do not exist."""
    known = set(routes())
    missing = [f"route {one} has no row in config/access_table.py" for one in known - ROWS.keys()]
    stale = [
        f"config/access_table.py names {one}, which is no route" for one in ROWS.keys() - known
    ]
    return [Error(one) for one in sorted(missing + stale)]
