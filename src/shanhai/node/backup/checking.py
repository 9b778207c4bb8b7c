"""Checking a backup: its bytes, its log replayed with every signature and rule, and what the anchor knows."""

from pathlib import Path
from typing import NamedTuple

from shanhai.kernel.errors import ProofError
from shanhai.ledger.checkpoint import VKey, parse_note
from shanhai.node.anchor import Anchor, Anchored
from shanhai.node.backup.manifest import LOG, TABLES, Manifest
from shanhai.node.backup.reading import Reader
from shanhai.node.verify import Report, Trust, verify_log


class Checked(NamedTuple):
    """A backup that holds: its manifest, what replaying its log showed, and whether the anchor knows more."""

    manifest: Manifest
    report: Report
    anchored: Anchored | None

    @property
    def lost(self) -> int:
        """Return how many entries the anchor knows of beyond the backup."""
        known = self.anchored.checkpoint.size if self.anchored is not None else 0
        return max(0, known - self.manifest.size)


def trusted_key(anchored: Anchored | None) -> VKey | None:
    """Return the key that an anchor names, None where nothing is known from elsewhere."""
    return anchored.vkey if anchored is not None else None


def check(path: Path, anchored: Anchored | None) -> Checked:
    """Check all of a backup; an anchor that is ahead is counted, one that differs refused.

    Args:
        path: The backup.
        anchored: What the anchor of its ledger holds, None where there is none.

    Raises:
        ProofError: `backup.…`, or what the log is refused for (`anchor.differs`, a bad entry).
    """
    with Reader(path, trusted_key(anchored)) as reader:
        found = reader.manifest
        reader.check_members()
        ahead = anchored is not None and anchored.checkpoint.size > found.size
        with reader.open(found.named(LOG).name) as log:
            report = verify_log(log, Trust(found.ledger, None if ahead else anchored))  # type: ignore[arg-type]  # read as a file
        _fits(found, report)
        for one in found.members:
            if one.name.startswith(TABLES) and _lines(reader, one.name) != one.rows + 1:
                raise ProofError("backup.differs", detail=one.name)
    return Checked(found, report, anchored)


def _fits(found: Manifest, report: Report) -> None:
    wanted = (found.size, found.root, found.ledger, found.origin, found.simulated)
    shown = (report.entries, report.root.hex(), report.ledger, report.origin, report.simulated)
    if wanted != shown:
        raise ProofError("backup.differs", detail="head")
    text = parse_note(found.note.encode()).text.split("\n")
    if text[:2] != [found.origin, str(found.size)]:
        raise ProofError("backup.differs", detail="note")


def _lines(reader: Reader, name: str) -> int:
    with reader.open(name) as file:
        return sum(1 for _ in file)


def refuse_older(checked: Checked) -> None:
    """Refuse a backup of less than the anchor knows.

    Raises:
        ProofError: `backup.older`.
    """
    if checked.lost and checked.anchored is not None:
        known, size = checked.anchored.checkpoint.size, checked.manifest.size
        raise ProofError("backup.older", anchored=known, size=size, lost=checked.lost)


def examine(path: Path, anchors: Path, *, older: bool = False) -> Checked:
    """Check a backup against the anchor of its own ledger.

    Args:
        path: The backup.
        anchors: The folder of anchors.
        older: Whether one that is behind the anchor may pass.

    Raises:
        ProofError: As `check`, or `backup.older`.
    """
    with Reader(path) as reader:
        ledger = reader.manifest.ledger
    checked = check(path, Anchor(anchors, ledger).read())
    if not older:
        refuse_older(checked)
    return checked
