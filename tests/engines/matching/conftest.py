"""Compile the kernels once for all workers: the others wait for the lock and read the machine code."""

import fcntl
from pathlib import Path

import numpy as np
import pytest

from shanhai.engines.matching._jit import cache_folder
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.market import Sides, from_pairs


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Run the costly kernels under a lock of this version's cache; a second worker finds them compiled."""
    folder = cache_folder()
    if not folder:
        return
    with Path(folder, "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for mode, points in (("stable", [[2, 1], [1, 2]]), ("optimal", [[2], [1]])):
            solver = "auction+flow" if mode == "optimal" else "auto"
            assign(from_pairs([0, 1], [0, 0], np.array(points), Sides([1])), Ask(mode, solver))
