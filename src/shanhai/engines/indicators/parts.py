"""The parts of a scheme as structs: what stands in each table of its TOML, with what is taken where nothing is said."""

from typing import Any, Literal

import msgspec

from shanhai.engines.indicators.methods import Chosen

Percent = float
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "..", "-", "—", "缺失")


class About(msgspec.Struct, frozen=True, kw_only=True):
    """`[scheme]`: what it is called and where it comes from."""

    name: str
    name_en: str = ""
    version: str = ""
    status: str = ""
    source: str = ""
    valid_from: str = ""


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """`[data]`: which columns say what a row is."""

    unit: str = "unit"
    name: str = ""
    time: str = ""
    class_: str = msgspec.field(default="", name="class")
    groups: tuple[str, ...] = ()
    denominators: tuple[str, ...] = ()
    missing: tuple[str, ...] = MISSING


class Derive(msgspec.Struct, frozen=True, kw_only=True):
    """`[[derive]]`: a new column from a formula over the columns of its row."""

    column: str
    formula: str


class Improve(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit of improvement of an indicator costs, and how far it can be improved."""

    cost: float = 1.0
    most: float | None = None


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """`[[indicators]]`: one leaf of the hierarchy; `direction` 1 where more is better, else -1."""

    code: str
    column: str = ""
    name: str = ""
    name_en: str = ""
    parent: str = ""
    direction: Literal[1, -1] = 1
    weight: float | None = None
    unit: str = ""
    source: str = ""
    owner: str = ""
    denominator: str = ""
    scale: float = 1.0
    range: tuple[float, float] | None = None
    goalposts: tuple[float, float] | None = None
    target: float | None = None
    reference: float | None = None
    improve: Improve | None = None
    normalise: Any = None
    treat: Any = None
    impute: Any = None

    @property
    def heading(self) -> str:
        """Return the column of the data that holds it."""
        return self.column or self.code

    @property
    def label(self) -> str:
        """Return its name for a reader."""
        return self.name or self.name_en or self.code


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """`[[nodes]]`: a pillar, dimension or the index itself."""

    code: str
    name: str = ""
    name_en: str = ""
    parent: str = ""
    weight: float | None = None
    owner: str = ""
    weights: Any = None
    aggregate: Any = None

    @property
    def label(self) -> str:
        """Return its name for a reader."""
        return self.name or self.name_en or self.code


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """A grade: from which score, or which share of the units; the last one takes the rest."""

    name: str
    from_: float | None = msgspec.field(default=None, name="from")
    share: float | None = None


class Grades(msgspec.Struct, frozen=True, kw_only=True):
    """`[grades]`: best first, by threshold or by quota; quotas are taken within `by`."""

    grades: tuple[Grade, ...]
    method: Literal["threshold", "quota"] = "threshold"
    by: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """`[[rules]]`: what happens to a score or grade beyond the arithmetic."""

    kind: Literal["veto", "minimum", "deduction", "bonus"]
    name: str = ""
    article: str = ""
    when: str = ""
    of: str = ""
    least: float | None = None
    points: str = ""
    max: float | None = None
    grade: str = ""
    score: float | None = None


class Assumption(msgspec.Struct, frozen=True, kw_only=True):
    """`[[sensitivity.assumptions]]`: one thing that might have been decided otherwise."""

    name: str
    path: str = ""
    values: tuple[Any, ...] = ()
    range: tuple[float, float] | None = None
    integer: bool = False
    weights: float | None = None
    level: int = 0
    data: float | None = None
    only: tuple[str, ...] = ()
    draws: int = 100


class Dependence(msgspec.Struct, frozen=True, kw_only=True):
    """`[[sensitivity.dependence]]`: a rank correlation of two assumptions."""

    of: tuple[str, str]
    correlation: float


class Sensitivity(msgspec.Struct, frozen=True, kw_only=True):
    """`[sensitivity]`: what is varied, how often, and from which seed."""

    method: Literal["auto", "montecarlo", "sobol", "enumerate"] = "auto"
    replications: int = 1000
    seed: int = 1
    bootstrap: int = 500
    band: tuple[float, float] = (0.05, 0.95)
    confidence: float = 0.95
    shapley: bool = True
    assumptions: tuple[Assumption, ...] = ()
    dependence: tuple[Dependence, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One of `[[steps]]`, checked: what to do, with which method, on which indicators, within what."""

    kind: str
    name: str
    chosen: Chosen
    own: dict[str, Chosen]
    only: tuple[str, ...]
    by: str
    key: str


class Weighing(msgspec.Struct, frozen=True):
    """How the children of a node are weighted and put together."""

    weights: Chosen
    aggregate: Chosen
    given: tuple[float, ...]
