"""The main navigation, in the order it is shown; a new part adds its line here."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NavItem(NamedTuple):
    """One entry: label, route name, icon, and whether only officers see it."""

    label: str | Promise
    route: str
    icon: str
    officers: bool = False


ITEMS: tuple[NavItem, ...] = (NavItem(_("工作台"), "workbench", "clipboard-check", officers=True),)
