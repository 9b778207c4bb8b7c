"""Adding and dropping rows of a form that repeats: edits of what was posted, before the form reads it."""

import re

from django.http import QueryDict


def edited(posted: QueryDict) -> QueryDict:
    """Return what was posted, with a row added (`add_row=name`) or dropped (`drop_row=name-2`)."""
    data = posted.copy()
    if added := posted.get("add_row"):
        data[f"{added}-rows"] = str(_count(data, added) + 1)
    name, _, place = posted.get("drop_row", "").rpartition("-")
    if name and place.isdigit():
        _drop(data, name, int(place))
    return data


def _count(data: QueryDict, name: str) -> int:
    given = str(data.get(f"{name}-rows", "1"))
    return int(given) if given.isdigit() else 1


def _drop(data: QueryDict, name: str, place: int) -> None:
    pattern = re.compile(rf"{re.escape(name)}-(\d+)-(.+)")
    for key in sorted(data, key=lambda key: (len(key), key)):
        match = pattern.fullmatch(key)
        if match is None or int(match[1]) < place:
            continue
        values = data.pop(key)
        if int(match[1]) > place:
            data.setlist(f"{name}-{int(match[1]) - 1}-{match[2]}", values)
    data[f"{name}-rows"] = str(max(_count(data, name) - 1, 0))
