"""Make the golden log of the current rules version: the demonstration's whole log, compressed.

Until the first release it may be made anew when an act changes; from then on a golden log is never touched, and a
new rules version gets a file of its own.
"""

import lzma
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "tests/golden/rules-1.log.xz"
SHANHAI = str(ROOT / ".venv/bin/shanhai")


def main() -> None:
    """Load the demonstration in a folder of its own, export its log and keep it."""
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name) / "data", Path(name) / "log"
        environ = {**os.environ, "SHANHAI_ANCHORS": str(Path(name) / "anchors")}
        environ.pop("DATABASE_URL", None)
        for command in (
            ["demo", "--no-serve", "--data-dir", str(folder)],
            ["ledger", "export", "--data-dir", str(folder), str(log)],
        ):
            subprocess.run([SHANHAI, *command], check=True, env=environ, capture_output=True)
        TARGET.write_bytes(lzma.compress(log.read_bytes(), preset=9))
        done = subprocess.run(
            [SHANHAI, "verify", str(log)], check=True, capture_output=True, text=True
        )
        line = done.stdout.splitlines()[-1]
        TARGET.with_suffix(".txt").write_text(f"{line}\n")
        print(f"{TARGET.name}: {line}")


if __name__ == "__main__":
    main()
