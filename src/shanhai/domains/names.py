"""What ids are called, for pages: an object's title, a post's role, a region's name."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings

from shanhai.acts.machine import Object, Post
from shanhai.data import regions as region_names
from shanhai.domains.rows import MODELS, by_id
from shanhai.kernel.regions import province_of
from shanhai.kernel.text import Text

SIMULATED = "（模拟）"
HASH_DIGITS = 64


def title(found: Object) -> str:
    """Return what a reader knows an object by: its title field, else its id, a hash by both ends."""
    name = getattr(found, type(found).title, "") if type(found).title else ""
    return str(name) or brief(found.id)


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
        for one, found in by_id(kind, ids).items():
            named[one] = (
                post_text(found) if isinstance(found, Post) else Text(title(found), title(found))
            )
    return named


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
