"""Where the time of an append goes: functions of the core timed from outside, each without what it calls.

The core knows nothing of this. A timed call costs something itself; that is measured and taken off.
"""

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from shanhai.kernel.suite import Suite

_NODE, _MACHINE, _LEDGER = "shanhai.node", "shanhai.acts.machine", "shanhai.ledger"
STEPS: dict[str, tuple[str, ...]] = {
    "decode": (
        f"{_NODE}.loop:parse_act",
        f"{_NODE}.block:parse_act",
        f"{_NODE}.loop:act_id",
        f"{_NODE}.block:check_window",
        f"{_NODE}.block:check_seen",
    ),
    "signature": (
        f"{_NODE}.admission:Signatures.ahead",
        f"{_NODE}.admission:Signatures.check",
    ),
    "verify": (f"{_NODE}.admission:verify", f"{_NODE}.admission:verify_raw"),
    "judge": (f"{_NODE}.block:Admission.admit",),
    "sums": (
        f"{_MACHINE}.view:View.raise_total",
        f"{_MACHINE}.view:View.bound",
        f"{_MACHINE}.view:View.keep_unique",
    ),
    "digests": (f"{_MACHINE}.view:View.digest_of",),
    "encode": (
        f"{_NODE}.block:encode",
        f"{_NODE}.block:pack",
        f"{_NODE}.sql:encode",
        f"{_MACHINE}.view:encode",
    ),
    "enter": (
        f"{_NODE}.block:Block._receipt",
        f"{_NODE}.block:Block._enter",
        f"{_NODE}.loop:Node._append",
    ),
    "tree": (
        f"{_LEDGER}.merkle:Tree.append",
        f"{_LEDGER}.merkle:Tree.extend",
        f"{_LEDGER}.merkle:Tree.root",
    ),
    "ahead": (f"{_NODE}.loop:Node.read_ahead", f"{_NODE}.sql:SqlStorage.fetch"),
    "sql": (
        f"{_NODE}.sql:SqlStorage.extend",
        f"{_NODE}.sql:SqlStorage._read",
        f"{_NODE}.sql:SqlStorage.known",
        f"{_NODE}.sql:SqlStorage.head",
        f"{_NODE}.sql:SqlStorage.node",
        f"{_NODE}.sql:SqlStorage._run",
    ),
    "seal": (f"{_NODE}.seal:Sealer.publish",),
}
"""Each step and the functions it is made of.

`judge` is the function written for each act: authority, guards, effects and what the officer saw stand in
one body of code; `enter` is what holds the other steps together.
"""
PROBE = 20_000


class Stopwatch:
    """Adds up seconds and calls by step; time spent in a timed callee counts for the callee alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: defaultdict[str, int] = defaultdict(int)
        self._inner: list[float] = []

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a watch around it."""
        inner, seconds, calls = self._inner, self.seconds, self.calls

        def watched(*args: Any, **named: Any) -> Any:
            started = perf_counter()
            inner.append(0.0)
            try:
                return function(*args, **named)
            finally:
                spent = perf_counter() - started
                seconds[step] += spent - inner.pop()
                calls[step] += 1
                if inner:
                    inner[-1] += spent

        return watched

    def suite(self, suite: Suite) -> Suite:
        """Return the suite with its hashes watched."""
        digest, hash_ = self.timed("digests", suite.digest), self.timed("digests", suite.hash)
        return suite._replace(digest=digest, hash=hash_)

    def microseconds(self, acts: int) -> dict[str, float]:
        """Return microseconds an act by step, the watch's own cost taken off."""
        each = cost_of_a_watch()
        return {
            step: round(max(0.0, self.seconds[step] - self.calls[step] * each) / acts * 1e6, 1)
            for step in STEPS
        }


def cost_of_a_watch() -> float:
    """Return the seconds that a watched call adds to its caller's own time."""
    watch = Stopwatch()
    nothing = watch.timed("probe", lambda: None)
    started = perf_counter()
    for _ in range(PROBE):
        nothing()
    return (perf_counter() - started) / PROBE


@contextmanager
def watching() -> Iterator[Stopwatch]:
    """Watch every function of `STEPS` until the end of the block."""
    watch, saved = Stopwatch(), []
    for step, names in STEPS.items():
        for name in names:
            owner, attribute = _owner(name)
            function = getattr(owner, attribute)
            saved.append((owner, attribute, function))
            setattr(owner, attribute, watch.timed(step, function))
    try:
        yield watch
    finally:
        for owner, attribute, function in reversed(saved):
            setattr(owner, attribute, function)


def _owner(name: str) -> tuple[Any, str]:
    module, _, path = name.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, attribute = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    return owner, attribute
