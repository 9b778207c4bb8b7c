"""`shanhai account`: a founder of a real ledger gets a sign-in; nobody else does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import databases
from demo_world import FOREIGN
from shanhai.kernel.canonical import encode
from shanhai.ledger.commitment import GENESIS_LEDGER, make_opening

FOUNDERS = """
name = "账本"
origin = "example.org/accounts"
[organisations.office]
name = "登记中心"
kind = "government"
region = "000000"
[persons.registrar]
organisation = "office"
name = "甲"
posts = [{ role = "registrar", region = "000000" }]
[persons.admin]
organisation = "office"
name = "乙"
posts = [{ role = "admin", region = "000000" }]
"""


class Folder:
    """A real ledger, founded by commands."""

    def __init__(self, root: Path, database: str) -> None:
        kept = {k: v for k, v in os.environ.items() if k not in FOREIGN}
        kept |= databases.environ_of(database)
        self.environ = kept | {"SHANHAI_ANCHORS": str(root / "anchors")}
        self.data = root / "data"
        (root / "founders.toml").write_text(FOUNDERS, encoding="utf-8")
        founded = self.run("ledger", "init", "--founders", str(root / "founders.toml"))
        assert founded.returncode == 0, founded.stderr
        words = [line.split() for line in founded.stdout.splitlines()]
        self.registrar = next(line[1] for line in words if line[0] == "registrar")
        self.admin = next(line[1] for line in words if line[0] == "admin")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command on the folder."""
        command = [sys.executable, "-m", "shanhai.cli", *arguments, "--data-dir", str(self.data)]
        return subprocess.run(
            command, env=self.environ, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    with databases.lent() as database:
        yield Folder(tmp_path_factory.mktemp("accounts"), database)


def test_a_founder_gets_one_account_and_a_new_password(folder: Folder) -> None:
    opening = ("account", "open", folder.registrar, "--username", "jia", "--name", "甲")
    opened = folder.run(*opening)
    assert opened.returncode == 0, opened.stderr
    user, password = opened.stdout.splitlines()[0].split()
    assert user == "jia"
    assert len(password) >= 12
    again = folder.run("account", "password", "jia")
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines()[0].split()[1] != password
    refused = folder.run(*opening)
    assert refused.returncode == 1
    assert "account.exists" in refused.stderr


def test_persons_and_users_that_nobody_knows_get_none(folder: Folder) -> None:
    nobody = folder.run("account", "open", "per000", "--username", "yi", "--name", "乙")
    assert nobody.returncode == 1
    assert "account.nobody" in nobody.stderr
    unknown = folder.run("account", "password", "yi")
    assert unknown.returncode == 1
    assert "account.unknown" in unknown.stderr


def test_founders_names_are_in_the_vault(folder: Folder, tmp_path: Path) -> None:
    """Founding leaves no opening in the folder; the vault opens every name, with the salt it was committed with."""
    assert not list((folder.data / "keys/founders").glob("*.opening"))
    written = folder.run("ledger", "openings", str(tmp_path / "o"))
    assert "2 openings of 2 commitments" in written.stdout
    assert "0 missing" in written.stdout


def test_openings_brought_later_are_kept_at_the_next_account(folder: Folder) -> None:
    """A network is founded before there is a folder: its openings are brought to keys/founders."""
    made = make_opening(GENESIS_LEDGER, folder.admin, folder.admin, "name", "乙", bytes(32))
    brought = folder.data / "keys/founders/admin.opening"
    brought.write_bytes(encode(made) + b"\n")
    opened = folder.run("account", "open", folder.admin, "--username", "yi", "--name", "乙")
    assert opened.returncode == 0, opened.stderr
    assert not brought.exists()
