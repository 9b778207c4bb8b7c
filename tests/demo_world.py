"""The loaded demonstration for tests: one build a session, cheap copies, a server, Django's client.

    def test_reading(demo_site):              # a server all tests of a worker share: only read
        page.goto(demo_site.url + "/funds/")

    def test_writing(demo_server):            # a server on a copy of its own
        page.goto(demo_server.url + "/demo")  # choose a role, act, fast-forward

    def test_a_view(demo_db):                 # Django's ORM, client and node on a copy of its own
        client = demo_db.client("finance")    # signed in as one of the cast (`domains/demo/cast.py`)
        demo_db.stage().do("owner", ...)      # act with the cast's keys
        demo_db.project("road")               # id of a project of the story, by its name there

    def test_a_command(demo_folder):          # a data folder of its own, nothing running
        run("shanhai", "verify", ..., env=demo_folder.environ)

The template is built by `shanhai demo --no-serve` in a process of its own, the first time a worker asks;
the others wait for it (a file lock beside the run's temporary folder). `demo_db` and `demo_site` share the
story's documents (`files/`), whose content is named by hash: a test may add, and damages none; one that
damages asks for `demo_folder` or `demo_server`, which copy them. On PostgreSQL (`make test-postgres`) the story is
a database that the others are copies of.
"""

import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import databases

if TYPE_CHECKING:
    from django.test import Client

    from shanhai.domains.demo.stage import Stage

PORTS = range(18_810, 18_850)
"""Where test servers listen: passkeys sign for these origins, so genesis names them."""
WAIT_S = 60
FOREIGN = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SHANHAI_DEBUG", "SHANHAI_STATIC", "PORT"}
"""What a command under test must not take over from the test run."""


class DemoFolder(NamedTuple):
    """A data folder with the demonstration, and the environment in which its anchor is its own."""

    data: Path
    anchors: Path
    database: str = ""
    """Address of its PostgreSQL database; "" is the SQLite file in the folder."""

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment for commands on this folder."""
        kept = {k: v for k, v in os.environ.items() if k not in FOREIGN}
        named = {"SHANHAI_DATA_DIR": str(self.data), "SHANHAI_ANCHORS": str(self.anchors)}
        return kept | named | databases.environ_of(self.database) | {"SHANHAI_LOG": "ERROR"}

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement on the folder's database, whichever it is, and return what it answers."""
        if self.database:
            return databases.rows(self.database, statement)
        with closing(sqlite3.connect(self.data / "shanhai.sqlite3")) as database, database:
            return database.execute(statement).fetchall()

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a `shanhai` command on this folder."""
        command = [sys.executable, "-m", "shanhai.cli", *arguments]
        return subprocess.run(
            command, env=self.environ, capture_output=True, text=True, check=False
        )


class DemoSite(NamedTuple):
    """A running server."""

    url: str
    folder: DemoFolder


def copied(template: DemoFolder, root: Path, linked: tuple[str, ...] = ("static",)) -> DemoFolder:
    """Copy a folder: what is `linked` is the template's, the rest its own; `dropped` gives its database back."""
    database = databases.create(template.database) if template.database else ""
    made = DemoFolder(root / "data", root / "anchors", database)
    shutil.copytree(template.data, made.data, ignore=shutil.ignore_patterns(*linked))
    shutil.copytree(template.anchors, made.anchors)
    for name in linked:
        (made.data / name).symlink_to(template.data / name)
    return made


@contextmanager
def dropped(folder: DemoFolder) -> Iterator[DemoFolder]:
    """Use a folder for a block; its database goes with the block, the folder with the run."""
    try:
        yield folder
    finally:
        databases.drop(folder.database)


LINKED = ("static", "files")
"""The story's thousand documents too, for tests that only add to them."""


def build(root: Path) -> DemoFolder:
    """Load the demonstration into an empty folder."""
    made = DemoFolder(root / "data", root / "anchors", databases.create())
    origins = [part for port in PORTS for part in ("--origin", f"http://localhost:{port}")]
    done = made.run("demo", "--no-serve", "--data-dir", str(made.data), *origins)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    """Return the folder that everything is copied from; never written to."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root = shared / "demo-template"
    with (shared / "demo-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "built").exists():
            shutil.rmtree(root, ignore_errors=True)
            (root / "built").write_text(build(root).database)
    return DemoFolder(root / "data", root / "anchors", (root / "built").read_text())


@pytest.fixture
def demo_folder(demo_template: DemoFolder, tmp_path: Path) -> Iterator[DemoFolder]:
    """Return a copy of the test's own."""
    with dropped(copied(demo_template, tmp_path / "demo")) as folder:
        yield folder


@contextmanager
def free_port(locks: Path) -> Iterator[int]:
    """Hold a port that no other worker's server takes."""
    locks.mkdir(parents=True, exist_ok=True)
    for port in PORTS:
        with (locks / str(port)).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    continue
            yield port
            return
    pytest.fail("no free port for a demonstration server")


@contextmanager
def serving(folder: DemoFolder) -> Iterator[DemoSite]:
    """Serve a folder until the block ends."""
    with free_port(Path(f"/tmp/shanhai-test-ports-{os.getuid()}")) as port:  # noqa: S108 - locks between runs
        log = folder.data.parent / "server.log"
        command = [sys.executable, "-m", "shanhai.cli", "serve", "--port", str(port)]
        with log.open("w") as out:
            server = subprocess.Popen(command, env=folder.environ, stdout=out, stderr=out)
        try:
            site = DemoSite(f"http://localhost:{port}", folder)
            _wait_for(site, server, log)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=WAIT_S)


def _wait_for(site: DemoSite, server: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + WAIT_S
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{site.url}/healthz", timeout=5) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
    pytest.fail(f"the server did not answer:\n{log.read_text()}")


@pytest.fixture
def demo_server(demo_folder: DemoFolder) -> Iterator[DemoSite]:
    """Serve a copy of the test's own."""
    with serving(demo_folder) as site:
        yield site


@pytest.fixture(scope="session")
def demo_site(
    demo_template: DemoFolder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoSite]:
    """Serve one copy for every test of this worker that only reads."""
    root = tmp_path_factory.mktemp("demo-site") / "demo"
    with dropped(copied(demo_template, root, LINKED)) as folder, serving(folder) as site:
        yield site


class DemoDatabase:
    """The demonstration behind Django's own connection."""

    def __init__(self, folder: DemoFolder) -> None:
        self.folder = folder

    def stage(self) -> "Stage":
        """Return the cast on this ledger, now."""
        from shanhai.domains.demo.door import stage  # noqa: PLC0415 - Django is ready only now

        return stage()

    def client(self, part: str = "") -> "Client":
        """Return a client: of the public, or signed in as a part of the cast in that part's post."""
        from django.test import Client  # noqa: PLC0415 - as above

        client = Client()
        if part:
            actors = self.stage().actors
            client.force_login(self._user(actors.persons[part].id, part))
            session = client.session
            session["post"] = actors.posts[part].id
            session.save()
        return client

    def _user(self, person: str, part: str) -> Any:
        from shanhai.domains.accounts.selectors import account_of_person  # noqa: PLC0415 - as above
        from shanhai.domains.accounts.services import account_open  # noqa: PLC0415 - as above
        from shanhai.domains.demo.cast import CAST, name_of  # noqa: PLC0415 - as above

        found = account_of_person(person)
        if found is not None:
            return found.user
        name = next(name_of(one) for one in CAST if one.name == part)
        return account_open(person=person, name=name, username=part, password="")

    def project(self, name: str) -> str:
        """Return the id of a project by its name in `domains/demo/story/proposals.py`."""
        from shanhai.acts.project import Project  # noqa: PLC0415 - as above
        from shanhai.domains.demo.story.proposals import PROPOSALS  # noqa: PLC0415 - as above
        from shanhai.domains.rows import row_of  # noqa: PLC0415 - as above

        titled = f"{PROPOSALS[name].name}（模拟）"
        return str(row_of(Project).objects.values_list("id", flat=True).get(name=titled))


@pytest.fixture
def demo_db(
    demo_template: DemoFolder,
    tmp_path: Path,
    django_db_blocker: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DemoDatabase]:
    """Put a copy behind Django's connection for one test; do not ask for `db` beside it."""
    folder = copied(demo_template, tmp_path / "demo", LINKED)
    settings.DATA_DIR = folder.data
    settings.MEDIA_ROOT = folder.data / "files"
    monkeypatch.setenv("SHANHAI_ANCHORS", str(folder.anchors))
    name = databases.name_of(folder.database) or str(folder.data / "shanhai.sqlite3")
    with dropped(folder), django_db_blocker.unblock(), _fresh_names(), connected_to(name):
        yield DemoDatabase(folder)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection of this thread be to another database for a block."""
    from django.db import connection  # noqa: PLC0415 - settings come first

    kept = connection.connection, connection.settings_dict["NAME"]
    connection.connection = None
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = kept


@contextmanager
def _fresh_names() -> Iterator[None]:
    from shanhai.domains import names  # noqa: PLC0415 - settings come first

    forget: list[Callable[[], None]] = [names._regions.cache_clear, names.region.cache_clear]  # noqa: SLF001 - caches of a folder that is no more
    for clear in forget:
        clear()
    yield
    for clear in forget:
        clear()
