"""The tables beside the ledger, as lines of JSON that either database can read again.

What the log leads to is not dumped: it is made again from the log. Sessions are not dumped: a backup signs nobody in.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from django.apps import apps as live_apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations import Migration, RunSQL, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from shanhai.kernel.errors import ProofError
from shanhai.node import schema

KEPT = {schema.CHECKPOINT.name, schema.EVIDENCE.name}
"""Of the ledger's own tables, those that no log leads to."""
LEFT_OUT = {
    "django_session",
    "usersessions_usersession",
    "files_mention",
    "files_reading",
    "files_upload",
}
"""Live sessions, projections of the log that are made again by reading on, and uploads under way."""
CHUNK = 1_000


def options(model: type[models.Model]) -> Any:
    """Return what Django knows of a model."""
    return model._meta  # noqa: SLF001 - public in Django, whatever its name


def dumped(apps: Any = live_apps) -> list[type[models.Model]]:
    """Return the models whose tables a backup holds, by table name."""
    derived = {table.name for table in schema.all_tables()} - KEPT
    found = {
        options(model).db_table: model
        for model in apps.get_models(include_auto_created=True)
        if options(model).managed and not options(model).proxy
    }
    return [found[name] for name in sorted(found.keys() - derived - LEFT_OUT)]


def applied() -> tuple[tuple[str, str], ...]:
    """Return the migrations that the database has, sorted."""
    return tuple(sorted(MigrationExecutor(connection).loader.applied_migrations))


def latest() -> tuple[tuple[str, str], ...]:
    """Return the migrations that this release has, sorted."""
    return tuple(sorted(MigrationExecutor(connection).loader.graph.nodes))


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def rows_of(
    model: type[models.Model], blank: Mapping[str, Any] | None = None
) -> Iterator[list[Any]]:
    """Yield a table's columns, then its rows by primary key.

    Args:
        model: Whose table.
        blank: What stands in place of columns that must not leave.
    """
    fields = options(model).concrete_fields
    hidden = blank or {}
    yield [field.column for field in fields]
    names = [field.attname for field in fields if field.column not in hidden]
    places = {field.column: place for place, field in enumerate(fields)}
    manager = model._base_manager  # noqa: SLF001 - public in Django; no manager of the model's hides rows
    rows = manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK)
    for row in rows:
        line = [_plain(value) for value in row]
        for column, value in sorted(hidden.items(), key=lambda one: places[one[0]]):
            line.insert(places[column], value)
        yield line


def line_of(row: Sequence[Any]) -> bytes:
    """Return a row as a line: bytes as base64, times as RFC 3339."""
    return msgspec.json.encode(row) + b"\n"


def bring_to(migrations: Sequence[tuple[str, str]]) -> Any:
    """Bring the empty database to the migrations that a backup was made at; return its models' apps.

    Tables are made as those migrations leave them, not by running one after another: rows come from the backup.

    Raises:
        LookupError: If this release does not know one of them.
    """
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in migrations}
    if unknown := wanted - executor.loader.disk_migrations.keys():
        raise LookupError(min(unknown))
    leaves = sorted(one for one in wanted if not _followed(executor, one, wanted))
    apps = executor.loader.project_state(leaves).apps
    if any(_by_hand(executor.loader.disk_migrations[one]) for one in wanted):
        executor.migrate(leaves)
    else:
        _make(apps, sorted(wanted))
    return apps


def _by_hand(migration: Migration) -> bool:
    """Return whether a migration does to the database what models do not tell."""
    return any(isinstance(one, RunSQL | SeparateDatabaseAndState) for one in migration.operations)


def _make(apps: Any, migrations: Sequence[tuple[str, str]]) -> None:
    """Make every table of these models, and say that the migrations were applied."""
    done = MigrationRecorder.Migration
    with connection.schema_editor() as editor:
        editor.create_model(done)
        for model in apps.get_models():
            if options(model).can_migrate(connection):
                editor.create_model(model)
        done.objects.bulk_create(done(app=app, name=name) for app, name in migrations)


def _followed(
    executor: MigrationExecutor, one: tuple[str, str], wanted: set[tuple[str, str]]
) -> bool:
    children = executor.loader.graph.node_map[one].children
    return any(child.key in wanted and child.key[0] == one[0] for child in children)


@transaction.atomic
def load(apps: Any, lines_of: Mapping[str, Iterable[bytes]]) -> None:
    """Put dumped rows in place of whatever the migrations put into the tables.

    Args:
        apps: The models as they were at the backup's migrations.
        lines_of: A dump's lines by table name, the columns first.

    Raises:
        ProofError: `backup.differs`, if a table or column is unknown.
    """
    found = {options(model).db_table: model for model in dumped(apps)}
    if unknown := lines_of.keys() - found.keys():
        raise ProofError("backup.differs", detail=min(unknown))
    with connection.cursor() as cursor:
        for name in found:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a model's table
        for name in sorted(lines_of):
            _load(cursor, found[name], iter(lines_of[name]))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found.values())):
            cursor.execute(statement)
    connection.check_constraints()  # now, not at the commit: tables may be changed after this


def _load(cursor: Any, model: type[models.Model], lines: Iterator[bytes]) -> None:
    by_column = {field.column: field for field in options(model).concrete_fields}
    columns = msgspec.json.decode(next(lines))
    if set(columns) != by_column.keys():
        differing = sorted(set(columns) ^ by_column.keys())
        raise ProofError("backup.differs", detail=f"{options(model).db_table}.{differing[0]}")
    fields = [by_column[name] for name in columns]
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(options(model).db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - a model's table and columns
    while some := list(islice(lines, CHUNK)):
        rows = (msgspec.json.decode(line) for line in some)
        cursor.executemany(
            statement,
            [
                [_stored(field, value) for field, value in zip(fields, row, strict=True)]
                for row in rows
            ],
        )


def _stored(field: Any, value: Any) -> Any:
    if value is not None and isinstance(field, models.BinaryField):
        value = b64decode(value)
    return field.get_db_prep_save(field.to_python(value), connection)
