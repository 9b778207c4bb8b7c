"""`shanhai erase`: erase personal data from the vault, for good, from every backup too."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Data folder.", envvar="SHANHAI_DATA_DIR")
]
Ids = Annotated[list[str], typer.Argument(help="Ids of persons or of records.")]


@app.command()
def erase(ids: Ids, data_dir: DataDir) -> None:
    """删除个人信息 Erase the vault's records of persons; their commitments stay and nobody can open them.

    Registered beside the anchor, and erased again whenever an older backup is restored. Exit 1 if nothing was found.
    """
    from shanhai.cli import _django

    _django.ready(data_dir)

    from shanhai.domains.continuity.vault import erase as run

    count = run(ids)
    typer.echo(f"{count} records erased 已删除")
    if not count:
        raise typer.Exit(1)
