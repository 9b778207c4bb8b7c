"""`shanhai backup`: one verified file of a data folder, made while it is served."""

import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Data folder.", envvar="SHANHAI_DATA_DIR")
]
Out = Annotated[Path, typer.Argument(help="File to write; it must not be there.")]


@app.command()
def backup(out: Out, data_dir: DataDir) -> None:
    """备份 Write log, tables and documents into one signed file and verify it; exit 1 if anything is damaged.

    Keys are not in it. They are copied to the cupboard (SHANHAI_CUPBOARD), person keys in their newest state only.
    """
    from shanhai.cli import _django

    started = time.monotonic()
    _django.ready(data_dir)

    from shanhai.domains.continuity.backup import backup as run
    from shanhai.domains.continuity.vault import cupboard_of

    made = run(data_dir.resolve(), out)
    stated = made.checked.manifest
    for digest in stated.damaged:
        typer.echo(
            f"damaged {digest}  数据目录里的文件已损坏或缺失 damaged or gone in the data folder"
        )
    typer.echo(f"ledger {stated.ledger}  {made.checked.report.line}")
    size = out.stat().st_size
    typer.echo(
        f"{made.documents} documents, {len(stated.members)} files, {size} bytes to {out}, "
        f"verified, {time.monotonic() - started:.1f} s"
    )
    where = cupboard_of(stated.ledger).path
    typer.echo(
        f"密钥不在备份里，在钥匙柜，请另存 keys are not in it but in the cupboard, keep it apart: "
        f"{where} ({', '.join(made.keys)}, persons)"
    )
    if stated.damaged:
        raise typer.Exit(1)
