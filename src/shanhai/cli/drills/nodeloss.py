"""Drill `nodeloss`: under load one node loses everything; it comes back empty, judges every act again, and is equal.

The network is four real nodes. Each round kills both processes of one node, deletes its database and its blocks (its
keys and its record of votes stay, as after a restored machine), and waits until it has the size and root of the others.
"""

import random
import tempfile
from pathlib import Path

from shanhai.cli import _members
from shanhai.cli.drills.nodes import PATIENCE_S, Loaded, Nodes
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.node import comet

COUNT = 3
NODES, RATE, SECONDS = 4, 20.0, 8.0


def run(plan: Plan) -> Result:
    """Lose a node as often as asked."""
    with tempfile.TemporaryDirectory() as name:
        network = _members.plan(NODES, 0, web=False)
        _members.found(Path(name), network)
        pairs = _members.pairs(Path(name), network, comet.program())
        patience = PATIENCE_S / 6 if plan.plant else PATIENCE_S
        nodes = Nodes(Path(name), network, pairs, patience)
        try:
            return _rounds(nodes, plan)
        finally:
            nodes.end()


def _rounds(nodes: Nodes, plan: Plan) -> Result:
    """Lose one node after another."""
    tally, chance = Tally(), random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
    nodes.start()
    nodes.wait(lambda: all(one["peers"] == NODES - 1 for one in nodes.states()))
    for number in range(plan.size):
        lost = chance.randrange(NODES)
        good = _round(nodes, lost, plant=plan.plant)
        tally.count(good=good, what=f"{number}: node{lost} did not come back equal")
    return tally.result()


def _round(nodes: Nodes, lost: int, *, plant: bool) -> bool:
    """Lose a node under load; return whether it is equal afterwards and no act is missing."""
    rpcs = [one for at, one in enumerate(nodes.network.rpcs) if at != lost]
    load = Loaded(nodes, [*rpcs, nodes.network.rpcs[lost]], RATE, SECONDS, reads=(lost + 1) % NODES)
    nodes.kill(lost)
    nodes.empty(lost)
    if plant:  # the planted fault: the node comes back without its peers
        config = nodes.data(lost) / comet.HOME / "config/config.toml"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("persistent_peers", "# persistent_peers"), encoding="utf-8")
    return load.nothing_lost() and nodes.wait(nodes.alike)
