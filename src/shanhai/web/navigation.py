"""The main navigation, in the order it is shown; a new part adds its line here."""

from typing import NamedTuple

from django.utils.functional import Promise


class NavItem(NamedTuple):
    """One entry: label, route name, icon, and whether only officers see it."""

    label: str | Promise
    route: str
    icon: str
    officers: bool = False


ITEMS: tuple[NavItem, ...] = ()
