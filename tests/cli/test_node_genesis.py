"""Four organisations found a consortium by hand: what each hands over makes seats and the witnesses' policy."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from shanhai.acts.genesis import Genesis
from shanhai.acts.witness_policy import policy_of
from shanhai.cli.main import app
from shanhai.kernel.canonical import from_base64
from shanhai.ledger.body import parse_body
from shanhai.ledger.checkpoint import parse_vkey
from shanhai.ledger.policy import written
from shanhai.node.founders import EXAMPLE

NAMES = ("东部省", "西部省", "audit", "bank")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def members(folder: Path) -> list[Path]:
    """Let four organisations make their nodes; return what they hand over."""
    for at, name in enumerate(NAMES):
        made = ["node", "init", "--data-dir", str(folder / name), "--name", name]
        code, said = run(*made, "--address", f"127.0.0.1:{26656 + at}", "--url", f"https://n{at}/")
        assert code == 0, said
    return [folder / name / "member.json" for name in NAMES]


def founded(folder: Path, given: list[Path], text: str = EXAMPLE) -> Genesis:
    """Sign the genesis and return it."""
    (folder / "founders.toml").write_text(text, encoding="utf-8")
    words = [word for path in given for word in ("--member", str(path))]
    asked = ["node", "genesis", "--founders", str(folder / "founders.toml"), *words]
    code, said = run(*asked, "--out", str(folder / "genesis.json"), "--keys", str(folder / "keys"))
    assert code == 0, said
    content: dict[str, Any] = msgspec.json.decode((folder / "genesis.json").read_bytes())
    body = parse_body(from_base64(content["app_state"]["body"]))
    return msgspec.json.decode(body.payload, type=Genesis)


def test_genesis_holds_the_policy_of_its_nodes(tmp_path: Path) -> None:
    made = founded(tmp_path, members(tmp_path))
    (held,) = made.witnesses
    policy = policy_of(held, "")
    assert [one.name for one in policy.domains] == list(NAMES)
    assert (policy.faults, policy.quorum, policy.together) == (1, 3, True)
    assert [one.url for one in policy.witnesses] == [f"https://n{at}" for at in range(4)]
    assert len(policy.logs) == 4
    node = str(tmp_path / NAMES[2])
    assert (
        run("node", "join", "--data-dir", node, "--genesis", str(tmp_path / "genesis.json"))[0] == 0
    )


def test_founders_may_group_nodes_into_failure_domains(tmp_path: Path) -> None:
    given = members(tmp_path)
    lines = [msgspec.json.decode(path.read_bytes())["cosigner"] for path in given]
    domains = [(f"d{at}", line) for at, line in enumerate(lines)]
    text = 'log = ""\nfaults = 1\n' + "".join(
        f'[[domain]]\nname = "{name}"\n[[domain.witness]]\nvkey = "{line}"\n'
        for name, line in domains
    )
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    named = EXAMPLE.replace('# witnesses = "policy.toml"', 'witnesses = "policy.toml"')
    (held,) = founded(tmp_path, given, named).witnesses
    policy = policy_of(held, "")
    assert [one.name for one in policy.domains] == ["d0", "d1", "d2", "d3"]
    assert policy.together
    assert parse_vkey(lines[0]).public_key == policy.log.public_key
    assert "d3" in written(policy)


def test_a_member_without_a_cosigning_key_leaves_the_ledger_without_a_policy(
    tmp_path: Path,
) -> None:
    given = members(tmp_path)
    old = msgspec.json.decode(given[3].read_bytes())
    del old["cosigner"]
    given[3].write_bytes(msgspec.json.encode(old))
    assert founded(tmp_path, given).witnesses == ()


@pytest.mark.parametrize("name", ["a b", "a+b", ""])
def test_a_name_that_no_note_carries_is_refused_before_anything_is_written(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "node"
    code, said = run(
        *("node", "init", "--data-dir", str(folder), "--name", name),
        *("--address", "127.0.0.1:26656"),
    )
    assert code != 0
    assert "plus" in said
    assert not folder.exists()


def test_a_node_consents_to_nothing_that_is_not_proposed(tmp_path: Path) -> None:
    members(tmp_path)
    code, said = run("node", "consent", "--data-dir", str(tmp_path / NAMES[0]), "wpo-unknown")
    assert code != 0
    assert said.strip()
