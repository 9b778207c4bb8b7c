"""`shanhai demo`: load the demonstration into a data folder, once, and serve it."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shanhai.kernel.text import TEXTS, Text

app = typer.Typer()
TEXTS["demo.real_ledger"] = Text(
    "数据目录里已有真实账本，演示不会写入；请用 --data-dir 换一个目录",
    "This data folder holds a real ledger; the demonstration writes nothing there. Choose another with --data-dir",
)
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; SHANHAI_DATA_DIR otherwise.")
]
NoServe = Annotated[bool, typer.Option("--no-serve", help="只装载 Load only.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", envvar="PORT")]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin",
        help="首次装载时通行密钥可用的网址 Address at which passkeys sign; of the first run only.",
    ),
]


@app.command()
def demo(
    data_dir: DataDir = None,
    host: Host = "localhost",
    port: Port = 8000,
    origin: Origins = None,
    *,
    no_serve: NoServe = False,
) -> None:
    """装载演示并启动 Load the demonstration, once, and serve it."""
    from shanhai.cli import _django, _stamp, serve

    started = time.monotonic()
    folder = _django.choose(data_dir, environ=serve.MANIFEST)
    made_from = _stamp.inputs()
    if not _stamp.fits(folder, made_from):
        serve.make_ready(folder, made_from)
        typer.echo(f"{folder}  表已就绪 tables ready  {time.monotonic() - started:.1f} s")
    entries = kept(folder)
    if entries is None:
        local = (f"http://localhost:{port}", "http://localhost:8000")
        load(folder, tuple(dict.fromkeys((*local, *(origin or ())))))
    else:
        typer.echo(f"演示已在 kept: {entries} 条 entries")
    if not no_serve:
        serve.serve_folder(folder, host, port, started)


def kept(folder: Path) -> int | None:
    """Return how many entries the folder's demonstration has, None where there is no ledger; asked without Django.

    Args:
        folder: The data folder, with tables.

    Raises:
        InvalidInputError: `demo.real_ledger`.
        StorageError: If the database cannot be read.
    """
    from shanhai.kernel.errors import InvalidInputError
    from shanhai.node.folder import open_storage
    from shanhai.node.founding import constants_of
    from shanhai.node.loop import storing

    storage = open_storage(folder)
    try:
        with storing():
            head = storage.head()
            if head is None:
                return None
            if not constants_of(storage, head.ledger).simulated:
                raise InvalidInputError("demo.real_ledger")
            return head.size
    finally:
        storage.connection.close()


def load(folder: Path, web_origins: tuple[str, ...]) -> None:
    """Load the story; only the first run imports it, and Django for it."""
    from shanhai.cli import _django

    _django.load()

    from shanhai.domains.demo.loading import load as load_story

    loaded = load_story(folder, typer.echo, web_origins)
    typer.echo(f"演示已装载 loaded: {loaded.acts} 条 entries, {loaded.seconds:.1f} s")
