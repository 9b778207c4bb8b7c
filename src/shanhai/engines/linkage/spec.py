"""The spec of a linkage: a TOML file that says which column is what and where the thresholds lie.

Everything has a default; an empty file is a spec. The guide `docs/guide/linkage.md` shows every entry.
"""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.model import Model, load


class Cardinality(StrEnum):
    """How many partners a record may have: left to right."""

    ONE_TO_ONE = "one-to-one"
    ONE_TO_MANY = "one-to-many"
    MANY_TO_ONE = "many-to-one"
    MANY_TO_MANY = "many-to-many"


class Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is particular to one of the two files."""

    id: str | None = None
    columns: dict[str, str] = {}


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Thresholds and rules. A pair from `accept` up is a link, from `review` up a person decides."""

    cardinality: Cardinality = Cardinality.ONE_TO_ONE
    accept: float = 0.98
    review: float = 0.5
    overlap: float | None = None
    dates: str = "ymd"
    max_duplicates: float = 1.0


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole spec. `id` and `columns` hold for both files unless `left` or `right` say otherwise."""

    model: str = "persons"
    id: str | None = None
    columns: dict[str, str] = {}
    left: Side = Side()
    right: Side = Side()
    link: Link = Link()

    def side(self, name: str) -> Side:
        """Return what holds for `left` or `right`."""
        own: Side = getattr(self, name)
        return Side(own.id or self.id, self.columns | own.columns)


ORDERS: Final = ("ymd", "dmy", "mdy")


def parse(text: str, file: str) -> Spec:
    """Read a spec.

    Raises:
        LinkageError: If the TOML is malformed, an entry is unknown or of another type, or a threshold
            is out of order; the message names the place.
    """
    try:
        spec = msgspec.convert(tomllib.loads(text), Spec)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LinkageError("linkage.spec", file=file, detail=str(error)) from error
    link = spec.link
    if not 0 <= link.review <= link.accept <= 1:
        detail = f"0 <= link.review ({link.review}) <= link.accept ({link.accept}) <= 1"
        raise LinkageError("linkage.spec", file=file, detail=detail)
    if link.overlap is not None and not 0 < link.overlap <= 1:
        raise LinkageError("linkage.spec", file=file, detail="0 < link.overlap <= 1")
    if not 0 <= link.max_duplicates <= 1:
        raise LinkageError("linkage.spec", file=file, detail="0 <= link.max_duplicates <= 1")
    if link.dates not in ORDERS:
        raise LinkageError("linkage.spec", file=file, detail=f"link.dates: {', '.join(ORDERS)}")
    return spec


def read(path: Path) -> tuple[Spec, Model]:
    """Read a spec file and the model it names; a relative model path starts from the spec's folder.

    Raises:
        LinkageError: If there is no such file, or it or the model is wrong.
    """
    if not path.is_file():
        raise LinkageError("linkage.no_file", file=str(path))
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LinkageError("linkage.spec", file=path.name, detail="UTF-8") from error
    return resolve(parse(text, path.name), path)


def resolve(spec: Spec, path: Path) -> tuple[Spec, Model]:
    """Return the spec and its model, whose columns it may name only.

    Raises:
        LinkageError: If the model is not there or a column is none of the model's.
    """
    model = load(spec.model, path.parent)
    known = {column.name for column in model.columns}
    unknown = sorted({*spec.columns, *spec.left.columns, *spec.right.columns} - known)
    if unknown:
        detail = f"columns.{unknown[0]} is none of {', '.join(sorted(known))}"
        raise LinkageError("linkage.spec", file=path.name, detail=detail)
    if spec.link.overlap is not None:
        model = msgspec.structs.replace(model, overlap=spec.link.overlap)
    return spec, model
