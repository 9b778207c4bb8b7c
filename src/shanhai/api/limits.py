"""How much one client may ask: two token buckets, one for reading, one for writing.

A client is known by a keyed hash of its address that lives in the cache for the bucket's own time. What
is over the limit gets 429 with the seconds to wait; SHANHAI_API_READS and SHANHAI_API_WRITES set how many
requests a minute.
"""

import hmac
import os
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from shanhai.domains.clock import machine_ms
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

MINUTE_MS = 60_000
TEXTS["api.too_many"] = Text(
    "请求过于频繁，请 {seconds} 秒后再试",
    "Too many requests; try again in {seconds} seconds",
)


class Bucket(NamedTuple):
    """So many requests at once, and so many a minute after that."""

    name: str
    per_minute: int

    def take(self, sender: str, now_ms: int) -> None:
        """Take one token.

        Args:
            sender: What tells clients apart; only its keyed hash is kept.
            now_ms: The machine's time, epoch ms.

        Raises:
            InvalidInputError: `api.too_many` with the seconds to wait.
        """
        digest = hmac.new(settings.SECRET_KEY.encode(), sender.encode(), sha256).hexdigest()
        key, step = f"api.{self.name}/{digest}", MINUTE_MS / self.per_minute
        tokens, since = cache.get(key, (float(self.per_minute), now_ms))
        tokens = min(self.per_minute, tokens + max(0, now_ms - since) / step)
        if tokens < 1:
            raise InvalidInputError("api.too_many", seconds=int((1 - tokens) * step / 1000) + 1)
        cache.set(key, (tokens - 1, now_ms), MINUTE_MS // 1000)


READS = Bucket("reads", int(os.environ.get("SHANHAI_API_READS", "1200")))
WRITES = Bucket("writes", int(os.environ.get("SHANHAI_API_WRITES", "600")))


def sender(request: HttpRequest) -> str:
    """Return the client's address; behind the proxy that ends TLS, the one that the proxy saw."""
    seen = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return seen.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def take(request: HttpRequest, *, writes: bool) -> None:
    """Take one token of the client's bucket.

    Raises:
        InvalidInputError: `api.too_many`.
    """
    (WRITES if writes else READS).take(sender(request), machine_ms())
