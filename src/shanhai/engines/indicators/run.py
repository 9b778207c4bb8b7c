"""Run a scheme: the steps in order, aggregation, rules. `Memory` keeps what two runs share."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from shanhai.engines.indicators.combine import Combined, Factors, combine
from shanhai.engines.indicators.frame import Frame, Note, first_frame
from shanhai.engines.indicators.rules import Judged, judge
from shanhai.engines.indicators.scheme import Scheme
from shanhai.engines.indicators.steps.take import take
from shanhai.engines.indicators.table import Table


class Stage(NamedTuple):
    """The frame after a step."""

    name: str
    frame: Frame


@dataclass(frozen=True, slots=True)
class Run:
    """A scheme's result on a table."""

    scheme: Scheme
    stages: tuple[Stage, ...]
    combined: Combined
    judged: Judged

    @property
    def table(self) -> Table:
        """Return the rows that were not screened out."""
        return self.stages[-1].frame.table

    @property
    def notes(self) -> list[Note]:
        """Return everything that must be told."""
        return [*self.stages[-1].frame.notes, *self.judged.notes]


Memory = dict[tuple[str, ...], Frame]
"""Frames by the keys of the steps that led to them; of one table and set of indicators only."""


def prepare(scheme: Scheme, table: Table, memory: Memory | None = None) -> list[Stage]:
    """Take the steps of a scheme.

    Args:
        scheme: What to do.
        table: To what.
        memory: Frames of earlier runs on the same table, added to.

    Raises:
        InvalidInputError: As the steps do.
    """
    frame = memory.get(()) if memory is not None else None
    frame = first_frame(scheme, table) if frame is None else frame
    stages = [Stage("data", frame)]
    taken: tuple[str, ...] = ()
    if memory is not None:
        memory[taken] = frame
    for step in scheme.steps:
        taken = (*taken, step.key)
        known = memory.get(taken) if memory is not None else None
        frame = take(frame, step) if known is None else known
        if memory is not None:
            memory[taken] = frame
        stages.append(Stage(step.name, frame))
    return stages


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is refused
def run(
    scheme: Scheme, table: Table, memory: Memory | None = None, factors: Factors | None = None
) -> Run:
    """Run a scheme on a table.

    Args:
        scheme: Checked.
        table: Read for this scheme.
        memory: As `prepare`.
        factors: Multiplies weights by code.

    Raises:
        InvalidInputError: If the data does not suit a method, with its place.
    """
    stages = prepare(scheme, table, memory)
    frame = stages[-1].frame
    combined = combine(frame, scheme, factors)
    return Run(scheme, tuple(stages), combined, judge(scheme, frame.table, combined))


def digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
