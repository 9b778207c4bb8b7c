"""`shanhai mirror --snapshot` against another mirror's HTTP server, as an operator runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from node.witness.network import Witnessing, identity
from node.witness.test_http import toml
from shanhai.acts import state
from shanhai.acts.roles import Role
from shanhai.cli.main import app
from shanhai.node.pictures import Album
from shanhai.node.recording import record
from shanhai.node.witness.desk import Desk
from shanhai.node.witness.folder import make_identity, open_mirror
from shanhai.node.witness.http import server, started
from shanhai.node.witness.round import run_round


def test_a_mirror_takes_its_copy_up_from_another_mirror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "FIRST", 16)
    monkeypatch.setenv("SHANHAI_ANCHORS", str(tmp_path / "anchors"))
    made, giver = Witnessing(4), tmp_path / "giver"
    site, now = made.site, made.now
    site.grow(0, 40)
    record(site.node, site.world.officers[Role.NODE], now, bytes)
    assert all(one.refused is None for one in [*made.rounds(), *made.rounds()])
    mirror = open_mirror(
        giver, made.policy, make_identity(giver, "giver.example", "intl", bytes(32))
    )
    run_round(mirror, site.sequencer, {}, now)
    assert Album(giver).renew(mirror.storage) is not None
    desk = Desk(giver, mirror)
    run = server("127.0.0.1", 0, desk.read, desk.post, desk.may_read)
    thread, taker = started(run), tmp_path / "taker"
    make_identity(taker, identity(0).name, "intl", bytes([70]) * 32)
    policy = tmp_path / "policy.toml"
    policy.write_text(toml(made.policy), encoding="utf-8")
    where = ["--policy", str(policy), "--data-dir", str(taker)]
    source = ["--from", f"http://127.0.0.1:{run.server_address[1]}"]
    said = CliRunner().invoke(app, ["mirror", *source, *where, "--snapshot", "--once"])
    shown = CliRunner().invoke(app, ["mirror", "status", *where, "--json"])
    again = CliRunner().invoke(app, ["mirror", *source, *where, "--snapshot", "--once"])
    run.shutdown()
    run.server_close()
    thread.join()
    mirror.storage.connection.close()  # type: ignore[attr-defined]  # a folder's copy is a database
    assert "42 条未由本镜像执行" in said.output, said.output
    assert json.loads(shown.output)["adopted"] == site.node.head().size
    assert again.exit_code == 1
    assert "snapshot.present" in again.output + str(again.exception)
