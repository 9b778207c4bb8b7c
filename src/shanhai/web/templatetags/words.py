"""`{% translate "…" %}` that remembers: a page says hundreds of fixed sentences, and each is looked up once a language."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class Remembered(Node):
    """A fixed sentence in each language that was asked for."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        """Wrap Django's own node, which does the translating."""
        self.node = node
        self.said: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        """Return the sentence in the active language."""
        language = get_language()
        found = self.said.get(language)
        if found is None:
            found = self.said[language] = self.node.render(context)
        return found


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Translate as Django does; a sentence without filters, context or `as` is remembered."""
    node = do_translate(parser, token)
    fixed = _fixed(node.filter_expression) and not (node.asvar or node.message_context)
    return Remembered(node) if fixed else node


def _fixed(expression: FilterExpression) -> bool:
    literal: Any = getattr(expression.var, "literal", None)
    return isinstance(literal, str) and not expression.filters
