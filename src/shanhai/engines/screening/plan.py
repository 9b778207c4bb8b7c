"""A plan: the rules on one day in the regions of one delivery, with the parameter values that hold there."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shanhai.engines.screening.rules.parameters import Dated
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.kernel.errors import InvalidInputError

Values = dict[str, Dated]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is computed.

    `classes` are the distinct sets of parameter values, `class_of` gives each region's; None stands for rows
    without a region, whose regional parameters are unknown.
    """

    ruleset: Ruleset
    as_of: date
    classes: tuple[Values, ...]
    class_of: Mapping[str | None, int | None]

    @property
    def constant(self) -> Values | None:
        """Return the values when they are the same everywhere, else None."""
        return self.classes[0] if set(self.class_of.values()) == {0} else None

    @property
    def digest(self) -> str:
        """Return 64 hex digits that change when rules, day or values do."""
        values = [{name: _key(one) for name, one in c.items()} for c in self.classes]
        regions = sorted((k or "", -1 if v is None else v) for k, v in self.class_of.items())
        content = [self.ruleset.digest, str(self.as_of), values, regions]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make_plan(ruleset: Ruleset, as_of: date, regions: Iterable[str | None]) -> Plan:
    """Look up every parameter for every region of the delivery.

    Args:
        ruleset: The rules.
        as_of: The day of the screening, in UTC+8.
        regions: Region codes of the delivery (adcode prefixes, 2–12 digits); None for rows without one.

    Raises:
        InvalidInputError: `screen.parameter_missing`: a region has no value on that day.
    """
    classes: list[Values] = []
    index: dict[tuple[tuple[str, object], ...], int] = {}
    class_of: dict[str | None, int | None] = {}
    for region in sorted(set(regions), key=lambda one: (one is not None, one)):
        values = _values(ruleset, region, as_of)
        if values is None:
            class_of[region] = None
            continue
        key = tuple((name, _key(one)) for name, one in values.items())
        if key not in index:
            index[key] = len(classes)
            classes.append(values)
        class_of[region] = index[key]
    return Plan(ruleset, as_of, tuple(classes), class_of)


def _key(one: Dated) -> str:
    return f"{one.region}/{one.start}/{one.scaled}/{one.text}"


def _values(ruleset: Ruleset, region: str | None, day: date) -> Values | None:
    found = {}
    for name in ruleset.used_parameters:
        value = ruleset.parameters[name].at(region or "", day)
        if value is None:
            if region is None:
                return None
            facts = {"name": name, "region": region or "—", "day": str(day)}
            raise InvalidInputError("screen.parameter_missing", **facts)
        found[name] = value
    return found
