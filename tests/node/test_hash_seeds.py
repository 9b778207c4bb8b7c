"""Replay gives the same root and the same state in every process: other hash seeds, other Pythons.

`SHANHAI_PYTHONS` may name further interpreters that have Shanhai installed, separated as in PATH.
"""

import os
import subprocess
import sys
from pathlib import Path

LOG = Path(__file__).parents[1] / "golden/rules-1.log.xz"
SEEDS = ("0", "1", "random")
OTHERS = [one for one in os.environ.get("SHANHAI_PYTHONS", "").split(os.pathsep) if one]
PROGRAM = """
import io, lzma, sys
from hashlib import sha256
from pathlib import Path
from shanhai.acts import book
from shanhai.kernel.canonical import encode
from shanhai.ledger.logfile import LogReader
from shanhai.node.memory import Memory
from shanhai.node.replay import Replay
memory = Memory()
replay = Replay(memory, signatures=False)
replay.run(LogReader(io.BytesIO(lzma.decompress(Path(sys.argv[1]).read_bytes()))))
state = sha256()
for key, found in sorted((((kind.noun, id), found) for (kind, id), found in memory.objects.items()), key=lambda one: one[0]):
    state.update(repr(key).encode() + encode(found))
state.update(repr(memory.timeline).encode() + repr(sorted(memory.search.items())).encode())
print(replay.size, replay.root.hex(), state.hexdigest())
"""


def replayed(python: str, seed: str) -> str:
    """Return size, root and state that another process comes to."""
    environ = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [python, "-c", PROGRAM, str(LOG)], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_replay_is_equal_under_several_hash_seeds_and_pythons() -> None:
    first, *others = (replayed(sys.executable, seed) for seed in SEEDS)
    others += [replayed(python, "0") for python in OTHERS]
    assert first.split()[1] in LOG.with_suffix(".txt").read_text()
    assert others == [first] * len(others)
