"""`shanhai intake`: commit to what people handed in, under one Merkle root signed by the node."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; SHANHAI_DATA_DIR otherwise.")
]
Now = Annotated[bool, typer.Option("--now", help="Do not wait until the oldest is a day old.")]


@app.command()
def intake(data_dir: DataDir = None, now: Now = False) -> None:
    """收件存证 Put the receipts of complaints and objections under a root on the ledger, if one is due.

    `shanhai serve` runs it once a day. The node's key is `keys/node` in the data folder: the seed that
    `shanhai ledger init` wrote for the founder with the role node.
    """
    from shanhai.cli import _django

    _django.ready(data_dir)

    from shanhai.domains.book.handle import ledger_now_ms
    from shanhai.domains.intake import roots

    if not roots.waits():
        typer.echo("没有待存证的收件 nothing waits")
        return
    if roots.node_officer() is None:
        typer.echo(
            "数据目录缺少节点密钥 keys/node，未存证；请放入节点的密钥种子后重试\n"
            "keys/node is missing, nothing was committed; put the node's seed there and try again",
            err=True,
        )
        raise typer.Exit(1)
    if not now and not roots.due(ledger_now_ms()):
        typer.echo("未满一天，用 --now 立即存证 not due yet; --now commits at once")
        return
    made = roots.root_commit()
    if made is not None:
        typer.echo(f"{made.size} 件 submissions, root {made.root}")
