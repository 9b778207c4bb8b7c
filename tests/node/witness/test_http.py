"""The thin shell over sockets of this machine: a site, a mirror that follows it, and what it serves."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from node.witness.network import NAMES, Site, identity, policy_of
from shanhai.cli.main import app
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.policy import EXAMPLE, Policy, parse_policy
from shanhai.ledger.witness_receipt import check_receipt
from shanhai.node.witness.desk import Desk
from shanhai.node.witness.folder import make_identity, open_mirror
from shanhai.node.witness.http import Answer, Client, server, started
from shanhai.node.witness.round import run_round


def served(site: Site, path: str) -> Answer | None:
    """Answer as a sequencer's site does."""
    try:
        return Answer(200, site.get(path.removeprefix("/ledger/")))
    except InvalidInputError:
        return None


def posted(site: Site, path: str, raw: bytes) -> Answer:
    """Take cosignatures and acts as a sequencer's site does."""
    if path == "/api/acts":
        return Answer(200, b"{}")
    site.deliver(raw)
    return Answer(200, b"")


@pytest.fixture
def policy() -> Policy:
    return policy_of()


@pytest.fixture
def site(policy: Policy) -> Iterator[tuple[Site, str]]:
    made = Site(policy)
    made.grow(0, 5)
    run = server(
        "127.0.0.1", 0, lambda path: served(made, path), lambda p, raw: posted(made, p, raw)
    )
    thread = started(run)
    yield made, f"http://127.0.0.1:{run.server_address[1]}"
    run.shutdown()
    run.server_close()
    thread.join()


def toml(policy: Policy) -> str:
    lines = [f'log = "{policy.log.line}"', f"faults = {policy.faults}"]
    for domain in policy.domains:
        key = domain.witnesses[0].vkey.line
        lines += ["[[domain]]", f'name = "{domain.name}"', "[[domain.witness]]", f'vkey = "{key}"']
    return "\n".join(lines) + "\n"


@pytest.fixture
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHANHAI_ANCHORS", str(tmp_path / "anchors"))
    return tmp_path


def mirror(*arguments: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["mirror", *arguments])
    return done.exit_code, done.output.strip().splitlines()


def test_the_command_follows_cosigns_and_delivers(
    site: tuple[Site, str], policy: Policy, anchors: Path
) -> None:
    found, url = site
    file = anchors / "policy.toml"
    file.write_text(toml(policy))
    for number in range(3):
        folder = anchors / f"m{number}"
        make_identity(folder, identity(number).name, "intl", bytes([70 + number]) * 32)
        code, lines = mirror(
            *("--from", url, "--policy", str(file), "--data-dir", str(folder), "--once")
        )
        root = found.node.head().root.hex()
        assert (code, lines[-1]) == (0, f"mirror: 6 entries, root {root}, cosigned")
    assert found.gathering.final() is not None
    code, lines = mirror(
        *("status", "--policy", str(file), "--data-dir", str(anchors / "m0"), "--json")
    )
    state = json.loads(lines[-1])
    assert (code, state["cosigned_size"], state["domain"]) == (0, 6, NAMES[0])


def test_the_command_refuses_a_lie_with_exit_1(
    site: tuple[Site, str], policy: Policy, anchors: Path
) -> None:
    found, url = site
    found.lie = lambda _, raw: raw.replace("模拟合作社2".encode(), "模拟合作社9".encode())
    file = anchors / "policy.toml"
    file.write_text(toml(policy))
    arguments = ("--from", url, "--policy", str(file), "--data-dir", str(anchors / "m"), "--once")
    code, lines = mirror(*arguments)
    assert code == 1
    assert any(line.startswith("witness.altered: ") for line in lines)
    found.lie = lambda _, raw: raw
    code, lines = mirror(*arguments)
    assert code == 0  # a key that the policy does not list verifies
    assert lines[-1].endswith("verified")


def test_bad_arguments_are_said_in_words(anchors: Path) -> None:
    file = anchors / "policy.toml"
    more = ("--data-dir", str(anchors / "m"), "--once")
    code, lines = mirror("--from", "http://127.0.0.1:1", "--policy", str(file), *more)
    assert code == 1
    assert lines[0].startswith("mirror.policy: ")
    file.write_text(toml(policy_of()))
    code, lines = mirror("--from", "localhost:8000", "--policy", str(file), *more)
    assert code == 1
    assert lines[0].startswith("remote.url: ")
    code, lines = mirror("--from", "http://127.0.0.1:1", "--policy", str(file), *more)
    assert code == 1
    assert any(line.startswith("remote.unreachable: ") for line in lines)
    code, lines = mirror("status", "--policy", str(file), "--data-dir", str(anchors / "nobody"))
    assert code == 1


def test_a_key_is_made_once(anchors: Path) -> None:
    first = mirror("init", "--data-dir", str(anchors / "k"), "--name", "east.example")
    assert first[1][0].startswith("east.example+")
    assert mirror("init", "--data-dir", str(anchors / "k"), "--name", "other.example") == first
    sm = mirror("init", "--data-dir", str(anchors / "sm"), "--name", "sm.example", "--suite", "sm")
    assert sm[0] == 0
    assert mirror("init", "--data-dir", str(anchors / "x"), "--name", "a b")[0] == 1
    (anchors / "k/keys/witness").write_text("nonsense")
    assert mirror("init", "--data-dir", str(anchors / "k"), "--name", "east.example")[0] == 1


def test_the_example_has_the_documented_form() -> None:
    code, lines = mirror("example")
    assert (code, lines) == (0, EXAMPLE.strip().splitlines())
    with pytest.raises(InvalidInputError, match=r"note\.key"):
        parse_policy(EXAMPLE.encode())  # its keys are gaps to be filled; all else reads


def test_a_mirror_whose_policy_is_a_file_receipts_the_time_of_an_objection(
    site: tuple[Site, str], policy: Policy, anchors: Path
) -> None:
    found, url = site
    folder = anchors / "m0"
    me = make_identity(folder, identity(0).name, "intl", bytes([70]) * 32)
    one, client = open_mirror(folder, policy, me), Client(url)
    assert run_round(one, client.sequencer, {}, found.world.now).refused is None
    with pytest.raises(InvalidInputError, match=r"remote\.unreachable"):
        client.lodge(b"{}")  # this site has no such door
    client.close()
    desk, digest = Desk(folder, one), b"cd" * 32
    for said in (b'{"sha256":"%s"}', b'{"notice":"ntc-x","sha256":"%s"}'):
        answer = desk.post("/witness/objections", said % digest)
        assert answer is not None
        receipt = check_receipt(answer.body, me.vkey)
        assert (receipt.kind, receipt.id, receipt.due_ms) == ("objection", digest.decode(), 0)


def test_a_mirror_serves_its_copy_and_gives_receipts(
    site: tuple[Site, str], policy: Policy, anchors: Path
) -> None:
    found, url = site
    folder = anchors / "m0"
    me = make_identity(folder, identity(0).name, "intl", bytes([70]) * 32)
    one = open_mirror(folder, policy, me)
    client = Client(url)
    assert run_round(one, client.sequencer, {}, found.world.now).refused is None
    desk = Desk(folder, one)
    run = server("127.0.0.1", 0, desk.read, desk.post)
    thread = started(run)
    copy = Client(f"http://127.0.0.1:{run.server_address[1]}")
    try:
        assert copy.get("checkpoint") == one.newest()
        assert copy.get("vkey").decode().strip() == policy.log.line
        assert copy.get("tile/0/000.p/6") == client.get("tile/0/000.p/6")
        with pytest.raises(InvalidInputError, match="404"):
            copy.get("tile/0/000.p/7")
        signed = found.world.organisations(40, 1)[0]
        raw = msgspec.json.encode(
            {"body": to_base64(signed.body), "signature": msgspec.Raw(signed.signature)}
        )
        answer = desk.post("/witness/acts", raw)
        assert answer is not None
        assert check_receipt(answer.body, me.vkey).kind == "act"
        assert b"act" in copy.ask("POST", "/witness/acts", raw, "application/json")
        with pytest.raises(InvalidInputError, match="422"):
            copy.ask("POST", "/witness/acts", b"junk", "application/json")
        status = json.loads(copy.ask("GET", "/witness/status"))
        assert (status["size"], status["waiting"]) == (6, 1)
        assert run_round(one, client.sequencer, {"self": copy.get}, found.world.now).refused is None
    finally:
        copy.close()
        client.close()
        run.shutdown()
        run.server_close()
        thread.join()
