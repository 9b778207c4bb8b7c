"""A token bucket against floods of anonymous submissions.

The sender is known only by a keyed hash that lives in the cache for the bucket's own time: no address is
kept. A bucket refills steadily, so that somebody who waits can always write.
"""

import hmac
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

CAPACITY, MANY, REFILL_MS = 5, 30, 10 * 60_000
TEXTS["intake.too_many"] = Text(
    "操作过于频繁，请约 {minutes} 分钟后再试；紧急情况请拨打 12345",
    "Too many attempts; try again in about {minutes} minutes, or call 12345 if it is urgent",
)


def take(sender: str, now_ms: int, capacity: int = CAPACITY) -> None:
    """Take one token of a sender's bucket: five at once, then one every ten minutes.

    Args:
        sender: What tells senders apart; only its keyed hash is used.
        now_ms: The machine's time, epoch ms.
        capacity: How many at once, and how many are refilled in the time that five take.

    Raises:
        InvalidInputError: `intake.too_many` with the minutes to wait.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), sender.encode(), sha256).hexdigest()
    key = f"portal.bucket/{digest}"
    refill_ms = CAPACITY * REFILL_MS // capacity
    tokens, since = cache.get(key, (capacity, now_ms))
    gained = max(0, now_ms - since) // refill_ms
    tokens, since = min(capacity, tokens + gained), since + gained * refill_ms
    if tokens < 1:
        wait = (since + refill_ms - now_ms) // 60_000 + 1
        raise InvalidInputError("intake.too_many", minutes=wait)
    if tokens == capacity:
        since = now_ms
    cache.set(key, (tokens - 1, since), CAPACITY * REFILL_MS // 1000)
