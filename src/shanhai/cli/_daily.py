"""What `shanhai serve` does once a day beside serving: a low-priority process of its own, no lock held."""

import subprocess
import sys
import threading
import time
from pathlib import Path

FIRST_S, DAY_S = 15 * 60, 24 * 3600
COMMAND = "import os; os.nice(19); from shanhai.cli.main import app; app()"


def scrub(folder: Path) -> int:
    """Re-hash the documents of a data folder; return the process's exit code."""
    return _run(folder, "scrub")


def intake(folder: Path) -> int:
    """Commit to what people handed in, if a root is due; return the process's exit code."""
    return _run(folder, "intake")


def snapshot(folder: Path) -> int:
    """Record the state's root and take a snapshot, if they are due; return the process's exit code."""
    return _run(folder, "ledger", "snapshot")


def _run(folder: Path, *words: str) -> int:
    command = [sys.executable, "-c", COMMAND, *words, "--data-dir", str(folder)]
    return subprocess.run(command, check=False).returncode


def rounds(folder: Path, first_s: float = FIRST_S, every_s: float = DAY_S) -> None:
    """Commit to the intake, take a snapshot and scrub, again and again, without end.

    Args:
        folder: The data folder.
        first_s: Seconds until the first round, so that a start is not slowed.
        every_s: Seconds between rounds.
    """
    time.sleep(first_s)
    while True:
        intake(folder)
        snapshot(folder)
        scrub(folder)
        time.sleep(every_s)


def start(folder: Path) -> threading.Thread:
    """Start the rounds in a thread that ends with the server."""
    thread = threading.Thread(target=rounds, args=(folder,), name="daily", daemon=True)
    thread.start()
    return thread
