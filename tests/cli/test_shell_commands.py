"""The command itself: late loading, the data folder, and what doctor says."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler
from typer.testing import CliRunner

from shanhai.cli import doctor, main
from shanhai.config import database, folder


def test_lists_commands_and_knows_no_other() -> None:
    run = CliRunner()
    assert {"serve", "doctor"} <= set(run.invoke(main.app, ["--help"]).output.split())
    assert run.invoke(main.app, ["nonsense"]).exit_code == 2
    assert run.invoke(main.app, ["main"]).exit_code == 2


def test_help_loads_no_django() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from shanhai.cli.doctor import app;"
        "CliRunner().invoke(app, ['--help']); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_folder_keeps_its_secret_to_itself(tmp_path: Path) -> None:
    assert folder.secret_key(tmp_path) != folder.secret_key(tmp_path)
    folder.prepare(tmp_path)
    first = folder.secret_key(tmp_path)
    folder.prepare(tmp_path)
    assert folder.secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "keys/secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_doctor_names_what_is_missing_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "stale_static", lambda: "make setup")
    result = CliRunner().invoke(doctor.app, ["--json"])
    found = {row["name"]: row for row in json.loads(result.output)}
    assert result.exit_code == 1
    assert found["front-end files"] == {
        "name": "front-end files",
        "present": False,
        "needed": True,
        "remedy": "make setup",
    }


def test_front_end_files_are_those_of_the_lock() -> None:
    assert doctor.stale_static() == ""


def test_database_url_becomes_settings() -> None:
    made = database.from_url("postgresql://shan:p%40ss@db.example:5433/hai")
    assert (made["NAME"], made["USER"], made["PASSWORD"]) == ("hai", "shan", "p@ss")
    assert (made["HOST"], made["PORT"], made["CONN_MAX_AGE"]) == ("db.example", "5433", 600)
    assert "OPTIONS" not in made
    made = database.from_url("postgresql://shan@/hai?host=/run/Pg&sslmode=verify-full")
    assert (made["HOST"], made["OPTIONS"]) == ("/run/Pg", {"sslmode": "verify-full"})
    with pytest.raises(ImproperlyConfigured):
        database.from_url("mysql://db.example/hai")


@pytest.mark.django_db
def test_start_refuses_a_database_that_may_lose_acts(tmp_path: Path) -> None:
    opened = ConnectionHandler({"default": database.sqlite(tmp_path / "d.sqlite3")})["default"]
    try:
        database.assert_durable(opened)
        with opened.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
        with pytest.raises(ImproperlyConfigured, match="synchronous=FULL, not wal and 1"):
            database.assert_durable(opened)
    finally:
        opened.close()


def test_a_missing_library_is_named_with_the_way_to_get_it() -> None:
    hide = "import sys; sys.modules['numpy'] = None; from shanhai.cli.main import app; app()"
    asked = [sys.executable, "-c", hide, "match", "check", "a.csv", "--edges", "e.csv"]
    asked += ["--capacity", "c.csv", "--certificate", "k.json"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "uv sync" in done.stderr
    assert "Traceback" not in done.stderr
