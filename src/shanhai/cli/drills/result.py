"""What a drill is asked and what it answers."""

from typing import NamedTuple


class Plan(NamedTuple):
    """How many faults, the seed of every choice, and whether to plant a fault in the drill itself."""

    size: int
    seed: int
    plant: bool


class Result(NamedTuple):
    """Counts, notes to print, and why it was skipped where it was."""

    passed: int
    failed: int
    fired: int
    notes: tuple[str, ...] = ()
    skipped: str = ""


class Tally:
    """Counts faults as they fire; the first few failures are kept in words."""

    def __init__(self) -> None:
        self.passed = self.failed = self.fired = 0
        self.notes: list[str] = []

    def count(self, *, good: bool, what: str) -> None:
        """Count one fault that fired, and whether the claim held."""
        self.fired += 1
        if good:
            self.passed += 1
            return
        self.failed += 1
        if self.failed <= 10:  # noqa: PLR2004 - enough to see the pattern
            self.notes.append(f"FAILED: {what}")

    def result(self, *notes: str) -> Result:
        """Return the counts."""
        return Result(self.passed, self.failed, self.fired, (*notes, *self.notes))
