"""Places: adcodes as a tree, and great-circle distances between points or counties."""

from math import asin, cos, radians, sin, sqrt

from shanhai.kernel.regions import contains

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""
_STEPS = (6, 4, 2)
Point = tuple[float, float]


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance of two points (longitude, latitude, degrees), km (haversine)."""
    (lon1, lat1), (lon2, lat2) = (tuple(map(radians, point)) for point in (one, other))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def point_of(text: str, centres: dict[str, Point]) -> Point | None:
    """Return the point that `104.06,30.67` or an adcode with a known centre stands for; None if neither."""
    if text in centres:
        return centres[text]
    parts = text.replace("，", ",").split(",")
    try:
        longitude, latitude = map(float, parts)
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None  # noqa: PLR2004


def inside(outer: str, inner: str) -> bool:
    """Tell whether an adcode lies in another or is it."""
    return contains(outer, inner)


def kinship(one: str, other: str) -> int:
    """Return how near two adcodes are in the tree: 3 same county, 2 prefecture, 1 province, 0 none."""
    for count, cut in zip((3, 2, 1), _STEPS, strict=True):
        if one[:cut] == other[:cut] and len(one) >= cut <= len(other):
            return count
    return 0
