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
    from shanhai.cli import _django, serve

    started = time.monotonic()
    folder = _django.ready(data_dir, environ={"SHANHAI_STATIC": "manifest"})
    typer.echo(f"{folder}  表已就绪 tables ready  {time.monotonic() - started:.1f} s")
    local = (f"http://localhost:{port}", "http://localhost:8000")
    load(folder, tuple(dict.fromkeys((*local, *(origin or ())))))
    if no_serve:
        serve.collect_static(folder)
    else:
        serve.serve_folder(folder, host, port, started)


def load(folder: Path, web_origins: tuple[str, ...]) -> None:
    """Load the story, or say that it is there already; only the first run imports it."""
    from shanhai.domains.book.handle import node_or_none
    from shanhai.kernel.errors import InvalidInputError

    book = node_or_none()
    if book is None:
        from shanhai.domains.demo.loading import load as load_story

        loaded = load_story(folder, typer.echo, web_origins)
        typer.echo(f"演示已装载 loaded: {loaded.acts} 条 entries, {loaded.seconds:.1f} s")
    elif book.constants.simulated:
        typer.echo(f"演示已在 kept: {book.head().size} 条 entries")
    else:
        raise InvalidInputError("demo.real_ledger")
