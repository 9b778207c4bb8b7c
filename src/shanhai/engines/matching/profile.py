"""Profiles: what makes a need and an offer eligible, what their score is made of, and how they are matched.

A profile is a TOML file. Predicates are hard; components add up to the score, in whole points; weights belong to
a version. Sensitive attributes (health, ethnicity, disability, religion) may stand in a predicate or in a priority,
each with its legal basis, never in a component.
"""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from shanhai.kernel.errors import InvalidInputError

Test = Literal[
    "equal",
    "among",
    "contains",
    "meets",
    "covers",
    "inside",
    "at_least",
    "at_most",
    "overlap",
    "near",
    "is",
]
Points = Literal[
    "equal", "prefix", "shared", "inside", "near", "more", "less", "value", "gap", "keep"
]
Type = Literal["number", "wage", "date"]
SHIPPED = ("jobs", "elder_experts", "county_pairing", "institution_pairing", "social_partners")
MODES = ("top-k", "greedy", "optimal", "stable", "lottery", "online")
_SENSITIVE = (
    "health", "disease", "diagnosis", "ethnic", "nationality", "religion", "disab", "pregnan",
    "健康", "疾病", "诊断", "民族", "宗教", "残疾", "怀孕",
)  # fmt: skip


class Predicate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hard condition on a pair.

    Attributes:
        name: Key under which rejections are counted.
        test: equal; among (offer's value in the need's list); contains (need's value in the offer's list);
            meets (lists share a value); covers (offer has all the need's); inside (offer's adcode under one of the
            need's); at_least (offer ≥ need); at_most (offer ≤ need); overlap (date windows, two columns each);
            near (within `limit` km); is (offer's column equals `value`).
        need: The need's column; for overlap two, with a comma.
        offer: The offer's column, likewise.
        zh: Reason of rejection, Chinese.
        en: The same in English.
        type: Of at_least and at_most: number, wage (normalised to yuan a month) or date.
        unknown: What a blank on either side does: refuse, or pass.
        value: Of `is`.
        limit: Of `near`, km.
        basis: Legal basis, wanted where the column is sensitive.
    """

    name: str
    test: Test
    offer: str
    zh: str
    en: str
    need: str = ""
    type: Type = "number"
    unknown: Literal["refuse", "pass"] = "refuse"
    value: str = ""
    limit: float = 0
    basis: str = ""


class Component(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the score, 0 to `weight` points.

    Attributes:
        name: Key of the part.
        points: equal; prefix (levels of a code shared); shared (share of the need's list that the offer has); inside;
            near (falls to 0 at `scale` km); more and less (offer above or below the need, full at `scale`); value
            (the offer's own number, full at `scale`); gap (the offer's strength where the need's is missing, lists
            of columns); keep (the need's current partner is this offer).
        weight: Most points, whole.
        zh: Reason, Chinese; {part} and {weight} are filled in.
        en: The same in English.
        need: The need's column or columns.
        offer: The offer's.
        type: Of more, less and value.
        scale: Difference or distance at which the points are full or gone.
        side: need, or offer: whose ranking it belongs to in stable mode; both by default.
    """

    name: str
    points: Points
    weight: int
    zh: str
    en: str
    need: str = ""
    offer: str = ""
    type: Type = "number"
    scale: float = 1
    side: Literal["both", "need", "offer"] = "both"


class Priority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points that a group of needs is given openly, with a basis.

    Attributes:
        name: Key of the part.
        need: The need's column.
        value: Its value.
        points: Points added to every score of such a need.
        basis: Legal or policy basis.
        zh: Reason, Chinese.
        en: The same in English.
    """

    name: str
    need: str
    value: str
    points: int
    basis: str
    zh: str
    en: str


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on how many pairs hold needs of a group, and optionally offers of a group.

    Attributes:
        name: Key.
        need: The need's column; "" for any.
        value: Its value.
        offer: The offer's column; "" for any.
        offer_value: Its value.
        low: Floor.
        high: Ceiling; −1 for none.
    """

    name: str
    need: str = ""
    value: str = ""
    offer: str = ""
    offer_value: str = ""
    low: int = 0
    high: int = -1


class Reserve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Posts kept for a group of needs at every offer.

    Attributes:
        need: The need's column.
        value: Its value.
        offer: The offer's column that holds how many posts are kept.
    """

    need: str
    value: str
    offer: str


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of matching.

    Attributes:
        name: Key of the kind.
        version: Of weights and rules; printed in every result.
        zh: Title, Chinese.
        en: Title, English.
        predicates: Hard conditions.
        components: Parts of the score.
        priorities: Open additions for groups.
        quotas: Floors and ceilings.
        reserves: Reserved posts.
        mode: One of `MODES`.
        k: Offers kept a need.
        seed: Of the lottery.
        id: Column of ids on both sides.
        capacity: The offer's column of capacity; where it lacks, 1.
        demand: The need's column of how many offers it takes; where it lacks, 1.
        family: The need's column that names who must stay together; "" for none.
        together: The offer's column in which a family must agree; "" means the same offer.
        days: Working days a month, for wages by the day.
        hours: Working hours a day, for wages by the hour.
    """

    name: str
    version: str
    zh: str
    en: str
    predicates: tuple[Predicate, ...] = ()
    components: tuple[Component, ...] = ()
    priorities: tuple[Priority, ...] = ()
    quotas: tuple[Quota, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    mode: str = "optimal"
    k: int = 50
    seed: int = 0
    id: str = "id"
    capacity: str = "capacity"
    demand: str = "demand"
    family: str = ""
    together: str = ""
    days: int = 22
    hours: int = 8


def parts_of_score(profile: Profile) -> list[Component | Priority]:
    """Return what the score is made of, in the order of its parts."""
    return [*profile.components, *profile.priorities]


def read_profile(named: str) -> Profile:
    """Read a profile from a file, or a shipped one by name.

    Raises:
        InvalidInputError: No such profile, no TOML, a field unknown or of the wrong type, a sensitive attribute in a
            component or without basis, a floor above its ceiling.
    """
    try:
        if named in SHIPPED:
            folder = resources.files(__package__).joinpath("profiles")
            data = folder.joinpath(f"{named}.toml").read_text(encoding="utf-8")
        else:
            data = Path(named).read_text(encoding="utf-8-sig")
        profile = msgspec.convert(tomllib.loads(data), Profile)
    except OSError as error:
        known = ", ".join(SHIPPED)
        raise InvalidInputError("match.no_profile", name=named[:200], known=known) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            "match.profile", file=Path(named).name, detail=str(error)
        ) from error
    _check(profile, Path(named).name)
    return profile


def _check(profile: Profile, file: str) -> None:
    if profile.mode not in MODES:
        raise InvalidInputError("match.mode_unknown", mode=profile.mode, known=", ".join(MODES))
    names = [one.name for one in profile.predicates]
    names += [one.name for one in parts_of_score(profile)]
    if len(set(names)) < len(names):
        raise InvalidInputError("match.profile", file=file, detail="a name stands twice 名称重复")
    for part in profile.components:
        _check_component(part, file)
    declared: list[Predicate | Priority] = [*profile.predicates, *profile.priorities]
    for held in declared:
        if is_sensitive(held.need) and not held.basis:
            raise InvalidInputError("match.sensitive", column=held.need)
    for quota in profile.quotas:
        if 0 <= quota.high < quota.low:
            raise InvalidInputError(
                "match.contradiction", group=quota.name, low=quota.low, high=quota.high
            )


def _check_component(part: Component, file: str) -> None:
    for column in (part.need, part.offer):
        if is_sensitive(column):
            raise InvalidInputError("match.sensitive", column=column)
    if not 0 <= part.weight <= 1_000_000 or not part.scale > 0:  # noqa: PLR2004 - sums stay in 32 bits
        detail = f"{part.name}: weight 0–1000000, scale above 0"
        raise InvalidInputError("match.profile", file=file, detail=detail)


def is_sensitive(column: str) -> bool:
    """Tell whether a column's name speaks of a sensitive attribute."""
    return any(word in column.lower() for word in _SENSITIVE)
