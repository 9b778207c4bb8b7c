"""`shanhai rebuild`: make objects, timeline and search again from the log."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Data folder.", envvar="SHANHAI_DATA_DIR")
]
Check = Annotated[bool, typer.Option("--check", help="Only compare; write nothing.")]


@app.command()
def rebuild(data_dir: DataDir, check: Check = False) -> None:
    """Recompute every projection from the log, print each difference and put it right."""
    from shanhai.node.folder import open_storage
    from shanhai.node.loop import storing
    from shanhai.node.rebuild import Difference
    from shanhai.node.rebuild import rebuild as run

    def report(one: Difference) -> None:
        typer.echo(f"{one.table} {one.key}: {one.what}")

    storage = open_storage(data_dir)
    with storing():
        count = run(storage, report, write=not check)
    typer.echo(f"{count} rows {'differ' if check else 'put right'}")
    if check and count:
        raise typer.Exit(1)
