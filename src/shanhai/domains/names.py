"""What ids are called, for pages: an object's title, a post's role, a region's name."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings

from shanhai.acts.machine import Object, Person, Post, fields_of
from shanhai.data import regions as region_names
from shanhai.domains.rows import MODELS, by_id
from shanhai.kernel.regions import province_of
from shanhai.kernel.text import Text

SIMULATED = "（模拟）"
HASH_DIGITS = 64
PARENTS = ("lot", "contract", "project", "hold")
"""What an object without a title is called by, the nearest first."""


def title(found: Object) -> str:
    """Return what a reader knows an object by: its title field, else its id, a hash by both ends."""
    name = getattr(found, type(found).title, "") if type(found).title else ""
    return str(name) or brief(found.id)


def called(found: Object) -> Text:
    """Return what a reader calls one object: an untitled one by what it belongs to, at most one query."""
    return _text(found, _parents(type(found), [found]))


def brief(id: str) -> str:  # noqa: A002 - the field's name
    """Return an id as it stands, one that is a hash by both ends: `6e340b9c…98a3`."""
    return f"{id[:8]}…{id[-4:]}" if len(id) == HASH_DIGITS else id


def of(wanted: Iterable[tuple[type[Object], str]]) -> dict[str, Text]:
    """Return the names of objects by id, one query a noun; ids without an object are left out."""
    grouped: dict[type[Object], set[str]] = defaultdict(set)
    for kind, one in wanted:
        if one and kind in MODELS:
            grouped[kind].add(one)
    named: dict[str, Text] = {}
    for kind, ids in grouped.items():
        found = by_id(kind, ids)
        near = _parents(kind, found.values())
        named |= {key: _text(one, near) for key, one in found.items()}
    return named


def _parents(kind: type[Object], found: Iterable[Object]) -> dict[str, Text]:
    """Return the names of what untitled objects belong to, by their own ids; one query."""
    if kind.title or kind in (Post, Person):
        return {}
    refs = {f.name: f.ref for f in fields_of(kind) if f.name in PARENTS and f.ref in MODELS}
    name = next((one for one in PARENTS if one in refs), "")
    owners = {one.id: str(getattr(one, name)) for one in found} if name else {}
    known = of((refs[name], owner) for owner in owners.values())
    return {one: known[owner] for one, owner in owners.items() if owner in known}


def _text(found: Object, near: dict[str, Text]) -> Text:
    if isinstance(found, Post):
        return post_text(found)
    if found.id in near:
        kind, owner = type(found).text, near[found.id]
        return Text(f"{kind.zh}：{owner.zh}", f"{kind.en}: {owner.en}")
    return Text(title(found), title(found))


def of_post(post: str) -> dict[str, Text]:
    """Return the name of one post."""
    return of([(Post, post)])


def post_text(post: Post) -> Text:
    """Return a post in words: region and role."""
    where = region(post.region)
    return Text(f"{where.zh}·{post.role.zh}", f"{post.role.en}, {where.en}")


@cache
def _regions() -> dict[str, str]:
    return region_names.load(Path(settings.DATA_DIR)).names


def regions_matching(q: str, within: str, most: int) -> list[tuple[str, Text]]:
    """Return regions by words of their name or by code, the highest first.

    Args:
        q: Words of the name, or the beginning of the code.
        within: The stem of the region to stay in, "" for the whole country.
        most: How many at most.
    """
    found = (
        code
        for code, name in sorted(_regions().items())
        if code.startswith(within) and (q in name or code.startswith(q))
    )
    return [(code, region(code)) for code in islice(found, most)]


@cache
def region(code: str) -> Text:
    """Return a region's name after its province's, the code itself where no table knows it.

    A 模拟 place stands alone: it lies in no real province.
    """
    names = _regions()
    found = names.get(code) or names.get(code[:6])
    if not found:
        return Text(code, code)
    province = "" if SIMULATED in found else names.get(province_of(code), "")
    whole = found if not province or found.startswith(province) else f"{province}{found}"
    below = "" if code in names else code[6:].strip("0")
    return Text(f"{whole}{code}" if below else whole, f"{whole} {code}" if below else whole)
