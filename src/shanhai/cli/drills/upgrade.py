"""Drill `upgrade`: a network takes up new software node by node and new rules by an act, and never stands still.

Three of four nodes change their software under load. Two officers then start rules version 2 at an entry: the node
that was left behind stops and says so, the others go on; it is upgraded and comes back. At last one node gets software
whose rules were altered: it stops by itself, because its state differs from what the network confirmed, and comes back
empty with the right software. Source: reliability reference §2.1 (upgrades), ledger reference §9 (upgrades).
"""

import shutil
import tempfile
from pathlib import Path

from shanhai.acts.governance import (
    RULESET,
    ActivateRules,
    ConfirmRelease,
    ProposeRelease,
    ReleasedFile,
)
from shanhai.acts.machine import Act
from shanhai.cli import _members
from shanhai.cli._county import PAPER
from shanhai.cli._load_acts import Acts, fresh
from shanhai.cli.drills.nodes import PATIENCE_S, Loaded, Nodes
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.upgraded import ALTERED, NEWER, VERSION, command
from shanhai.node import comet
from shanhai.node.rpc import Rpc

COUNT = 1
NODES, RATE, SECONDS = 4, 8.0, 4.0
LAST = NODES - 1
AHEAD = 12
"""The new rules start so many entries on."""


def run(plan: Plan) -> Result:
    """Upgrade so many networks."""
    tally = Tally()
    for _ in range(plan.size):
        with tempfile.TemporaryDirectory() as name:
            network = _members.plan(NODES, 0, web=False)
            _members.found(Path(name), network)
            pairs = _members.pairs(Path(name), network, comet.program())
            patience = PATIENCE_S / 6 if plan.plant else PATIENCE_S
            nodes = Nodes(Path(name), network, pairs, patience)
            try:
                _upgrade(nodes, tally, plant=plan.plant)
            finally:
                nodes.end()
    return tally.result()


def _upgrade(nodes: Nodes, tally: Tally, *, plant: bool) -> None:
    """Go through the whole of it, each step under load."""
    nodes.start()
    for at in range(LAST):
        wrong = plant and at == 1  # the planted fault: what one organisation installed was altered
        load = Loaded(nodes, nodes.network.rpcs, RATE, SECONDS, reads=LAST)
        nodes.replace(at, command(ALTERED if wrong else NEWER))
        good = load.nothing_lost() and nodes.wait(nodes.alike)
        tally.count(good=good, what=f"node{at} with new software is not equal")
    if tally.failed:
        return
    tally.count(good=_new_rules(nodes), what="the new rules did not begin, or the old node went on")
    nodes.replace(LAST, command(NEWER))
    tally.count(good=nodes.wait(nodes.alike), what="the node left behind did not come back")
    tally.count(good=_altered(nodes), what="a node with altered rules did not stop, saying why")
    nodes.pairs[0].end_both()
    nodes.empty(0)
    shutil.rmtree(nodes.folder / "anchors" / nodes.network.names[0])  # it anchored the wrong state
    nodes.replace(0, command(NEWER))
    tally.count(good=nodes.wait(nodes.alike), what="the node that had parted did not come back")


def _new_rules(nodes: Nodes) -> bool:
    """Start version 2 by acts; return whether the upgraded nodes take it and the old one stops and says so."""
    release = fresh("rls")
    files = (ReleasedFile(name="sign.js", sha256=PAPER),)
    since = nodes.size(0) + AHEAD
    begin = ActivateRules(release=release, version=VERSION, since_index=since)
    done = (
        _enter(nodes, "rulemaker", ProposeRelease(version="模拟2", files=files), release)
        and _enter(nodes, "rulekeeper", ConfirmRelease(), release)
        and _enter(nodes, "rulekeeper", begin, RULESET)
    )
    load = Loaded(nodes, nodes.network.rpcs[:LAST], RATE, SECONDS)
    lost_none = load.nothing_lost()
    upgraded = nodes.wait(lambda: all(one["rules"] == VERSION for one in nodes.states()[:LAST]))
    return done and lost_none and upgraded and _stopped(nodes, LAST, "rules.unknown")


def _altered(nodes: Nodes) -> bool:
    """Give a node altered rules under load; return whether it stops, says why, and the others go on."""
    load = Loaded(nodes, nodes.network.rpcs[1:], RATE, SECONDS, reads=1)
    nodes.replace(0, command(ALTERED))
    return load.nothing_lost() and _stopped(nodes, 0, "consensus.parted")


def _stopped(nodes: Nodes, at: int, code: str) -> bool:
    """Return whether a node comes to stop for good, with a sentence in its log."""
    pair = nodes.pairs[at]
    return nodes.wait(lambda: pair.stopped) and code in pair.last_words(40)


def _enter(nodes: Nodes, by: str, act: Act, subject: str) -> bool:
    """Submit an act to every node and wait until the first has it."""
    acts = Acts(nodes.data(0), _members.read_officers(nodes.folder))
    ports = [Rpc(one) for one in nodes.network.rpcs]
    try:
        id, tx = acts.signed(by, act, subject)  # noqa: A001 - the act's id
        for port in ports:
            port.broadcast([tx])
        return nodes.wait(lambda: bool(acts.storage.known([id])))
    finally:
        acts.storage.connection.close()
        for port in ports:
            port.close()
