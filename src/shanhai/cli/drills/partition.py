"""Drill `partition`: real nodes, each in a network namespace of its own, are cut from one another under load.

In turn one node is cut off, the four are halved, and one is heard by nobody while it hears all. A side without more
than two thirds makes no progress, the other goes on; once the cables are in again all are equal and no act is lost.
Source: reliability reference §5 (G7), §1 point 5 (namespaces; delay and reordering belong to `drill sim`).
"""

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path

from shanhai.cli import _members
from shanhai.cli.drills.cables import ASKED, PEERS, Cables, NoNamespacesError
from shanhai.cli.drills.nodes import PATIENCE_S, Loaded, Nodes
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.node import comet

COUNT = 3
NODES, RATE = 4, 10.0
P2P, RPC = 26656, 26657
SETTLE_S, CUT_S = 3.0, 10.0
"""What was under way when the cable was pulled may arrive for so long; then it stays out for so long."""
KINDS = ("one cut off", "two and two", "one unheard")


def run(plan: Plan) -> Result:
    """Cut the network as often as asked."""
    with ExitStack() as stack:
        try:
            cables = Cables(NODES)
        except NoNamespacesError as error:
            return Result(0, 0, 0, skipped=f"no network namespaces here ({error}); needs root")
        stack.callback(cables.end)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        nodes = _nodes(folder, cables)
        stack.callback(nodes.end)
        tally = Tally()
        if not nodes.start():
            tally.count(good=False, what="the network did not begin")
            return tally.result()
        chance = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        for number in range(plan.size):
            kind, order = KINDS[number % len(KINDS)], chance.sample(range(NODES), NODES)
            why = _round(nodes, cables, kind, order, plant=plan.plant)
            tally.count(good=not why, what=f"{number} {kind}, node{order[0]}: {why}")
        return tally.result()


def _nodes(folder: Path, cables: Cables) -> Nodes:
    """Return nodes that listen on their own machines' cables."""
    names = tuple(f"node{at}" for at in range(NODES))
    network = _members.Plan(names, ((P2P, RPC, 0),) * NODES)
    _members.found(folder, network, hosts=[f"{PEERS}.{at + 1}" for at in range(NODES)])
    pairs = _members.pairs(folder, network, comet.program())
    for at, pair in enumerate(pairs):
        config = network.folder(folder, at) / comet.HOME / "config/config.toml"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(f"127.0.0.1:{RPC}", f"0.0.0.0:{RPC}"), encoding="utf-8")
        for program in (pair.node, pair.application):
            program.command[:0] = cables.inside(at)
    return Nodes(folder, network, pairs, PATIENCE_S)


def _round(nodes: Nodes, cables: Cables, kind: str, order: list[int], *, plant: bool) -> str:
    """Cut, watch, heal; return what was wrong."""
    away = order[:2] if kind == "two and two" else order[:1]
    rest = order[len(away) :]
    rpcs = [f"{ASKED}.{at + 1}:{RPC}" for at in range(NODES)]
    load = Loaded(nodes, rpcs, RATE, SETTLE_S + CUT_S, reads=rest[0])
    if not plant:  # the planted fault: the cable stays in
        cables.mute(away[0], *rest) if kind == "one unheard" else cables.pull(*away)
    nodes.look_after(SETTLE_S)
    stands = [nodes.size(at) for at in range(NODES)]
    nodes.look_after(CUT_S)
    goes_on = kind != "two and two"
    grown = not goes_on or nodes.wait(lambda: nodes.size(rest[0]) > stands[rest[0]])
    still = [at for at in (away if goes_on else order) if nodes.size(at) != stands[at]]
    cables.heal(NODES)
    faults = {
        "a side without two thirds went on": bool(still),
        "the side with two thirds stood still": not grown,
        "acts were lost": not load.nothing_lost(),
        "the nodes are not equal": not nodes.wait(nodes.alike),
    }
    return ", ".join(name for name, found in faults.items() if found)
