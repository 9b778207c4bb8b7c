"""`shanhai scrub`: read stored documents again and compare them with their hashes."""

import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
DAY_MS = 24 * 3_600_000
BATCH = 200
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder; SHANHAI_DATA_DIR otherwise.")
]
Every = Annotated[bool, typer.Option("--all", help="Also those read within the last day.")]


@app.command()
def scrub(data_dir: DataDir = None, every: Every = False) -> None:
    """复核存档文件 Re-hash the stored documents, name what is damaged or gone, exit 1 if any is.

    `shanhai serve` runs it once a day; under systemd a timer may do it instead.
    """
    from shanhai.cli import _django

    _django.ready(data_dir)

    from shanhai.domains.book.handle import node
    from shanhai.domains.files import mentions, selectors
    from shanhai.domains.files.services import documents_scrub

    suite, started = node().constants.suite.name, time.time_ns() // 1_000_000
    before = started if every else started - DAY_MS
    total = 0
    while True:
        read, damaged = documents_scrub(
            suite=suite, now_ms=time.time_ns() // 1_000_000, limit=BATCH, before_ms=before
        )
        total += read
        for digest in damaged:
            typer.echo(f"damaged {digest}")
        if read < BATCH:
            break
    mentions.catch_up()
    bad = selectors.health()["damaged"]
    typer.echo(f"{total} documents read, {bad} damaged or missing")
    if bad:
        raise typer.Exit(1)
