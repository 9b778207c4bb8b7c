"""Now, in epoch ms: the machine's clock, or a 模拟 ledger's settable one.

Only a ledger whose genesis says `clock: simulated` reads the file `clock` of the data folder, which holds
the offset in milliseconds from the machine's clock; notice periods pass that way in demonstrations. The
file is read for every answer and replaced whole, so that every process of a folder tells one time.
"""

import fcntl
import time
from pathlib import Path

from shanhai.kernel.files import write_bytes

CLOCK_FILE = "clock"


def machine_ms() -> int:
    """Return the machine's time."""
    return time.time_ns() // 1_000_000


def offset_ms(data_dir: Path) -> int:
    """Return the simulated offset, 0 where none was set."""
    path = data_dir / CLOCK_FILE
    return int(path.read_text()) if path.exists() else 0


def now_ms(data_dir: Path, *, simulated: bool) -> int:
    """Return ledger time for a new act."""
    return machine_ms() + (offset_ms(data_dir) if simulated else 0)


def set_offset(data_dir: Path, offset: int) -> None:
    """Move the simulated clock; written whole, then renamed."""
    write_bytes(data_dir / CLOCK_FILE, str(offset).encode())


def advance(data_dir: Path, by_ms: int) -> int:
    """Move the simulated clock on from where it stands, once for each caller; return the offset.

    Args:
        data_dir: The data folder.
        by_ms: How far, at least 0: a ledger's time never goes back.
    """
    with (data_dir / f"{CLOCK_FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        offset = offset_ms(data_dir) + max(by_ms, 0)
        set_offset(data_dir, offset)
    return offset
