"""Change one thing in a scheme by its path, such as `steps.treat.points` or `nodes.FU.aggregate.method`.

A path walks the scheme's TOML; in a list it names an element by `name`, `code`, `step`, `column` or `kind`. The value
replaces what is there; a table in place of a step keeps the step's name; `false` in place of a step takes it out.
"""

from collections.abc import Mapping
from typing import Any

from shanhai.engines.indicators.errors import refused
from shanhai.kernel.spelling import nearest

SHORT = ("weights", "aggregate", "normalise", "treat", "impute")
"""Tables that a scheme may leave out; a path may go through them all the same."""
NAMES = ("name", "code", "step", "column", "kind")


def patched(raw: Mapping[str, Any], path: str, value: Any, place: str) -> dict[str, Any]:
    """Return the scheme's TOML with one thing changed; what is not on the path is shared, nothing is altered.

    Raises:
        InvalidInputError: If the path leads nowhere, naming the nearest right part.
    """
    changed: dict[str, Any] = _set(dict(raw), path.split("."), value, f"{place}: {path}")
    return changed


def _set(at: Any, path: list[str], value: Any, place: str) -> Any:
    if isinstance(at, list):
        return _set_element(at, path, value, place)
    head, rest = path[0], path[1:]
    if isinstance(at, str) and rest:
        at = {"method": at}
    if not isinstance(at, Mapping):
        raise refused("unknown", place=place, name=head, nearest="(nothing below)")
    if not rest:
        return {**at, head: value}
    if head not in at and len(rest) == 1 and head in SHORT:
        return {**at, head: {rest[0]: value}}
    if head not in at:
        raise refused("unknown", place=place, name=head, nearest=nearest(head, at))
    return {**at, head: _set(at[head], rest, value, place)}


def _set_element(at: list[Any], path: list[str], value: Any, place: str) -> list[Any]:
    index = _index(at, path[0], place)
    element = at[index]
    if len(path) > 1:
        return [*at[:index], _set(element, path[1:], value, place), *at[index + 1 :]]
    if value is False:
        return [*at[:index], *at[index + 1 :]]
    if not isinstance(value, Mapping):
        raise refused("value", place=place, detail="a table, or false to leave it out")
    kept = {key: element[key] for key in ("step", "name", "code", "parent") if key in element}
    return [*at[:index], kept | dict(value), *at[index + 1 :]]


def _index(elements: list[Any], name: str, place: str) -> int:
    for key in NAMES:
        for at, element in enumerate(elements):
            if isinstance(element, Mapping) and element.get(key) == name:
                return at
    known = [str(element[key]) for element in elements for key in NAMES if key in element]
    raise refused("unknown", place=place, name=name, nearest=nearest(name, known))
