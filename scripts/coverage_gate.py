"""Hold branch coverage to its floors: 95 % where money and proof are decided, 90 % elsewhere.

Reads the `.coverage` file of the last run (`make coverage`).
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STRICT = ("src/shanhai/ledger/", "src/shanhai/acts/", "src/shanhai/kernel/money.py")


class Part(NamedTuple):
    """A part of the code with the share that must be covered, in percent."""

    name: str
    floor: int


PARTS = (Part("ledger, acts and money", 95), Part("the rest", 90))


def main() -> int:
    """Print each part's coverage; return 1 if one lies below its floor."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, "-m", "coverage", "json", "-q", "-o", file.name]
        subprocess.run(command, cwd=ROOT, check=True)
        files = json.loads(Path(file.name).read_text())["files"]
    measured = shares({name: entry["summary"] for name, entry in files.items()})
    for part, percent in zip(PARTS, measured, strict=True):
        print(f"{part.name}: {percent:.1f} % of lines and branches, at least {part.floor} %")
    return int(any(percent < part.floor for part, percent in zip(PARTS, measured, strict=True)))


def shares(files: dict[str, dict[str, int]]) -> tuple[float, float]:
    """Return what is covered of the strict part and of the rest, in percent of lines and branches."""
    covered, total = Counter[bool](), Counter[bool]()
    for name, summary in files.items():
        strict = name.startswith(STRICT)
        covered[strict] += summary["covered_lines"] + summary["covered_branches"]
        total[strict] += summary["num_statements"] + summary["num_branches"]
    return _percent(covered[True], total[True]), _percent(covered[False], total[False])


def _percent(covered: int, total: int) -> float:
    return 100 * covered / total if total else 100.0


if __name__ == "__main__":
    sys.exit(main())
