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
    return ranks_along(np.ascontiguousarray(x.T)).T


def ranks_down(scores: Floats) -> Floats:
    """Rank descending from 1, ties to their minimum, NaN kept; shape as scores (..., n).

    Scores that agree in twelve decimals tie: dust of the arithmetic makes no rank.
    """
    return ranks_along(np.round(-np.atleast_2d(scores), 12)).reshape(scores.shape)


def ranks_along(x: Floats) -> Floats:
    """Rank each row of x (m, n) ascending from 1, ties to their minimum, NaN kept."""
    order = np.argsort(x, axis=1)
    values = np.take_along_axis(x, order, axis=1)
    place = np.empty(x.shape)
    place[:] = np.arange(1, x.shape[1] + 1)
    same = values[:, 1:] == values[:, :-1]
    if same.any():
        place[:, 1:][same] = 0
        np.maximum.accumulate(place, axis=1, out=place)
    ranks = np.empty(x.shape)
    np.put_along_axis(ranks, order, place, axis=1)
    if np.isnan(values[:, -1]).any():  # NaN is sorted last
        ranks[np.isnan(x)] = np.nan
    return ranks


def groups(keys: Sequence[str] | None, n: int) -> Iterator[Ints]:
    """Yield the row numbers of each group, in the order of their names; all rows where there is no key."""
    if keys is None:
        yield np.arange(n)
        return
    array = np.asarray(keys)
    for name in sorted(set(keys)):
        yield np.flatnonzero(array == name)
