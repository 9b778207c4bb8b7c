"""`shanhai bench consortium`: four validators on this machine under the complete rules, beside CometBFT's own kvstore.

Both networks have the same nodes, settings, length of transactions and load generator, one after the other in the same run; the
kvstore runs inside its consensus node, without signatures, rules or durable state. `p95_s_…` is the time from handing in
until a poll finds the act committed; `acts_per_s` is what is finished a second while more is offered than can be.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.cli import _members
from shanhai.cli._load import Load, Source
from shanhai.cli._load_acts import Acts, KeyValues
from shanhai.kernel.errors import StorageError
from shanhai.node import comet
from shanhai.node.rpc import Rpc
from shanhai.node.status import state_of
from shanhai.node.supervisor import Pair, Program

NODES, TICK_S, PATIENCE_S = 4, 0.1, 240.0
LOW, HIGH = 100, 400
HELD, AFTER_S = 0.95, 3
"""A rate counts as held if so much of it was sent, and all of it final at most so many seconds after the last."""


class Size(NamedTuple):
    """Seconds at each rate, seconds that 400 a second are held, the rate that is too much, seconds a node is away."""

    seconds: float
    held: float
    most: int
    away: float


SCALES = {"small": Size(8, 8, 1_600, 8), "full": Size(20, 600, 1_600, 60)}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures; beside them how loaded the machine was."""
    size, found = SCALES[scale], dict[str, Any]()
    with tempfile.TemporaryDirectory() as name:
        found |= {f"kvstore_{k}": v for k, v in _peer(Path(name), size).items()}
    with tempfile.TemporaryDirectory() as name:
        found |= _acts(Path(name), size)
    peer = found.pop("kvstore_per_s")
    found |= {"acts_per_s": found.pop("per_s"), "kvstore_tx_per_s": peer}
    found["saturation_ratio"] = round(found["acts_per_s"] / peer, 3) if peer else None
    found["load_average"] = round(os.getloadavg()[0], 1)
    return found


def _rates(rpcs: Sequence[str], source: Callable[[], Source], size: Size) -> dict[str, Any]:
    """Return the times at both rates and what is finished a second at saturation."""
    found: dict[str, Any] = {}
    for rate in (LOW, HIGH):
        found[f"p95_s_{rate}"] = Load(rpcs, source()).run(rate, size.seconds)["p95_s"]
    found["per_s"] = Load(rpcs, source()).run(size.most, size.seconds)["final_per_s"]
    return found


def _peer(folder: Path, size: Size) -> dict[str, Any]:
    """Return the kvstore's figures."""
    plan, program = _members.plan(NODES, 0, web=False), comet.program()
    _members.found(folder, plan, proxy="kvstore")
    environ = os.environ | _members.share(NODES)
    with ExitPrograms() as programs:
        for at in range(NODES):
            home = plan.folder(folder, at)
            log = programs.log(home / "node.log")
            command = [str(program), "start", "--home", str(home / comet.HOME)]
            programs.start(Program(command, home, environ, log))
        _until(lambda: all(_height(one) for one in plan.rpcs), lambda: None)
        return _rates(plan.rpcs, KeyValues, size)


class ExitPrograms:
    """Programs and files that end with the block."""

    def __init__(self) -> None:
        self._programs: list[Program] = []
        self._logs: list[Any] = []

    def log(self, path: Path) -> Any:
        """Return an open log."""
        self._logs.append(path.open("ab"))
        return self._logs[-1]

    def start(self, program: Program) -> None:
        """Start a program."""
        program.start()
        self._programs.append(program)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._programs:
            program.ask_to_end()
        for program in self._programs:
            program.wait_for_end(PATIENCE_S / 12)
        for log in self._logs:
            log.close()


def _height(rpc: str) -> int:
    """Return a node's height once it has all its peers, 0 before."""
    port = Rpc(rpc)
    try:
        peers = int(port.call("net_info")["n_peers"])
        height = int(port.call("status")["sync_info"]["latest_block_height"])
    except StorageError:
        return 0
    finally:
        port.close()
    return height if peers == NODES - 1 else 0


def _until(holds: Callable[[], bool], tick: Callable[[], None]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError("the network does not come to it")
        tick()
        time.sleep(TICK_S)


@contextmanager
def _network(folder: Path) -> Iterator[tuple[_members.Plan, Sequence[Pair]]]:
    plan = _members.plan(NODES, 0, web=False)
    _members.found(folder, plan)
    pairs = _members.pairs(folder, plan, comet.program())
    try:
        for pair in pairs:
            pair.start()
        _until(lambda: all(_height(one) for one in plan.rpcs), lambda: _tick(pairs))
        yield plan, pairs
    finally:
        for pair in pairs:
            pair.ask_to_end()
        for pair in pairs:
            pair.end()


def _tick(pairs: Sequence[Pair]) -> None:
    for pair in pairs:
        pair.tick()


def _acts(folder: Path, size: Size) -> dict[str, Any]:
    """Return the figures of acts under the complete rules."""
    with _network(folder) as (plan, pairs):
        officers = _members.read_officers(folder)
        home = plan.folder(folder, 0)
        found = _rates(plan.rpcs, lambda: Acts(home, officers), size)
        held = Load(plan.rpcs, Acts(home, officers)).run(HIGH, size.held)
        found["held_400_s"] = held["seconds"] if _steady(held) else 0
        found["lost"] = held["lost"]
        rate = _catch_up(folder, plan, pairs[-1], size)
        found["catchup_per_s"] = round(rate, 1)
        found["catchup_over_arrival"] = round(rate / HIGH, 2)
    return found


def _steady(held: dict[str, Any]) -> bool:
    """Return whether a run held its rate: nothing lost or refused, nothing piled up."""
    if held["lost"] or held["refused"] or not held["final_per_s"]:
        return False
    spent = held["final"] / held["final_per_s"]
    return bool(held["sent_per_s"] >= HELD * HIGH and spent <= held["seconds"] + AFTER_S)


def _catch_up(folder: Path, plan: _members.Plan, pair: Pair, size: Size) -> float:
    """Return how many acts a second a node takes in that was away, from its first to its last missing one."""
    home, own = plan.folder(folder, 0), plan.folder(folder, NODES - 1)
    pair.end_both()
    Load(plan.rpcs[:-1], Acts(home, _members.read_officers(folder))).run(HIGH, size.away)
    before, wanted = state_of(own)["size"], state_of(home)["size"]
    pair.start()
    first = [0.0, before]

    def arrived() -> bool:
        reached = state_of(own)["size"]
        if reached > before and not first[0]:
            first[:] = time.monotonic(), reached
        return bool(reached >= wanted)

    _until(arrived, pair.tick)
    spent = max(time.monotonic() - first[0], TICK_S)
    return float(max(wanted - first[1], 1) / spent)
