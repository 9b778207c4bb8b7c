"""`backup`, `restore` and `erase` on a small real folder, each command a process of its own as an operator runs it."""

import os
import resource
import secrets
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from shanhai.acts.machine import Post
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role
from shanhai.cli.ledger import clock
from shanhai.cli.main import app
from shanhai.kernel.ids import new_id
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.client import Officer, draft, sign
from shanhai.node.folder import open_node
from shanhai.node.founders import EXAMPLE
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import table_of

FILL = """
from shanhai.cli import _django; _django.ready(None)
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.desk import mark
from shanhai.domains.book.handle import node
from shanhai.domains.files.services import document_keep
from shanhai.domains.vault.services import values_seal
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
for who in ("one", "two"):
    values_seal(mark=mark(), object_id=f"rec-{who}", committer="per-clerk", values={"name": f"模拟人{who}"},
                person=f"per-{who}")
document_keep(actor=Actor(person='per-one'), name="a.pdf", data=b"%PDF-1.7 simulated", suite=node().constants.suite.name, now_ms=5)
User.objects.create_user("jia", password="not-a-secret-here")
SessionStore().create()
"""
ROOM_BYTES = 4 << 20
"""Of one file, on a disk that fills."""
FOUNDERS = 3
"""Their names are in the vault from the start."""
pytestmark = pytest.mark.sqlite  # test_postgres.py moves a ledger to PostgreSQL and back
SETTINGS = ("DATABASE_URL", "SHANHAI_DATA_DIR", "DJANGO_SETTINGS_MODULE", "SHANHAI_STATIC")

WITNESSED = ("witnesses.toml", "witness/final", "witness/gathered/000000000000002")
"""What a witnessed sequencer keeps beside its database."""


class Site(NamedTuple):
    """A data folder, with anchors, cupboard and backups beside it."""

    root: Path

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.root / "data"

    @property
    def backup(self) -> Path:
        """Return the backup made of it."""
        return self.root / "backup.shanhai"

    def environ(self, data: Path | None = None) -> dict[str, str]:
        """Return the environment of its commands."""
        kept = {k: v for k, v in os.environ.items() if k not in SETTINGS}
        return kept | {
            "SHANHAI_ANCHORS": str(self.root / "anchors"),
            "SHANHAI_CUPBOARD": str(self.root / "cupboard"),
            "SHANHAI_DATA_DIR": str(data or self.data),
            "SHANHAI_LOG": "ERROR",
        }

    def run(
        self, *words: object, before: Callable[[], None] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command, after something in its process."""
        command = [sys.executable, "-m", "shanhai.cli", *map(str, words)]
        return self._done(command, self.environ(), before)

    def script(self, text: str, data: Path | None = None) -> str:
        """Run a script with Django on a folder and return what it printed."""
        done = self._done([sys.executable, "-c", text], self.environ(data))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _done(
        self, command: list[str], environ: dict[str, str], before: Callable[[], None] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, env=environ, capture_output=True, text=True, check=False, preexec_fn=before
        )

    def act(self, data: Path | None = None) -> int:
        """Register an organisation with the founding registrar's key; return the ledger's size."""
        book = open_node(data or self.data, clock(data or self.data), self.environ())
        seed = bytes.fromhex((self.data / "keys/founders/registrar").read_text())
        storage = book.storage
        assert isinstance(storage, SqlStorage)
        posts = (storage.find(Post, row[0]) for row in storage.rows(table_of(Post)))
        post = next(one.id for one in posts if one is not None and one.role is Role.REGISTRAR)
        officer, now = Officer(post, Ed25519Signer(seed)), clock(self.data)(False)  # noqa: FBT003 - the node's signature
        made = RegisterOrganisation(
            name="模拟合作社",
            kind=OrganisationKind.COOPERATIVE,
            region="510722",
            code=secrets.token_hex(9),
        )
        subject = new_id("org", now, secrets.token_bytes(10))
        body = draft(
            book.constants,
            storage,
            officer,
            made,
            subject,
            made_ms=now,
            nonce=secrets.token_bytes(16),
        )
        outcome = book.submit(sign(body, officer.signer), now)
        assert outcome.accepted, outcome.refusals
        storage.connection.close()
        assert outcome.receipt is not None
        return outcome.receipt.index + 1


@pytest.fixture
def site(template: Site, tmp_path: Path) -> Site:
    """Return a copy of the test's own."""
    shutil.copytree(template.root, tmp_path / "site")
    return Site(tmp_path / "site")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a folder with a ledger, two persons in the vault, a document, an account, and its backup."""
    made = Site(tmp_path_factory.mktemp("backup"))
    founders = made.root / "founders.toml"
    founders.write_text(EXAMPLE)
    done = made.run("ledger", "init", "--data-dir", made.data, "--founders", founders)
    assert done.returncode == 0, done.stderr
    made.script(FILL)
    made.act()
    (made.data / "imports").mkdir()
    (made.data / "imports/模拟 表.xlsx").write_bytes(b"simulated")
    (made.data / "witness/gathered").mkdir(parents=True)
    for name in WITNESSED:
        (made.data / name).write_bytes(b"simulated")
    done = made.run("backup", "--data-dir", made.data, made.backup)
    assert done.returncode == 0, done.stderr
    assert "1 documents" in done.stdout
    assert ", verified, " in done.stdout
    return made


def rows(folder: Path) -> dict[str, list[str]]:
    """Return every table's rows; a restore makes tables at once, so columns stand in another order."""
    with sqlite3.connect(folder / "shanhai.sqlite3") as database:
        database.row_factory = sqlite3.Row
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        found = {
            one: sorted(repr(sorted(dict(row).items())) for row in database.execute(select(one)))
            for (one,) in database.execute(named)
        }
    database.close()
    return found


def select(table: str) -> str:
    return f'SELECT * FROM "{table}"'  # noqa: S608 - a table of ours


def restored(site: Site, name: str, *more: object) -> "subprocess.CompletedProcess[str]":
    return site.run("restore", site.backup, "--data-dir", site.root / name, *more)


def test_a_restore_brings_back_every_row_and_file_but_no_session(site: Site) -> None:
    done = restored(site, "whole")
    assert done.returncode == 0, done.stderr
    before, after = rows(site.data), rows(site.root / "whole")
    assert before.pop("django_session")
    assert not after.pop("django_session")
    for name in ("django_migrations", "files_reading", "files_mention"):
        before.pop(name)
        after.pop(name)
    assert after == before
    whole = site.root / "whole"
    for name in (*WITNESSED, "imports/模拟 表.xlsx", "keys/log", "keys/vault", "keys/secret"):
        assert (whole / name).read_bytes() == (site.data / name).read_bytes()
    assert len([one for one in (whole / "files").rglob("*") if one.is_file()]) == 1
    assert site.act(whole) == 3


def test_no_key_is_in_a_backup(site: Site) -> None:
    with sqlite3.connect(site.data / "shanhai.sqlite3") as database:
        wraps = [bytes(one) for (one,) in database.execute("SELECT wrapped FROM vault_record")]
    database.close()
    keys = [one.read_bytes().strip() for one in (site.data / "keys").rglob("*") if one.is_file()]
    with zipfile.ZipFile(site.backup) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    assert len(wraps) == 2 + FOUNDERS
    assert not [one for one in (*keys, *wraps) if one in inside or one.hex().encode() in inside]


def vault(folder: Path) -> list[tuple[str, bool]]:
    """Return each record of the vault with a value, but the founders' names, and whether its key is here."""
    with sqlite3.connect(folder / "shanhai.sqlite3") as database:
        asked = """SELECT object_id, length(wrapped) > 0 FROM vault_record JOIN vault_value ON record_id = object_id
                 WHERE object_id LIKE 'rec-%'"""
        found = sorted((name, bool(open_)) for name, open_ in database.execute(asked))
    database.close()
    return found


def test_what_was_erased_stays_erased_after_a_restore(site: Site) -> None:
    assert vault(site.data) == [("rec-one", True), ("rec-two", True)]
    assert site.run("erase", "per-one", "--data-dir", site.data).stdout.startswith("1 records")
    assert vault(site.data) == [("rec-two", True)]
    persons = next((site.root / "cupboard").glob("*/persons")).read_text()
    assert ("rec-one" in persons, "rec-two" in persons) == (False, True)
    done = restored(site, "again")
    assert "1 records erased again" in done.stdout, done.stderr
    assert vault(site.root / "again") == [("rec-two", True)]


def test_without_the_cupboard_personal_data_stays_closed_and_the_operator_is_told(
    site: Site,
) -> None:
    shutil.rmtree(site.root / "cupboard")
    done = restored(site, "bare")
    assert done.returncode == 0, done.stderr
    assert f"{2 + FOUNDERS} records closed" in done.stdout
    assert "holds no log, vault: copy the keys to" in done.stdout
    assert vault(site.root / "bare") == [("rec-one", False), ("rec-two", False)]


def command(site: Site, monkeypatch: pytest.MonkeyPatch, *words: object) -> tuple[int, str]:
    """Run a command that is refused before it loads Django, in this process."""
    for name, value in site.environ().items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, [*map(str, words)])
    return done.exit_code, done.output


def test_a_spoilt_backup_and_a_full_target_are_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = site.root / "target"
    whole = site.backup.read_bytes()
    for spoilt in (
        whole[:-1],
        whole[: len(whole) // 2],
        b"",
        whole + b"x",
        whole.replace(b"a", b"b", 1),
    ):
        site.backup.write_bytes(spoilt)
        code, said = command(site, monkeypatch, "restore", site.backup, "--data-dir", target)
        assert (code, said.partition(":")[0]) == (1, "backup.damaged")
    code, said = command(site, monkeypatch, "restore", site.root / "none", "--data-dir", target)
    assert (code, said.partition(":")[0]) == (1, "backup.unreadable")
    site.backup.write_bytes(whole)
    code, said = command(site, monkeypatch, "restore", site.backup, "--data-dir", site.data)
    assert (code, said.partition(":")[0]) == (1, "restore.not_empty")
    code, said = command(site, monkeypatch, "restore", site.backup, "--data-dir", site.backup)
    assert (code, said.partition(":")[0]) == (1, "restore.not_empty")
    assert not target.exists()


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))


def test_a_disk_that_fills_leaves_no_half_of_anything_and_says_what_to_do(site: Site) -> None:
    (site.data / "imports/large.xlsx").write_bytes(os.urandom(2 * ROOM_BYTES))
    late, target = site.root / "late.shanhai", site.root / "target"
    done = site.run("backup", "--data-dir", site.data, late, before=_limited)
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "machine.full")
    assert "磁盘已满" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(site.root.glob("late*"))
    assert site.run("backup", "--data-dir", site.data, late).returncode == 0
    done = site.run("restore", late, "--data-dir", target, before=_limited)
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "machine.full")
    assert not list(site.root.glob("target*"))
    assert site.run("restore", late, "--data-dir", target).returncode == 0


def test_a_folder_that_is_not_there_is_named(site: Site) -> None:
    done = site.run("backup", "--data-dir", site.data, site.root / "gone/late.shanhai")
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "machine.path")
    assert "请核对路径" in done.stderr


def test_an_older_state_than_the_anchor_is_refused_until_an_epoch_names_the_loss(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.act() == 3
    old, log, asked = (
        site.root / "old",
        site.root / "old.log",
        ("restore", site.backup, "--data-dir"),
    )
    code, said = command(site, monkeypatch, *asked, old)
    assert code == 1
    assert "loses 1 entries from 2 on" in said
    code, said = command(site, monkeypatch, *asked, old, "--override", " ")
    assert (code, said.partition(":")[0]) == (1, "restore.reason")
    assert not old.exists()
    done = restored(site, "old", "--override", "模拟：机房失火")
    assert done.returncode == 0, done.stderr
    assert "entries 2 to 2 are lost" in done.stdout
    code, said = command(site, monkeypatch, "ledger", "export", "--data-dir", old, log)
    assert code == 0, said
    (anchor,) = (one for one in (site.root / "anchors").iterdir() if len(one.name) == 64)
    code, said = command(site, monkeypatch, "verify", log, "--anchor", anchor)
    assert code == 0, said
    assert "EPOCH 新纪元 at entry 2: 1 entries are lost" in said
    assert "模拟：机房失火" in said
    assert site.act(old) == 4
    (aside,) = (site.root / "anchors").glob("*.before-epoch-at-2")
    assert command(site, monkeypatch, "verify", log, "--anchor", aside)[0] == 1


def test_a_damaged_document_is_named_and_the_backup_is_made_all_the_same(site: Site) -> None:
    (paper,) = (one for one in (site.data / "files").rglob("*") if one.is_file())
    paper.write_bytes(b"rot")
    done = site.run("backup", "--data-dir", site.data, site.root / "later")
    assert done.returncode == 1
    assert f"damaged {paper.name}" in done.stdout
    again = site.run("restore", site.root / "later", "--data-dir", site.root / "again")
    assert again.returncode == 0, again.stderr
    assert f"damaged {paper.name}" in again.stdout
