"""A second start does nothing twice, and notices whatever changed: migrations, static files, database, ledger, stamp."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo_world import DemoFolder, copied, dropped
from shanhai.cli import _stamp

WITHOUT_DJANGO = """
import sys
from pathlib import Path
from shanhai.cli import _stamp, demo
folder = Path(sys.argv[1])
print(_stamp.fits(folder, _stamp.inputs()), demo.kept(folder), "django" in sys.modules)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of what the inputs are made from."""
    made = tmp_path / "shanhai"
    for pattern in (_stamp.SETTINGS, *_stamp.TABLES, "web/static/shanhai/*"):
        for path in _stamp.PACKAGE.glob(pattern):
            if path.is_file():
                (made / path.relative_to(_stamp.PACKAGE)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, made / path.relative_to(_stamp.PACKAGE))
    return made


@pytest.fixture
def folder(
    demo_folder: DemoFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DemoFolder]:
    """Return a demonstration's folder whose static files are its own too, and this process asks its database."""
    with dropped(copied(demo_folder, tmp_path / "own", linked=())) as own:
        if own.database:
            monkeypatch.setenv("DATABASE_URL", own.database)
        yield own


def fits(folder: DemoFolder) -> bool:
    return _stamp.fits(folder.data, _stamp.inputs())


def test_a_second_start_needs_no_django(demo_folder: DemoFolder) -> None:
    command = [sys.executable, "-c", WITHOUT_DJANGO, str(demo_folder.data)]
    environ = demo_folder.environ
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    ready, entries, django = done.stdout.split()
    assert (ready, django) == ("True", "False")
    assert int(entries) > 1000


def test_nothing_changed_is_nothing_new(package: Path) -> None:
    assert _stamp.inputs(package) == _stamp.inputs(package)


@pytest.mark.parametrize(
    "name",
    ["config/settings.py", "domains/funds/apps.py", "domains/funds/migrations/0001_initial.py"],
)
def test_changed_code_of_tables_is_noticed(package: Path, name: str) -> None:
    before = _stamp.inputs(package)
    (package / name).write_bytes((package / name).read_bytes() + b"#\n")
    after = _stamp.inputs(package)
    assert (after.tables != before.tables, after.static) == (True, before.static)


def test_a_new_migration_is_noticed(package: Path) -> None:
    before = _stamp.inputs(package)
    (package / "domains/funds/migrations/0002_more.py").write_text("", encoding="utf-8")
    assert _stamp.inputs(package).tables != before.tables


@pytest.mark.parametrize("change", ["touch", "new", "gone"])
def test_changed_static_files_are_noticed(package: Path, change: str) -> None:
    before = _stamp.inputs(package)
    sheet = next((package / "web/static/shanhai").glob("*.css"))
    if change == "touch":
        os.utime(sheet, ns=(1, 1))
    elif change == "new":
        shutil.copy2(sheet, sheet.with_name("new.css"))
    else:
        sheet.unlink()
    after = _stamp.inputs(package)
    assert (after.static != before.static, after.tables) == (True, before.tables)


@pytest.mark.parametrize("stamp", [b"", b"{", b"[]", b'{"inputs":1}', b"\xff\x00"])
def test_a_broken_stamp_counts_as_none(folder: DemoFolder, stamp: bytes) -> None:
    assert fits(folder)
    (folder.data / _stamp.NAME).write_bytes(stamp)
    assert not fits(folder)


def test_a_broken_stamp_is_mended_by_the_next_start(folder: DemoFolder) -> None:
    (folder.data / _stamp.NAME).write_bytes(b"{")
    done = folder.run("demo", "--no-serve", "--data-dir", str(folder.data))
    assert done.returncode == 0, done.stderr
    assert "tables ready" in done.stdout
    assert fits(folder)
    again = folder.run("demo", "--no-serve", "--data-dir", str(folder.data))
    assert "tables ready" not in again.stdout
    assert "演示已在 kept" in again.stdout


def test_another_database_in_its_place_is_noticed(folder: DemoFolder) -> None:
    folder.ask("DELETE FROM django_migrations WHERE app = 'funds'")
    assert not fits(folder)


@pytest.mark.sqlite
def test_a_missing_database_or_static_folder_is_noticed(folder: DemoFolder) -> None:
    (folder.data / _stamp.COLLECTED).unlink()
    assert not fits(folder)
    _stamp.write(folder.data, _stamp.inputs())
    assert not fits(folder)  # nothing to vouch for
    for path in folder.data.glob("shanhai.sqlite3*"):
        path.unlink()
    assert _stamp.applied(folder.data) is None


def test_a_server_refuses_a_ledger_whose_anchor_does_not_hold(folder: DemoFolder) -> None:
    for path in folder.anchors.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            path.write_bytes(b"nonsense")
    command = [sys.executable, "-m", "shanhai.cli", "serve", "--data-dir", str(folder.data)]
    done = subprocess.run(
        [*command, "--port", str(free_port())],
        env=folder.environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "anchor." in done.stderr
    assert "Traceback" not in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_start_says_when_it_serves_and_what_it_took(folder: DemoFolder) -> None:
    port = free_port()
    command = [sys.executable, "-u", "-m", "shanhai.cli", "demo", "--data-dir", str(folder.data)]
    with subprocess.Popen(
        [*command, "--port", str(port)], env=folder.environ, stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout is not None
            said = [next(running.stdout) for _ in range(4)]
            assert said[0].startswith("演示已在 kept")
            assert "已启动 serving" in said[3]
            assert "CPU" in said[3]
            assert answers(f"http://127.0.0.1:{port}/healthz")
        finally:
            running.terminate()


def answers(url: str) -> bool:
    for _ in range(50):
        try:
            with urllib.request.urlopen(url, timeout=30) as found:  # noqa: S310 - our own server
                return bool(found.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    return False
