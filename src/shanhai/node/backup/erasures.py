"""The register of erasures: which vault records were erased, kept beside the anchor and replayed after a restore.

One line a record, `time_ms<TAB>record id`; ids name nobody. It is written before the record is deleted, so that a crash
between the two erases again rather than not at all. A line that was never finished was never acknowledged.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from shanhai.kernel.errors import ProofError
from shanhai.node.backup import texts

SENTENCES = texts.__name__


class Register:
    """One ledger's register."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self.path = folder / f"{ledger}.erased"
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, records: Iterable[str], now_ms: int) -> None:
        """Register erasures, on disk before this returns."""
        lines = "".join(f"{now_ms}\t{one}\n" for one in records).encode()
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            raw = file.read()
            if raw and not raw.endswith(b"\n"):
                file.truncate(raw.rfind(b"\n") + 1)
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> dict[str, int]:
        """Return when each record was erased, epoch ms.

        Raises:
            ProofError: `erasures.malformed`.
        """
        try:
            raw = self.path.read_text()
        except FileNotFoundError:
            return {}
        found = {}
        for number, line in enumerate(raw[: raw.rfind("\n") + 1].splitlines(), 1):
            time_ms, tab, record = line.partition("\t")
            if not (tab and record and time_ms.isdecimal()):
                raise ProofError("erasures.malformed", line=number)
            found[record] = int(time_ms)
        return found
