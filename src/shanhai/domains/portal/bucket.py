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

CAPACITY, REFILL_MS = 5, 10 * 60_000
TEXTS["intake.too_many"] = Text(
    "提交过于频繁，请约 {minutes} 分钟后再试；紧急情况请拨打 12345",
    "Too many submissions; try again in about {minutes} minutes, or call 12345 if it is urgent",
)


def take(sender: str, now_ms: int) -> None:
    """Take one token of a sender's bucket: five at once, then one every ten minutes.

    Args:
        sender: What tells senders apart; only its keyed hash is used.
        now_ms: The machine's time, epoch ms.

    Raises:
        InvalidInputError: `intake.too_many` with the minutes to wait.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), sender.encode(), sha256).hexdigest()
    key = f"portal.bucket/{digest}"
    tokens, since = cache.get(key, (CAPACITY, now_ms))
    gained = max(0, now_ms - since) // REFILL_MS
    tokens, since = min(CAPACITY, tokens + gained), since + gained * REFILL_MS
    if tokens < 1:
        wait = (since + REFILL_MS - now_ms) // 60_000 + 1
        raise InvalidInputError("intake.too_many", minutes=wait)
    cache.set(key, (tokens - 1, since), CAPACITY * REFILL_MS // 1000)
