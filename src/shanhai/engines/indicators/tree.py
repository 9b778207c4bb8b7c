"""The hierarchy: nodes and indicators, each under one parent, one root; levels counted from the leaves.

Level 1 are the indicators; a node stands one above its highest child (as in COINr's metadata table).
"""

from collections.abc import Iterable, Mapping

import msgspec

from shanhai.engines.indicators.errors import refused
from shanhai.kernel.spelling import nearest


class Tree(msgspec.Struct, frozen=True):
    """A checked hierarchy.

    Attributes:
        root: Code of the top node.
        children: Codes under each node, in the scheme's order.
        parent: Parent of every code but the root.
        level: Level of every code, indicators 1.
        order: Nodes, every one after its children.
    """

    root: str
    children: dict[str, tuple[str, ...]]
    parent: dict[str, str]
    level: dict[str, int]
    order: tuple[str, ...]

    def leaves(self, code: str) -> list[str]:
        """Return the indicators under a code, itself if it is one."""
        if code not in self.children:
            return [code]
        return [leaf for child in self.children[code] for leaf in self.leaves(child)]

    def down(self) -> list[str]:
        """Return every node from the root down, parents before children."""
        return list(reversed(self.order))

    def keep(self, leaves: Iterable[str]) -> "Tree":
        """Return the tree of these indicators only, without nodes that lose every child."""
        left = set(leaves)
        children: dict[str, tuple[str, ...]] = {}
        for node in self.order:
            kept = tuple(c for c in self.children[node] if c in left or children.get(c))
            if kept:
                children[node] = kept
        parent = {child: node for node, some in children.items() for child in some}
        level = {code: at for code, at in self.level.items() if code in left or code in children}
        order = tuple(node for node in self.order if node in children)
        return Tree(self.root, children, parent, level, order)


def grow(parents: Mapping[str, str], leaves: Iterable[str], places: Mapping[str, str]) -> Tree:
    """Check a hierarchy and return it.

    Args:
        parents: Every code's parent, "" for the root; in the scheme's order.
        leaves: Codes of the indicators.
        places: Where each code stands in the scheme.

    Raises:
        InvalidInputError: If a parent is unknown or an indicator, the codes run in a circle, or the
            root is not one.
    """
    indicators = set(leaves)
    nodes = [code for code in parents if code not in indicators]
    for code, parent in parents.items():
        if parent and parent not in nodes:
            close = nearest(parent, nodes)
            raise refused("unknown", place=f"{places[code]}.parent", name=parent, nearest=close)
    _no_circle(parents)
    roots = [code for code, parent in parents.items() if not parent]
    if len(roots) != 1 or roots[0] in indicators:
        raise refused("roots", names=roots)
    children = {node: tuple(c for c, p in parents.items() if p == node) for node in nodes}
    for node in nodes:
        if not children[node]:
            raise refused("childless", place=places[node])
    level, order = _levels(children, indicators)
    above = {code: parent for code, parent in parents.items() if parent}
    return Tree(roots[0], children, above, level, tuple(order))


def _levels(
    children: Mapping[str, tuple[str, ...]], indicators: Iterable[str]
) -> tuple[dict[str, int], list[str]]:
    """Return every code's level, and the nodes, each after its children."""
    level: dict[str, int] = dict.fromkeys(indicators, 1)
    order: list[str] = []
    left = list(children)
    while left:
        ready = [node for node in left if all(child in level for child in children[node])]
        for node in ready:
            level[node] = 1 + max(level[child] for child in children[node])
        order += ready
        left = [node for node in left if node not in level]
    return level, order


def _no_circle(parents: Mapping[str, str]) -> None:
    sound: set[str] = set()
    for start in parents:
        path: list[str] = []
        code = start
        while code and code not in sound:
            if code in path:
                raise refused("cycle", path=" → ".join([*path[path.index(code) :], code]))
            path.append(code)
            code = parents[code]
        sound.update(path)
