"""`shanhai restore`: a data folder made again from a backup, verified before and after."""

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.domains.continuity.restore import Restored
    from shanhai.node.backup.checking import Checked

app = typer.Typer()
MOST_REASON = 200
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Data folder to make; empty or not there.")
]
File = Annotated[Path, typer.Argument(help="Backup written by shanhai backup.")]
Override = Annotated[
    str | None,
    typer.Option(
        "--override",
        help="Why an older state than the anchor knows is taken; opens a new epoch that names what is lost.",
    ),
]


@app.command()
def restore(file: File, data_dir: DataDir, override: Override = None) -> None:
    """恢复 Verify a backup, build a data folder from it, verify that, and only then give it its name."""
    from shanhai.node.backup.restoring import beside

    started = time.monotonic()
    target = data_dir.resolve()
    checked = _check(file, target, override)
    made = beside(target)
    try:
        done = _build(file, checked, made, target, override or "")
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    os.environ["SHANHAI_DATA_DIR"] = str(target)
    _tell(checked, done, target)
    typer.echo(f"restored to {target}, verified, {time.monotonic() - started:.1f} s")
    typer.echo(checked.report.line)


def _check(file: Path, target: Path, override: str | None) -> "Checked":
    from shanhai.kernel.errors import InvalidInputError
    from shanhai.node.anchor import default_folder
    from shanhai.node.backup.checking import examine
    from shanhai.node.backup.restoring import refuse_full

    if override is not None and not 1 <= len(override.strip()) <= MOST_REASON:
        raise InvalidInputError("restore.reason")
    refuse_full(target)
    return examine(file, default_folder(os.environ), older=override is not None)


def _build(file: Path, checked: "Checked", made: Path, target: Path, override: str) -> "Restored":
    from shanhai.cli import _django

    _django.choose(made)
    _django.load()

    from shanhai.domains.continuity import restore as work

    work.refuse_database()
    return work.restore(file, checked, made, target, override.strip())


def _tell(checked: "Checked", done: "Restored", target: Path) -> None:
    from shanhai.domains.continuity.restore import settle
    from shanhai.domains.continuity.vault import cupboard_of

    stated = checked.manifest
    aside = settle(checked, done)
    for digest in stated.damaged:
        typer.echo(f"damaged {digest}  备份时已损坏或缺失 damaged or gone when the backup was made")
    if done.epoch is not None:
        typer.echo(
            f"EPOCH 新纪元: entries {done.epoch.kept} to {done.epoch.kept + done.epoch.lost - 1} are lost 已丢失; "
            f"entry {done.epoch.entry} says so; old anchor 原锚点 {aside}"
        )
    typer.echo(
        f"{done.documents} documents, {done.erased} records erased again 重新删除, "
        f"{done.closed} records closed 无个人密钥"
    )
    if missing := {"log", "vault"} - set(done.keys):
        where = cupboard_of(stated.ledger).path
        typer.echo(
            f"钥匙柜 {where} 里没有 {', '.join(sorted(missing))}：请把钥匙拷到 {target / 'keys'} 再启动，个人密钥须先拷回钥匙柜再恢复一次\n"
            f"The cupboard {where} holds no {', '.join(sorted(missing))}: copy the keys to {target / 'keys'} before "
            f"serving; to open personal data bring the cupboard back and restore again"
        )
