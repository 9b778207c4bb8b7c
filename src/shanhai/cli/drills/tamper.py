"""Drill `tamper`: change anything, anywhere; nothing may stay silent while there is an anchor.

An outcome is good if the change is detected or left the content identical. Tried: every byte of an export
of 20 acts and of every value in its database's tables; every row deleted, each column changed, entries
swapped; a sample of bytes of the database file and its WAL; histories cut short or rewritten and signed anew
with the server's own key.
"""

import io
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.world import DATABASE, World
from shanhai.kernel.errors import Halt, ShanhaiError
from shanhai.node import schema
from shanhai.node.anchor import parse_anchor
from shanhai.node.export import export_log
from shanhai.node.fsck import check
from shanhai.node.rebuild import rebuild
from shanhai.node.seal import Sealer
from shanhai.node.sqlite import SqliteStorage
from shanhai.node.tables import Table
from shanhai.node.verify import Trust, verify_log

COUNT = 1_000_000
"""Beyond the bytes of any export of 20 acts: the usual run tries every one."""
ACTS = 20
FILE_SHARE = 40  # of the budget, one in so many falls on bytes of the database file
TABLE_SHARE = 2  # … one in so many on bytes of the tables' values
Trial = Callable[[], bool]


def run(plan: Plan) -> Result:
    """Try every kind of change."""
    with tempfile.TemporaryDirectory() as name:
        return Tamper(plan, Path(name)).run()


class Tamper:
    """The ledger under attack and the trials on it."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder, self.tally = plan, folder, Tally()
        self.random = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        self.world = World(plan.seed, ACTS + 1)
        node = self.world.begin(folder / "data", folder / "anchors")
        node.submit_many(self.world.acts[:ACTS], self.world.now)
        self.sealer = self.world.sealer(folder / "anchors")
        file = io.BytesIO()
        export_log(node, self.sealer, file)
        self.log = file.getvalue()
        anchor = parse_anchor((folder / "anchors" / node.constants.ledger).read_bytes())
        self.trust = Trust() if plan.plant else Trust(node.constants.ledger, anchor)
        assert isinstance(node.storage, SqliteStorage)  # noqa: S101 - narrows the type
        self.source = node.storage.connection

    def run(self) -> Result:
        """Run the trials and count them."""
        parts = {
            "export bytes": self._bytes(),
            "table bytes": self._table_bytes(),
            "rows": self._rows(),
            "file bytes": self._file(),
            "histories": self._histories(),
        }
        notes = []
        for name, trials in parts.items():
            before = self.tally.fired
            for what, trial in trials:
                self.tally.count(good=trial(), what=what)
            notes.append(f"{name}: {self.tally.fired - before}")
        return self.tally.result(*notes)

    # --- the log file

    def _bytes(self) -> Iterator[tuple[str, Trial]]:
        places = range(len(self.log))
        chosen = sorted(self.random.sample(places, min(self.plan.size, len(self.log))))
        for at in chosen:
            changed = bytearray(self.log)
            changed[at] ^= 1 << self.random.randrange(8)
            yield f"export byte {at}", lambda raw=bytes(changed): self._refused(raw)  # type: ignore[misc]  # a bound default

    def _refused(self, raw: bytes) -> bool:
        try:
            verify_log(io.BytesIO(raw), self.trust)
        except ShanhaiError:
            return True
        return False

    # --- the tables' values

    def _table_bytes(self) -> Iterator[tuple[str, Trial]]:
        places = [
            (table, row, column, at)
            for table in schema.all_tables()
            for row in SqliteStorage(self.source).rows(table)
            for column, value in enumerate(row)
            for at in range(len(_stored(value)))
        ]
        budget = min(max(20, self.plan.size // TABLE_SHARE), len(places))
        for place in sorted(self.random.sample(range(len(places)), budget)):
            table, row, column, at = places[place]
            name = table.columns[column].name
            changed = _flipped(row[column], at, 1 << self.random.randrange(8))
            cast = "CAST(? AS TEXT)" if isinstance(row[column], str) else "?"
            statement = f'UPDATE "{table.name}" SET "{name}" = {cast} WHERE "{table.key}" = ?'  # noqa: S608 - declared names
            yield (
                f"{table.name} {row[0]} {name} byte {at}",
                self._edit(statement, (changed, row[0])),
            )

    # --- rows

    def _copy(self) -> sqlite3.Connection:
        made = sqlite3.connect(":memory:", isolation_level=None)
        self.source.backup(made)
        return made

    def _rows(self) -> Iterator[tuple[str, Trial]]:
        budget = max(20, self.plan.size // FILE_SHARE)
        trials = [trial for table in schema.all_tables() for trial in self._table(table)]
        self.random.shuffle(trials)
        yield from trials[:budget]

    def _table(self, table: Table) -> Iterator[tuple[str, Trial]]:
        keys = [row[0] for row in SqliteStorage(self.source).rows(table)]
        for key in keys:
            where = f'"{table.key}" = ?'
            delete = f'DELETE FROM "{table.name}" WHERE {where}'  # noqa: S608 - declared names
            yield f"{table.name} {key} deleted", self._edit(delete, (key,))
            for column in table.columns:
                value = f'CASE WHEN typeof("{column.name}") IN (\'integer\') THEN "{column.name}" + 1 ELSE "{column.name}" || \'0\' END'
                change = f'UPDATE "{table.name}" SET "{column.name}" = {value} WHERE {where}'  # noqa: S608 - declared names
                yield f"{table.name} {key} {column.name} changed", self._edit(change, (key,))
        if table is schema.ENTRY:
            yield from self._swaps(len(keys))

    def _swaps(self, count: int) -> Iterator[tuple[str, Trial]]:
        for first in range(count - 1):
            swap = (
                'UPDATE "entry" SET "packed" = CASE "index" '
                'WHEN ?1 THEN (SELECT "packed" FROM "entry" WHERE "index" = ?2) '
                'ELSE (SELECT "packed" FROM "entry" WHERE "index" = ?1) END '
                'WHERE "index" IN (?1, ?2)'
            )
            yield f"entries {first} and {first + 1} swapped", self._edit(swap, (first, first + 1))

    def _edit(self, statement: str, values: tuple[Any, ...]) -> Trial:
        def trial() -> bool:
            copy = self._copy()
            try:
                copy.execute(statement, values)
            except sqlite3.IntegrityError:
                return True  # the database itself refuses
            return self._noticed(SqliteStorage(copy))

        return trial

    def _noticed(self, storage: SqliteStorage) -> bool:
        """Return whether a check finds the change, or there is none to find."""
        try:
            sealer = Sealer(self.sealer.signer, None) if self.plan.plant else self.sealer
            if check(storage, sealer) or rebuild(storage, lambda _: None, write=False):
                return True
            return self._same(storage)
        except (Halt, ShanhaiError):
            return True
        finally:
            storage.connection.close()

    def _same(self, storage: SqliteStorage) -> bool:
        original = SqliteStorage(self.source)
        return all(storage.rows(t) == original.rows(t) for t in schema.all_tables())

    # --- bytes of the database file and its WAL

    def _file(self) -> Iterator[tuple[str, Trial]]:
        budget = max(20, self.plan.size // FILE_SHARE // 4)
        budget = min(budget, 500)
        for suffix in ("", "-wal"):
            path = self.folder / "data" / (DATABASE + suffix)
            raw = path.read_bytes() if path.exists() else b""
            for at in sorted(self.random.sample(range(len(raw)), min(budget, len(raw)))):
                bit = 1 << self.random.randrange(8)
                yield f"{DATABASE}{suffix} byte {at}", self._flip(suffix, at, bit)

    def _flip(self, suffix: str, at: int, bit: int) -> Trial:
        def trial() -> bool:
            copy = self.folder / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            copy.mkdir()
            for end in ("", "-wal"):
                source = self.folder / "data" / (DATABASE + end)
                if source.exists():
                    shutil.copyfile(source, copy / (DATABASE + end))
            path = copy / (DATABASE + suffix)
            raw = bytearray(path.read_bytes())
            raw[at] ^= bit
            path.write_bytes(raw)
            try:
                storage = SqliteStorage(sqlite3.connect(path.with_name(DATABASE)))
                return self._noticed(storage)
            except sqlite3.Error:
                return True

        return trial

    # --- histories signed anew with the server's own key

    def _histories(self) -> Iterator[tuple[str, Trial]]:
        for size in range(1, ACTS + 1):
            yield f"cut to {size} entries and signed anew", self._history(size, rewrite=False)
            if size > 1:
                yield f"rewritten from entry {size - 1}", self._history(size, rewrite=True)

    def _history(self, size: int, *, rewrite: bool) -> Trial:
        """Make a shorter history, or one of full length that differs, all signatures good."""

        def trial() -> bool:
            world, elsewhere = self.world, self.folder / f"other-{size}-{rewrite}"
            node = world.begin(elsewhere / "data", elsewhere / "anchors")
            acts = world.acts[: size - 1]
            if rewrite:  # another act in place of one, the rest as before
                acts = [*world.acts[: size - 2], world.acts[ACTS], *world.acts[size - 1 : ACTS]]
            node.submit_many(acts, world.now)
            file = io.BytesIO()
            export_log(node, world.sealer(elsewhere / "anchors"), file)
            shut = self._started(elsewhere / "data")
            shutil.rmtree(elsewhere)
            return shut and self._refused(file.getvalue())

        return trial

    def _started(self, data: Path) -> bool:
        """Return whether a start on that folder is refused by the true anchor."""
        anchors = self.folder / ("none" if self.plan.plant else "anchors")
        try:
            self.world.open(data, anchors)
        except ShanhaiError:
            return True
        return False


def _stored(value: Any) -> bytes:
    """Return the bytes of a value as the database keeps it, an integer in eight."""
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    return value.encode() if isinstance(value, str) else bytes(value)


def _flipped(value: Any, at: int, bit: int) -> Any:
    """Return the value with one bit of one byte changed; text may be none any more."""
    raw = bytearray(_stored(value))
    raw[at] ^= bit
    return int.from_bytes(raw, "big", signed=True) if isinstance(value, int) else bytes(raw)
