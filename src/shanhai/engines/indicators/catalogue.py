"""Imports every module that registers methods, so that a scheme finds them by name."""

from shanhai.engines.indicators.aggregate import (
    bod,
    further,
    ideal,
    kemeny,
    means,
    outranking,
    penalty,
    reference,
)
from shanhai.engines.indicators.steps import (
    denominate,
    impute,
    impute_em,
    normalise,
    normalise_points,
    screen,
    shrink,
    treat,
)
from shanhai.engines.indicators.weights import data, expert, factors, optimise

__all__ = [
    "bod",
    "data",
    "denominate",
    "expert",
    "factors",
    "further",
    "ideal",
    "impute",
    "impute_em",
    "kemeny",
    "means",
    "normalise",
    "normalise_points",
    "optimise",
    "outranking",
    "penalty",
    "reference",
    "screen",
    "shrink",
    "treat",
]
