"""Whose key it is, in words."""

from django import template

from shanhai.acts.machine import Key
from shanhai.domains import names
from shanhai.domains.accounts.selectors import posts_held
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.kernel.text import Text

register = template.Library()


@register.simple_tag
def holder_posts(key: Key) -> list[Text]:
    """Return the names of the posts that a key's holder has now."""
    return [names.post_text(post) for post in posts_held(key.person, ledger_now_ms())]
