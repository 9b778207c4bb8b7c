"""A register kept ready: the normalised records of a file, for linking one delivery after another.

It is a Parquet file that ends in `.register`; its metadata says for which of the model's columns it was made.
Records hold personal data in the clear: keep it where the file itself is kept.
"""

from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.model import Model
from shanhai.engines.linkage.prepare import Prepared
from shanhai.engines.linkage.rejects import Rejects
from shanhai.kernel.files import replacing

SUFFIX: Final = ".register"
_META: Final = b"shanhai.linkage"


def _kinds(model: Model, columns: frozenset[str]) -> dict[str, str]:
    return {column.name: column.kind for column in model.columns if column.name in columns}


def save(records: Prepared, model: Model, out: Path) -> None:
    """Write a register, whole or not at all."""
    kinds = msgspec.json.encode(_kinds(model, records.columns))
    table = records.table.replace_schema_metadata({_META: kinds})
    with replacing(out) as partial:
        pq.write_table(table, partial)


def open_register(path: Path, model: Model) -> Prepared:
    """Read a register.

    Raises:
        LinkageError: If there is no such file, or it was made for other columns than the model's.
    """
    if not path.is_file():
        raise LinkageError("linkage.no_file", file=str(path))
    try:
        table = pq.read_table(path)
        kinds = msgspec.json.decode((table.schema.metadata or {})[_META], type=dict[str, str])
    except (pa.ArrowException, msgspec.MsgspecError, KeyError, OSError) as error:
        raise LinkageError("linkage.register", file=path.name) from error
    if _kinds(model, frozenset(kinds)) != kinds:
        raise LinkageError("linkage.register", file=path.name)
    return Prepared(table, frozenset(kinds), Rejects(path.name))
