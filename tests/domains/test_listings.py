"""Every noun that people work with has a list, and each list names real fields."""

import pytest
from django.conf import settings

from shanhai.acts.machine import NOUNS, Object, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.cli.drills.authz_world import visibility
from shanhai.domains.listings import LISTINGS, Listing
from shanhai.domains.rows import MODELS
from shanhai.domains.scope import OPEN_NOUNS

WITHOUT = frozenset({"did", "ledger", "ruleset", "validators", "witness_steps"})
"""Nouns that nobody lists: the ledger's own constants and bookkeeping."""
APPS = tuple(settings.DOMAIN_APPS)


@pytest.mark.parametrize("kind", [k for k in NOUNS.values() if not k.derived and k in MODELS])
def test_every_noun_has_a_list(kind: type[Object]) -> None:
    assert kind.noun in LISTINGS or kind.noun in WITHOUT


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda one: one.name)
def test_a_list_names_fields_of_its_noun(listing: Listing) -> None:
    scalar = {field.name for field in fields_of(listing.noun) if field.scalar}
    named = {*listing.columns, *listing.filters, *listing.search, listing.order.lstrip("-")}
    assert named <= scalar


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda one: one.name)
def test_commitments_are_neither_shown_nor_sorted(listing: Listing) -> None:
    hidden = {f.name for f in fields_of(listing.noun) if f.kind is Kind.COMMITMENT}
    assert not hidden & {*listing.columns, *listing.filters}


def test_the_reviewed_table_and_the_pages_agree_on_what_is_open() -> None:
    """The drill finds a difference by samples; this one finds each."""
    assert {name for name, kind in visibility().items() if kind == "open"} == OPEN_NOUNS
