"""`shanhai serve`: the pages, the API and the ledger's files, from one data folder."""

import gc
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.cli._stamp import Inputs

app = typer.Typer()
THREADS = 4
MANIFEST = {"SHANHAI_STATIC": "manifest"}
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; SHANHAI_DATA_DIR otherwise.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", envvar="PORT")]


@app.command()
def serve(data_dir: DataDir = None, host: Host = "localhost", port: Port = 8000) -> None:
    """启动服务 Serve the platform; GET /healthz answers 200 when it is ready."""
    from shanhai.cli import _django, _stamp

    started = time.monotonic()
    folder = _django.choose(data_dir, environ=MANIFEST)
    made_from = _stamp.inputs()
    if not _stamp.fits(folder, made_from):
        make_ready(folder, made_from)
    serve_folder(folder, host, port, started)


def make_ready(folder: Path, made_from: "Inputs") -> None:
    """Bring tables and static files up to date, and remember that they are.

    Args:
        folder: The data folder, chosen.
        made_from: What tables and static files are made from.
    """
    from shanhai.cli import _django, _stamp

    _django.ready(folder, environ=MANIFEST)
    collect_static(folder, made_from)
    _stamp.write(folder, made_from)


def serve_folder(folder: Path, host: str, port: int, started: float) -> None:
    """Serve a folder that is ready.

    Args:
        folder: The data folder.
        host: Address to listen on.
        port: Port to listen on.
        started: `time.monotonic()` when the command began.
    """
    from shanhai.cli import _daily

    typer.echo(f"{folder}  已就绪 prepared  {time.monotonic() - started:.1f} s")
    typer.echo(f"http://{host}:{port}  启动中 starting  (Ctrl-C 停止 stops)")
    _daily.start(folder)
    os.environ["SHANHAI_STARTED"] = f"{started} {time.process_time()}"
    run_server(host, port)


def collect_static(folder: Path, made_from: "Inputs") -> None:
    """Collect and compress static files under hashed names, when they changed since last time."""
    from django.core.management import call_command

    from shanhai.cli import _stamp

    if not _stamp.static_fits(folder, made_from):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def run_server(host: str, port: int) -> None:
    """Run one worker process with a few threads: SQLite has one writer, and memory stays small."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if "django" in sys.modules:
        from django.db import connections

        connections.close_all()
    gc.disable()  # loading makes no garbage, and looking for it is a fifth of the work; wsgi ends this
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
