"""What the shell of every page shows: ledger head, 模拟 banner, navigation, text size.

The parts that know fill their slot; an empty slot shows nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from shanhai.web.navigation import ITEMS, NavItem

TEXT_COOKIE = "text"
STEPS = (1, 5, 11, 30, 90)
"""Days by which a 模拟 ledger's time is moved on; 11 lets a notice of ten days end."""
LARGE = "large"


class Head(NamedTuple):
    """Where the ledger stands: entries, and the root as lower-case hex."""

    size: int
    root: str


class Slots:
    """Functions that later parts put in; each is asked once a page, when the page shows it."""

    head: Callable[[], Head | None] = staticmethod(lambda: None)
    simulated: Callable[[], bool] = staticmethod(lambda: False)
    now: Callable[[], int] = staticmethod(lambda: 0)
    posts: Callable[[HttpRequest], list[Any]] = staticmethod(lambda _request: [])


def _role(request: HttpRequest) -> str:
    """Return the acting role's name, "" for visitors."""
    role = getattr(getattr(request, "actor", None), "role", None)
    return role.value if role is not None else ""


class Shell:
    """The shell of one request; templates read it, nothing is computed before they do."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def head(self) -> Head | None:
        """Return the ledger's head, None before there is a ledger."""
        return Slots.head()

    @property
    def simulated(self) -> bool:
        """Whether this ledger is a demonstration."""
        return Slots.simulated()

    @property
    def now_ms(self) -> int:
        """Return ledger time, which a 模拟 ledger's banner shows."""
        return Slots.now()

    @property
    def steps(self) -> tuple[int, ...]:
        """Return the days by which a 模拟 ledger's time may be moved on."""
        return STEPS

    @property
    def posts(self) -> list[Any]:
        """Return the posts that the officer may switch between."""
        return Slots.posts(self._request)

    @property
    def large(self) -> bool:
        """Whether the visitor chose 大字版."""
        return self._request.COOKIES.get(TEXT_COOKIE) == LARGE

    @property
    def nav(self) -> Iterator[tuple[NavItem, str, bool]]:
        """Yield each item with its address and whether it is where we are."""
        user = getattr(self._request, "user", None)
        signed_in = bool(user and user.is_authenticated)
        for item in ITEMS:
            if item.officers and not signed_in:
                continue
            if item.roles and _role(self._request) not in item.roles:
                continue
            address = reverse(item.route)
            here = (
                self._request.path == address
                if address == "/"
                else self._request.path.startswith(address)
            )
            yield item, address, here

    @property
    def here(self) -> str:
        """Return this page's path and query, for switches that come back to it."""
        return self._request.get_full_path()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template its shell, and the map approval number (审图号)."""
    return {"shell": Shell(request), "map_approval_no": settings.MAP_APPROVAL_NO}
