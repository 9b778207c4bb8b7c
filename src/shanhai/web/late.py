"""Addresses whose pages load when one of them, or any name, is first looked for: a start loads none."""

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


def late(prefix: str, module: str) -> URLResolver:
    """Include the addresses of a module without importing it.

    Args:
        prefix: What the addresses begin with, "" or ending with a slash.
        module: Full name of a module with `urlpatterns` and no namespace.
    """
    return URLResolver(RoutePattern(prefix, is_endpoint=False), module)
