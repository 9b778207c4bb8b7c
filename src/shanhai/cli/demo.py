"""`shanhai demo`: load the demonstration into a data folder, once, and serve it."""

import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
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
    """Load the story and say what stands now."""
    from shanhai.domains.demo.loading import load as load_story

    loaded = load_story(folder, typer.echo, web_origins)
    if loaded.fresh:
        typer.echo(f"演示已装载 loaded: {loaded.acts} 条 entries, {loaded.seconds:.1f} s")
    else:
        typer.echo(f"演示已在 kept: {loaded.acts} 条 entries, {loaded.seconds:.1f} s")
