"""`shanhai database`: the rights of the PostgreSQL role that serves. Loads no Django."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from shanhai.node.sql import SqlStorage

app = typer.Typer(no_args_is_help=True, help="The PostgreSQL database that DATABASE_URL names.")
Role = Annotated[str, typer.Argument(help="An existing role, the one that web processes use.")]
Sql = Annotated[bool, typer.Option("--sql", help="Only print the statements.")]


def connected() -> "SqlStorage":
    """Return the database that DATABASE_URL names.

    Raises:
        typer.Exit: If it names none.
    """
    import os

    from shanhai.node.folder import open_storage

    if not os.environ.get("DATABASE_URL"):
        typer.echo(
            "请用 DATABASE_URL 指明 PostgreSQL 数据库；SQLite 没有角色\n"
            "Name a PostgreSQL database by DATABASE_URL; SQLite has no roles",
            err=True,
        )
        raise typer.Exit(2)
    return open_storage(Path())


@app.command()
def grants(role: Role, sql: Sql = False) -> None:
    """授权 Let a role serve: it may add to the log and never change or delete; run as the tables' owner."""
    from shanhai.acts import book
    from shanhai.node import grants as rights

    assert book.__all__  # noqa: S101 - importing it registers every noun
    statements = rights.grants(role)
    if sql:
        typer.echo("".join(f"{one};\n" for one in statements), nl=False)
        return
    storage = connected()
    with storage.transaction():
        connection: Any = storage.connection
        for one in statements:
            connection.execute(one)
    log = ", ".join(table.name for table in rights.APPEND_ONLY)
    typer.echo(
        f"{role}: 只能追加 append only {log}; head 和状态表不可删除 nothing deleted from head and state"
    )


@app.command()
def check() -> None:
    """检查 Say whether the role of DATABASE_URL could change the log; exit 1 if it could."""
    from shanhai.acts import book
    from shanhai.kernel.errors import StorageError
    from shanhai.node import grants as rights

    assert book.__all__  # noqa: S101 - importing it registers every noun
    found = rights.excess(connected().connection)
    if found:
        raise StorageError("grants.changes", rights=", ".join(found[:4]))
    typer.echo("本角色只能追加 this role may only append")
