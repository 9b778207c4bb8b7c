"""`shanhai serve`: the pages, the API and the ledger's files, from one data folder."""

import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
THREADS = 4
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; SHANHAI_DATA_DIR otherwise.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", envvar="PORT")]


@app.command()
def serve(data_dir: DataDir = None, host: Host = "localhost", port: Port = 8000) -> None:
    """启动服务 Serve the platform; GET /healthz answers 200 when it is ready."""
    from shanhai.cli import _django

    started = time.monotonic()
    folder = _django.ready(data_dir, environ={"SHANHAI_STATIC": "manifest"})
    serve_folder(folder, host, port, started)


def serve_folder(folder: Path, host: str, port: int, started: float) -> None:
    """Serve a folder that Django stands on already.

    Args:
        folder: The data folder.
        host: Address to listen on.
        port: Port to listen on.
        started: `time.monotonic()` when the command began.
    """
    from shanhai.cli import _daily

    collect_static(folder)
    typer.echo(f"prepared {folder} in {time.monotonic() - started:.1f} s")
    typer.echo(f"http://{host}:{port}  (Ctrl-C stops)")
    _daily.start(folder)
    run_server(host, port)


def collect_static(folder: Path) -> None:
    """Collect and compress static files under hashed names, when they changed since last time."""
    import hashlib

    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {Path(storage.path(path)).stat().st_mtime_ns}\n".encode())
    stamp = folder / "static/.collected"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest.hexdigest())


def run_server(host: str, port: int) -> None:
    """Run one worker process with a few threads: SQLite has one writer, and memory stays small."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    Granian(
        "shanhai.config.wsgi:application",
        address="127.0.0.1" if host == "localhost" else host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
