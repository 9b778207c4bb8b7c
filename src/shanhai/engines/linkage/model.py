"""The stored model: which columns are compared how, and how much each answer says.

A model is a small JSON file. Each comparison has levels, the first that holds counts; a level's `m` is how
often it is reached by two records of one person, `u` by two of different people. Shipped: `persons`
(Chinese register data; trained on generated people) and `febrl` (names and addresses in Latin letters;
trained on FEBRL 1 and 2). Probabilistic linkage after Fellegi and Sunter (1969), computed by Splink.
"""

import importlib.resources
from pathlib import Path
from typing import Any, Final

import msgspec

from shanhai.engines.linkage.errors import LinkageError

KINDS: Final = ("number", "name", "date", "sex", "region", "phone", "address", "word", "code")
SHIPPED: Final = ("persons", "febrl")


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column that the model knows: its name there, what kind of thing it holds, and what files call it."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer of a comparison: a condition over `<column>_l` and `<column>_r` in DuckDB's SQL, and its words."""

    sql: str
    zh: str
    en: str
    m: float | None = None
    u: float | None = None
    per_record: float | None = None
    """Instead of `u`: how many of a file's records meet a stranger here; divided by the file's size."""
    frequency: str | None = None
    """The column whose frequent values say less."""
    agrees: bool = False
    """Of a name: whether beside an equal valid number this is the same person."""
    needs: tuple[str, ...] = ()
    """Other columns this answer looks at; without them it is left out."""
    null: bool = False
    """Whether this answer says nothing."""


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question: the columns it needs, and the possible answers, the strongest first, "else" last."""

    name: str
    needs: tuple[str, ...]
    levels: tuple[Level, ...]

    def only(self, columns: frozenset[str]) -> "Comparison":
        """Return the comparison without the answers that look at a column that is not there."""
        kept = tuple(level for level in self.levels if columns.issuperset(level.needs))
        return msgspec.structs.replace(self, levels=kept)


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only pairs for which one of these conditions over `l.` and `r.` holds are compared."""

    needs: tuple[str, ...]
    sql: str


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trained model. `overlap`: the share of the smaller file expected to be in the other."""

    name: str
    version: str
    trained_on: str
    overlap: float
    columns: tuple[Column, ...]
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]

    def kind(self, column: str) -> str:
        """Return what kind of thing a column holds."""
        return next(one.kind for one in self.columns if one.name == column)

    def only(self, columns: frozenset[str]) -> "Model":
        """Return the model without what needs a column that is not there."""
        return msgspec.structs.replace(
            self,
            columns=tuple(c for c in self.columns if c.name in columns),
            comparisons=tuple(
                c.only(columns) for c in self.comparisons if columns.issuperset(c.needs)
            ),
            blocks=tuple(b for b in self.blocks if columns.issuperset(b.needs)),
        )


def load(name: str, folder: Path | None = None) -> Model:
    """Return a shipped model by name, or one from a file.

    Args:
        name: `persons`, `febrl`, or the path of a JSON file.
        folder: What a relative path starts from.

    Raises:
        LinkageError: If there is no such model or the file is wrong.
    """
    if name in SHIPPED:
        data = (
            importlib.resources.files(__package__).joinpath("models", f"{name}.json").read_bytes()
        )
        return parse(data, name)
    path = (folder or Path()) / name
    if not path.is_file():
        raise LinkageError("linkage.model", name=name, shipped="、".join(SHIPPED))
    return parse(path.read_bytes(), path.name)


def parse(data: bytes, file: str) -> Model:
    """Return the model that a JSON file holds.

    Raises:
        LinkageError: If a field is missing, unknown or of another type, a kind is unknown, a
            probability is outside (0, 1), or a comparison needs a column that is not declared.
    """
    try:
        model = msgspec.json.decode(data, type=Model)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LinkageError("linkage.bad_model", file=file, detail=str(error)) from error
    wrong = _fault(model)
    if wrong:
        raise LinkageError("linkage.bad_model", file=file, detail=wrong)
    return model


def _fault(model: Model) -> str:
    names = {column.name for column in model.columns}
    for column in model.columns:
        if column.kind not in KINDS or not column.name.isidentifier():
            return f"column {column.name}: kind {column.kind}"
    needs = [one.needs for one in model.comparisons] + [one.needs for one in model.blocks]
    for some in needs:
        if not names.issuperset(some):
            return f"needs {', '.join(some)}"
    levels = [level for comparison in model.comparisons for level in comparison.levels]
    bad = [level.sql for level in levels if not level.null and not _trained(level)]
    return f"{bad[0]}: m, u" if bad else ""


def _trained(level: Level) -> bool:
    return all(
        value is not None and 0 < value < 1
        for value in (level.m, level.u if level.per_record is None else level.per_record)
    )


def dump(model: Model) -> bytes:
    """Return the model's file, indented for people who compare versions."""
    return msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n"


def settings(model: Model, left: int, right: int | None) -> dict[str, Any]:
    """Return Splink's settings for this model and these sizes.

    Args:
        model: Already cut to the columns that are there.
        left: Records in the first file.
        right: Records in the second, or None when one file is searched for duplicates.

    Returns:
        The settings; the prior follows from `overlap` and the sizes, so that one model serves files of
        every size.
    """
    largest = max(left, right or 0, 2)
    return {
        "link_type": "dedupe_only" if right is None else "link_only",
        "unique_id_column_name": "uid",
        "probability_two_random_records_match": model.overlap / largest,
        "comparisons": [_comparison(one, largest) for one in model.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": block.sql, "sql_dialect": "duckdb"} for block in model.blocks
        ],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison, size: int) -> dict[str, Any]:
    return {
        "output_column_name": comparison.name,
        "comparison_levels": [_level(level, size) for level in comparison.levels],
    }


def _level(level: Level, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.en or "missing"}
    if level.null:
        return found | {"is_null_level": True}
    found["m_probability"] = level.m
    found["u_probability"] = level.u if level.per_record is None else level.per_record / size
    if level.frequency:
        found["tf_adjustment_column"] = level.frequency
        found["tf_adjustment_weight"] = 1.0
        found["tf_minimum_u_value"] = 1.0 / size
    return found
