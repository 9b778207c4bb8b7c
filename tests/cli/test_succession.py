"""A witnessed ledger by its commands: policy in genesis, closes, a successor, and what a verifier says of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from demo_world import FOREIGN
from node.witness.network import NAMES, identity
from shanhai.acts.witness_policy import policies_of
from shanhai.cli.main import app
from shanhai.ledger.policy import Policy, parse_policy
from shanhai.node.export import serve
from shanhai.node.folder import log_signer, open_storage
from shanhai.node.founders import EXAMPLE
from shanhai.node.founding import constants_of
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer
from shanhai.node.witness.desk import Desk
from shanhai.node.witness.folder import gathering, make_identity, open_mirror
from shanhai.node.witness.http import Answer, Client, Post, Read, server, started
from shanhai.node.witness.mirror import Mirror
from shanhai.node.witness.round import run_round

NOW = 1_795_000_000_000


class Site:
    """A folder's sequencer, opened anew for every request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _open(self) -> Node:
        storage = open_storage(self.folder, {})
        head = storage.head()
        assert head is not None
        return Node(storage, constants_of(storage, head.ledger))

    def read(self, path: str) -> Answer | None:
        """Answer as the pages do."""
        node, sealer = self._open(), Sealer(log_signer(self.folder), None)
        found = gathering(self.folder, policies_of(node.storage, node.constants.ledger))
        assert found is not None
        name = path.removeprefix("/ledger/")
        if name == "final":
            raw = found.final()
            return Answer(200, raw) if raw else None
        if name == "checkpoint":
            size = node.head().size
            return Answer(200, found.offered(size, lambda: sealer.checkpoint(node), NOW))
        served = serve(node, sealer, name)
        return Answer(200, served.body) if served is not None else None

    def post(self, _path: str, raw: bytes) -> Answer:
        """Take a cosignature."""
        node = self._open()
        found = gathering(self.folder, policies_of(node.storage, node.constants.ledger))
        assert found is not None
        found.take(raw, node.root_at, node.head().size)
        return Answer(200, b"")


@contextmanager
def listening(read: Read, post: Post) -> Iterator[str]:
    made = server("127.0.0.1", 0, read, post)
    thread = started(made)
    try:
        yield f"http://127.0.0.1:{made.server_address[1]}"
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def policy_file(path: Path) -> Path:
    lines = ["faults = 1", 'log = ""']
    for n in range(4):
        vkey = identity(n).vkey.line
        lines += ["[[domain]]", f'name = "{NAMES[n]}"', "[[domain.witness]]", f'vkey = "{vkey}"']
    path.write_text("\n".join(lines) + "\n")
    return path


class Place:
    """Folders, anchors and commands of one test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        self.environ = kept | {"SHANHAI_ANCHORS": str(root / "anchors"), "SHANHAI_LOG": "ERROR"}

    def run(self, *arguments: str | Path) -> str:
        """Run a command in a process of its own."""
        command = [sys.executable, "-m", "shanhai.cli", *map(str, arguments)]
        done = subprocess.run(
            command, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def said(self, *arguments: str | Path) -> str:
        """Run a command that loads no Django, here."""
        done = CliRunner().invoke(app, [str(one) for one in arguments], env=self.environ)
        assert done.exit_code == 0, done.output
        return done.output.strip().splitlines()[-1]

    def mirrors(self, policy: Policy) -> list[Mirror]:
        """Open the four mirrors, each with a key of its own."""
        made = []
        for n in range(4):
            folder = self.root / f"m{n}"
            me = make_identity(folder, identity(n).name, "intl", bytes([70 + n]) * 32)
            made.append(open_mirror(folder, policy, me, self.environ))
        return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    policy_file(tmp_path / "policy.toml")
    founders = EXAMPLE.replace("# witnesses =", "witnesses =")
    (tmp_path / "founders.toml").write_text(founders, encoding="utf-8")
    made.run(
        "ledger", "init", "--data-dir", tmp_path / "old", "--founders", tmp_path / "founders.toml"
    )
    root = made.run("ledger", "policy", "--data-dir", tmp_path / "old")
    (tmp_path / "root.toml").write_text(root, encoding="utf-8")
    return made


def follow(url: str, mirrors: list[Mirror]) -> list[str]:
    """Run two rounds of each mirror and return what was refused in the second."""
    client = Client(url)
    try:
        for one in mirrors:
            run_round(one, client.sequencer, {}, NOW)
        done = [run_round(one, client.sequencer, {}, NOW).refused for one in mirrors]
    finally:
        client.close()
    return [one.code if one is not None else "" for one in done]


def succeed(place: Place, mirrors: list[Mirror], successor: str) -> str:
    """Close by three, fetch from the fourth, and enter the succession; return what the command said."""
    root = place.root
    files: list[str | Path] = []
    for n in range(3):
        path = root / f"close{n}.json"
        said = place.said(
            *("mirror", "close", "--policy", root / "root.toml", "--data-dir", root / f"m{n}"),
            *("--successor", successor),
        )
        assert json.loads(said)["successor"] == successor
        path.write_text(said + "\n")
        files += ["--close", path]
    shutil.copy(root / "old/keys/founders/node", root / "new/keys/node")
    desk = Desk(root / "m3", mirrors[3])
    with listening(desk.read, desk.post) as url:
        return place.run(
            *("ledger", "succeed", "--data-dir", root / "new", "--from", url),
            *("--policy", root / "root.toml", "--reason", "模拟：原运行单位停机", *files),
        )


def test_a_successor_goes_on_with_the_log(place: Place) -> None:
    root = place.root
    policy = parse_policy((root / "root.toml").read_bytes())
    assert (policy.quorum, policy.ledger != "") == (3, True)
    mirrors, old, new = place.mirrors(policy), Site(root / "old"), Site(root / "new")
    with listening(old.read, old.post) as url:
        assert follow(url, mirrors) == [""] * 4
        successor = place.said(
            *("ledger", "key", "--data-dir", root / "new", "--origin", "example.org/moni-2")
        )
        said = succeed(place, mirrors, successor)
        assert said.strip().endswith(successor)
        assert follow(url, mirrors)[:3] == ["witness.closed"] * 3
    with listening(new.read, new.post) as url:
        assert follow(url, mirrors[:3]) == [""] * 3
        assert new.read("/ledger/final") is not None
    log = root / "new.log"
    place.run("ledger", "export", "--data-dir", root / "new", log)
    told = place.run("verify", log, "--policy", root / "root.toml")
    assert "origin example.org/moni-2" in told
    assert "NOT-FINAL" in told  # the log file bears the successor's line alone
