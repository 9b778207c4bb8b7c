"""Names of array types and the few column sums that everything uses; NaN is a missing value, inside only."""

import warnings
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def quietly(function: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Call a nan-function along columns; a column without values gives NaN, not a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(x)


def low(x: Floats) -> Floats:
    """Return each column's minimum over what is there, shape (k,)."""
    return quietly(lambda v: np.asarray(np.nanmin(v, axis=0)), x)


def high(x: Floats) -> Floats:
    """Return each column's maximum over what is there, shape (k,)."""
    return quietly(lambda v: np.asarray(np.nanmax(v, axis=0)), x)


def mean(x: Floats) -> Floats:
    """Return each column's mean over what is there, shape (k,)."""
    return quietly(lambda v: np.asarray(np.nanmean(v, axis=0)), x)


def median(x: Floats) -> Floats:
    """Return each column's median over what is there, shape (k,)."""
    return quietly(lambda v: np.asarray(np.nanmedian(v, axis=0)), x)


def deviation(x: Floats) -> Floats:
    """Return each column's sample standard deviation (n - 1), shape (k,)."""
    return quietly(lambda v: np.asarray(np.nanstd(v, axis=0, ddof=1)), x)


def ranks_up(x: Floats) -> Floats:
    """Rank each column ascending from 1, ties to their minimum, NaN kept; shape as x (n, k)."""
    order = np.argsort(x, axis=0, kind="stable")
    values = np.take_along_axis(x, order, axis=0)
    place = np.broadcast_to(np.arange(1, len(x) + 1, dtype=float)[:, None], x.shape).copy()
    same = np.zeros(x.shape, dtype=bool)
    same[1:] = values[1:] == values[:-1]
    place[same] = 0
    np.maximum.accumulate(place, axis=0, out=place)
    ranks = np.empty_like(x)
    np.put_along_axis(ranks, order, place, axis=0)
    ranks[np.isnan(x)] = np.nan
    return ranks


def ranks_down(scores: Floats) -> Floats:
    """Rank descending from 1, ties to their minimum, NaN kept; shape as scores (..., n).

    Scores that agree in twelve decimals tie: dust of the arithmetic makes no rank.
    """
    return ranks_up(np.round(-np.atleast_2d(scores), 12).T).T.reshape(scores.shape)


def groups(keys: Sequence[str] | None, n: int) -> Iterator[Ints]:
    """Yield the row numbers of each group, in the order of their names; all rows where there is no key."""
    if keys is None:
        yield np.arange(n)
        return
    array = np.asarray(keys)
    for name in sorted(set(keys)):
        yield np.flatnonzero(array == name)
