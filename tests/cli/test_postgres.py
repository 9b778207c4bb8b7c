"""`DATABASE_URL` switches everything: found, act, check, back up on PostgreSQL, restore to either and see the same rows."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from shanhai.node.folder import open_storage
from shanhai.node.founders import EXAMPLE
from shanhai.node.fsck import check
from shanhai.node.schema import all_tables

NUMBERS = itertools.count(1)
KILLED = """
import os, sys
from shanhai.node.backup import restoring
restoring.keep = lambda made, target: os._exit(9)
from shanhai.cli.main import app
app(sys.argv[1:])
"""
"""Runs a command and dies where a restore has written everything and not yet ended."""
FOREIGN = ("DATABASE_URL", "SHANHAI_DATA_DIR", "DJANGO_SETTINGS_MODULE", "SHANHAI_STATIC")


def run(environ: dict[str, str], *words: object) -> str:
    """Run a command and return what it printed."""
    command = [sys.executable, "-m", "shanhai.cli", *map(str, words)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def dies(environ: dict[str, str], *words: object) -> bool:
    """Run a restore that dies at its end and return whether it did."""
    command = [sys.executable, "-c", KILLED, *map(str, words)]
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 9


@pytest.mark.postgres
def test_a_ledger_moves_from_postgresql_to_sqlite_and_back(
    postgres_dsn: str, tmp_path: Path
) -> None:
    name = f"moves_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(f"{postgres_dsn} dbname=postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        admin.execute(f'CREATE DATABASE "{name}_back"')
        admin.execute(f'CREATE ROLE "{name}" LOGIN')
        where = admin.info.host
    kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    sqlite = kept | {
        "SHANHAI_ANCHORS": str(tmp_path / "anchors"),
        "SHANHAI_CUPBOARD": str(tmp_path / "cupboard"),
        "SHANHAI_LOG": "ERROR",
    }
    owner = sqlite | {"DATABASE_URL": f"postgresql://postgres@/{name}?host={where}"}
    web = sqlite | {"DATABASE_URL": f"postgresql://{name}@/{name}?host={where}"}
    (tmp_path / "founders.toml").write_text(EXAMPLE)
    data, moved, file = tmp_path / "data", tmp_path / "moved", tmp_path / "ledger.shanhai"
    run(owner, "ledger", "init", "--data-dir", data, "--founders", tmp_path / "founders.toml")
    run(owner, "database", "grants", name)
    assert "only append" in run(web, "database", "check")
    assert "no problem found" in run(web, "ledger", "fsck", "--data-dir", data)
    run(web, "backup", "--data-dir", data, file)
    run(sqlite, "restore", file, "--data-dir", moved)
    back = sqlite | {"DATABASE_URL": f"postgresql://postgres@/{name}_back?host={where}"}
    restore = ["restore", file, "--data-dir", tmp_path / "back"]
    assert dies(back, *restore)
    assert not (tmp_path / "back").exists()
    run(back, *restore)  # refused if the database held anything
    here, there = open_storage(moved, sqlite), open_storage(data, owner)
    again = open_storage(tmp_path / "back", back)
    try:
        assert check(here, None) == check(again, None) == []
        for table in all_tables():
            assert here.rows(table) == there.rows(table) == again.rows(table), table.name
    finally:
        again.connection.close()
        here.connection.close()
        there.connection.close()


@pytest.mark.postgres
def test_a_database_that_does_not_answer_is_said(postgres_dsn: str, tmp_path: Path) -> None:
    where = dict(part.split("=", 1) for part in postgres_dsn.split())["host"]
    environ = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    environ["DATABASE_URL"] = f"postgresql://postgres@/no_such_name?host={where}"
    command = [sys.executable, "-m", "shanhai.cli", "serve", "--data-dir", str(tmp_path / "data")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "machine.database")
    assert "请核对 DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
