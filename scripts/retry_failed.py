"""Try each file whose tests failed beside others once more, alone in a process of its own; fail if any fails again."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAST = ROOT / ".pytest_cache/v/cache/lastfailed"


def main() -> int:
    """Return how many files failed again."""
    failed = json.loads(LAST.read_text("utf-8")) if LAST.exists() else {}
    again = 0
    for file in sorted({name.partition("::")[0] for name in failed}):
        command = [sys.executable, "-m", "pytest", "-n0", "-q", file]
        again += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    return again or int(not failed)


if __name__ == "__main__":
    sys.exit(main())
