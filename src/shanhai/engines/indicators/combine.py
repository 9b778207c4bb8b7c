"""From indicators to the root: each node's children are weighted and put together, from the bottom up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats, Ints
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Frame
from shanhai.engines.indicators.parts import Weighing
from shanhai.engines.indicators.scheme import Scheme
from shanhai.engines.indicators.siblings import Siblings
from shanhai.engines.indicators.tree import Tree

STATED = ("given", "equal")


@dataclass(frozen=True, slots=True)
class Combined:
    """What aggregation gives.

    Attributes:
        tree: The hierarchy of the indicators that are left.
        values: Every code's numbers, shape (n,), or (draws, n) in an analysis.
        weights: Each node's weights of its children, summing to 1: (1, k), (n, k) or (draws, 1, k).
        told: What methods tell, by node (and time).
    """

    tree: Tree
    values: dict[str, Floats]
    weights: dict[str, Floats]
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def scores(self) -> Floats:
        """Return the root's values."""
        return self.values[self.tree.root]

    def effective(self) -> dict[str, float]:
        """Return each code's weight in the root: the product down the tree, units of their own averaged."""
        found = {self.tree.root: 1.0}
        for node in self.tree.down():
            means = self.weights[node].reshape(-1, self.weights[node].shape[-1]).mean(axis=0)
            for child, weight in zip(self.tree.children[node], means, strict=True):
                found[child] = found[node] * float(weight)
        return found


Factors = Mapping[str, Floats | float]


def combine(frame: Frame, scheme: Scheme, factors: Factors | None = None) -> Combined:
    """Aggregate a frame.

    Args:
        frame: Data after the last step.
        scheme: Who is whose child, and how children are put together.
        factors: Multiplies weights by code: a number, or draws of shape (d,), which lead every result.

    Raises:
        InvalidInputError: As the methods do.
    """
    tree = scheme.tree.keep(frame.codes)
    done = Combined(tree, {code: frame.x[:, j] for j, code in enumerate(frame.codes)}, {})
    directions = dict(zip(frame.codes, frame.directions.tolist(), strict=True))
    for node in tree.order:
        of = _siblings(node, done, frame, scheme, directions)
        weights = _weights(of, scheme.weighings[node], factors or {})
        done.weights[node] = weights
        done.values[node] = _together(of, weights, scheme.weighings[node], frame)
        if of.told:
            done.told[node] = of.told
    return done


def _siblings(
    node: str, done: Combined, frame: Frame, scheme: Scheme, directions: Mapping[str, float]
) -> Siblings:
    codes = done.tree.children[node]
    weighing = scheme.weighings[node]
    given = dict(zip(scheme.tree.children[node], weighing.given, strict=True))
    if not any(given[code] for code in codes):
        raise refused("weights_zero", node=node)
    turned = np.array([directions.get(code, 1.0) for code in codes])
    method = weighing.aggregate.method
    if (turned < 0).any() and "turns" not in method.traits:
        code = codes[int(np.argmax(turned < 0))]
        raise refused("direction", place=code, method=method.name)
    columns = [done.values[code] for code in codes]
    if len({column.shape for column in columns}) > 1:
        columns = list(np.broadcast_arrays(*columns))
    return Siblings(
        node=node,
        codes=codes,
        x=_last(np.array(columns)),
        directions=turned,
        given=np.array([given[code] for code in codes]),
        row_name=frame.table.row_name,
        place=weighing.aggregate.place,
    )


def _last(stacked: Floats) -> Floats:
    """Return an array whose first axis is moved to the end, as a view."""
    return stacked.transpose((*range(1, stacked.ndim), 0))


def _weights(of: Siblings, weighing: Weighing, factors: Factors) -> Floats:
    """Return weights that sum to 1, shape (1, k), (n, k) or (draws, 1, k)."""
    chosen = weighing.weights
    stated = chosen.method.name in STATED
    full = np.asarray(~np.isnan(of.x).all(axis=tuple(range(of.x.ndim - 1))))
    some = of if stated or full.all() or not full.any() else of.some(full)
    if of.x.ndim > 2 and not stated:  # noqa: PLR2004 - draws: the data differ from draw to draw
        found = np.stack([_from(replace(some, x=x), chosen) for x in some.x])[:, None, :]
    else:
        found = np.atleast_2d(_from(some, chosen))
    if some is not of:
        all_ = np.zeros((*found.shape[:-1], len(full)))
        all_[..., full] = found
        found = all_
    if not any(code in factors for code in of.codes):
        return found
    varied = [np.asarray(factors.get(code, 1.0)) for code in of.codes]
    if len({one.shape for one in varied}) > 1:
        varied = list(np.broadcast_arrays(*varied))
    found = found * _last(np.array(varied))[..., None, :]
    return np.asarray(found / found.sum(axis=-1, keepdims=True))


def _from(of: Siblings, chosen: Any) -> Floats:
    own = of if of.place == chosen.place else replace(of, place=chosen.place)
    weights: Floats = chosen.method.function(own, chosen.params)
    return weights


def _together(of: Siblings, weights: Floats, weighing: Weighing, frame: Frame) -> Floats:
    method, params = weighing.aggregate.method, weighing.aggregate.params
    if "batched" in method.traits:
        scores: Floats = method.function(of, weights, params)
    elif of.x.ndim > 2 or weights.ndim > 2:  # noqa: PLR2004 - draws, one at a time
        scores = np.stack(
            [_by_time(one, w, method, params, frame) for one, w in _draws(of, weights)]
        )
    else:
        scores = _by_time(of, weights, method, params, frame)
    if not params.threshold and np.isfinite(scores).all():
        return scores
    gaps = np.isnan(of.x)
    if params.threshold > 0:
        scores = np.where((~gaps).mean(axis=-1) < params.threshold, np.nan, scores)
    _finite(of, scores, gaps)
    return scores


def _draws(of: Siblings, weights: Floats) -> Iterator[tuple[Siblings, Floats]]:
    count = max(len(of.x) if of.x.ndim > 2 else 1, len(weights) if weights.ndim > 2 else 1)  # noqa: PLR2004
    for at in range(count):
        x = of.x[at] if of.x.ndim > 2 else of.x  # noqa: PLR2004
        yield replace(of, x=x, told={}), weights[at] if weights.ndim > 2 else weights  # noqa: PLR2004


def _by_time(of: Siblings, weights: Floats, method: Any, params: Any, frame: Frame) -> Floats:
    """Call a method; one that compares units compares those of the same time."""
    if "relational" not in method.traits or frame.table.times is None:
        return _rows_of(of, weights, method, params, np.arange(of.x.shape[-2]))
    scores = np.empty(of.x.shape[-2])
    for rows in arrays.groups(frame.table.keys["time"], len(scores)):
        part = replace(of, told={})
        scores[rows] = _rows_of(part, weights, method, params, rows)
        of.told[f"time {frame.table.times[rows[0]]:g}"] = part.told
    return scores


def _rows_of(of: Siblings, weights: Floats, method: Any, params: Any, rows: Ints) -> Floats:
    """Call a method on some rows, without children that are missing for all of them."""
    full = ~np.isnan(of.x[rows]).all(axis=0)
    w = weights if len(weights) == 1 else weights[rows]
    some = replace(of, x=of.x[rows], row_name=lambda i: of.row_name(int(rows[i])))
    if not full.all() and full.any():
        some, w = some.some(full), w[:, full]
        w = w / w.sum(axis=1, keepdims=True)
    scores: Floats = method.function(some, w, params)
    return scores


def _finite(of: Siblings, scores: Floats, gaps: Any) -> None:
    wrong = np.isinf(scores) | (np.isnan(scores) & ~gaps.any(axis=-1))
    if wrong.any() and not np.isnan(scores[wrong]).all():
        at = np.argwhere(wrong)[0]
        raise refused("not_finite", place=of.node, child=of.node, unit=of.row_name(int(at[-1])))


def rescore(
    frame: Frame, scheme: Scheme, done: Combined, node: str, changed: tuple[int, Floats]
) -> float:
    """Return a node's value for a row whose children have other values, with the weights as they were.

    Args:
        frame: Data after the last step.
        scheme: As in `combine`.
        done: What `combine` gave for them, without draws.
        node: Which node.
        changed: The row, and its children's values, shape (k,).
    """
    row, values = changed
    of = _siblings(
        node, done, frame, scheme, dict(zip(frame.codes, frame.directions.tolist(), strict=True))
    )
    x, weights = of.x.copy(), done.weights[node]
    x[row] = values
    if "relational" not in scheme.weighings[node].aggregate.method.traits:
        x, weights = x[[row]], weights if len(weights) == 1 else weights[[row]]
        if scheme.weighings[node].aggregate.method.name == "ampi":
            x, weights = np.vstack([of.x[:row], values, of.x[row + 1 :]]), done.weights[node]
    one = replace(of, x=np.ascontiguousarray(x), told={})
    scores = (
        _together(one, weights, scheme.weighings[node], frame)
        if len(x) > 1
        else _alone(one, weights, scheme.weighings[node])
    )
    return float(scores[row if len(x) > 1 else 0])


def _alone(of: Siblings, weights: Floats, weighing: Weighing) -> Floats:
    """Aggregate rows that a method takes one by one."""
    scores: Floats = weighing.aggregate.method.function(of, weights, weighing.aggregate.params)
    threshold = weighing.aggregate.params.threshold
    return (
        np.where((~np.isnan(of.x)).mean(axis=-1) < threshold, np.nan, scores)
        if threshold
        else scores
    )
