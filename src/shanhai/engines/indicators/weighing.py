"""How each node's children are weighted and put together, as the scheme says: node before level before whole."""

from collections.abc import Mapping
from typing import Any

import msgspec

from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import Chosen, build, choose
from shanhai.engines.indicators.parts import Indicator, Node, Weighing
from shanhai.engines.indicators.tree import Tree

ROUNDED = 0.005001
"""Equal shares written with two decimals, such as 0.33 and 0.17, are off by half a hundredth at most."""


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What given weights must sum to: `auto` (equal, 1 or 100), `relative` (anything), or a number."""

    sum: str | float = "auto"
    tolerance: float = 1e-3


def weighings(
    raw: Mapping[str, Any],
    nodes: Mapping[str, Node],
    indicators: Mapping[str, Indicator],
    tree: Tree,
) -> dict[str, Weighing]:
    """Return every node's weighing.

    Raises:
        InvalidInputError: If a method, parameter, level or the sum of given weights is wrong.
    """
    weights, aggregate = _section(raw, "weights"), _section(raw, "aggregate")
    total = build(
        Total, {k: weights.pop(k) for k in ("sum", "tolerance") if k in weights}, "weights"
    )
    if isinstance(total.sum, str) and total.sum not in {"auto", "relative"}:
        raise refused("value", place="weights.sum", detail="auto, relative or a number")
    w_levels = _levels(weights, "weights", "given", tree)
    a_levels = _levels(aggregate, "aggregate", "arithmetic", tree)
    everywhere = choose("weights", weights, "weights", "given")
    together = choose("aggregate", aggregate, "aggregate", "arithmetic")
    found = {}
    for at, (code, node) in enumerate(nodes.items()):
        level = tree.level[code]
        way = w_levels.get(level, everywhere)
        if node.weights is not None:
            way = choose("weights", node.weights, f"nodes[{at}].weights ({code})", "given")
        how = a_levels.get(level, together)
        if node.aggregate is not None:
            how = choose(
                "aggregate", node.aggregate, f"nodes[{at}].aggregate ({code})", "arithmetic"
            )
        given = _given(code, tree, {**nodes, **indicators})
        if way.method.name == "given":
            _check_sum(code, given, total)
        found[code] = Weighing(way, how, given)
    return found


def _section(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    section = raw.get(key, {})
    if isinstance(section, str):
        return {"method": section}
    if not isinstance(section, Mapping):
        raise refused("value", place=key, detail=f"expected a table, got {section!r}")
    return dict(section)


def _levels(section: dict[str, Any], kind: str, usual: str, tree: Tree) -> dict[int, Chosen]:
    top = tree.level[tree.root]
    levels = section.pop("levels", {})
    if not isinstance(levels, Mapping):
        raise refused("value", place=f"{kind}.levels", detail=f"write [{kind}.levels.N]")
    found = {}
    for name, table in levels.items():
        if not (str(name).isdigit() and 1 < int(name) <= top):
            known = ", ".join(str(level) for level in range(2, top + 1))
            raise refused("unknown", place=f"{kind}.levels", name=name, nearest=known)
        found[int(name)] = choose(kind, table, f"{kind}.levels.{name}", usual)
    return found


def _given(code: str, tree: Tree, all_: Mapping[str, Node | Indicator]) -> tuple[float, ...]:
    """Return the children's weights as written, 1 each where none is; some and not others is refused."""
    written = {child: all_[child].weight for child in tree.children[code]}
    if all(weight is None for weight in written.values()):
        return (1.0,) * len(written)
    values = []
    for child, weight in written.items():
        if weight is None:
            raise refused("required", place=f"{child} (under {code})", name="weight")
        if not 0 <= weight < float("inf"):
            raise refused("weights_negative", place=child, value=weight)
        values.append(weight)
    if not any(values):
        raise refused("weights_zero", node=code)
    return tuple(values)


def _equal(given: tuple[float, ...]) -> bool:
    """Return whether weights are plainly equal: all 1, or all the same rounding of 1/k or 100/k."""
    one, k = given[0], len(given)
    near = min(abs(one - 1), abs(one - 1 / k), abs(one - 100 / k) / 100)
    return len(set(given)) == 1 and near <= ROUNDED


def _check_sum(code: str, given: tuple[float, ...], total: Total) -> None:
    found = sum(given)
    if total.sum == "relative" or (total.sum == "auto" and _equal(given)):
        return
    wanted = [1.0, 100.0] if total.sum == "auto" else [float(total.sum)]
    if not any(abs(found - one) <= total.tolerance * one for one in wanted):
        either = " or ".join(f"{one:g}" for one in wanted)
        raise refused("weights_sum", node=code, total=found, wanted=either)
