"""`shanhai mirror`: follow a sequencer's log, re-execute every act, cosign what holds. Loads no Django."""

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shanhai.cli._words import usually

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from shanhai.node.pictures import Album
    from shanhai.node.witness.desk import Desk
    from shanhai.node.witness.http import Client
    from shanhai.node.witness.mirror import Identity, Mirror
    from shanhai.node.witness.round import Round

app = typer.Typer(
    cls=usually("run"),
    no_args_is_help=True,
    help="见证：镜像、重算、联署 Witness a log: mirror it, re-execute every act, cosign.",
)
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="The mirror's data folder.", envvar="SHANHAI_DATA_DIR")
]
From = Annotated[
    str, typer.Option("--from", help="The sequencer's site, such as https://ledger.example.")
]
PolicyFile = Annotated[Path, typer.Option("--policy", help="Witness policy (TOML); see `example`.")]
Once = Annotated[bool, typer.Option("--once", help="One round, then end; exit 1 if refused.")]
Every = Annotated[int, typer.Option("--every", help="Milliseconds between rounds.", min=20)]
Listen = Annotated[
    str, typer.Option("--listen", help="HOST:PORT to serve this copy and give receipts on.")
]
Snapshot = Annotated[
    bool,
    typer.Option(
        "--snapshot",
        help="Take an empty copy up from the source's snapshot: what is before it is checked, not executed.",
    ),
]
Name = Annotated[str, typer.Option("--name", help="The key's name: your host name, unique.")]
SuiteName = Annotated[str, typer.Option("--suite", help="intl (Ed25519) or sm (SM2).")]
Proposal = Annotated[str, typer.Argument(help="Id of the proposed policy, wpo….")]
Successor = Annotated[
    str, typer.Option("--successor", help="The successor's verifier key; see shanhai ledger key.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
QUIET_S = 60
"""A refusal that stays the same is printed again after so long."""


@app.command()
def example() -> None:
    """见证规则样本 Print an example of a policy file."""
    from shanhai.ledger.policy import EXAMPLE

    typer.echo(EXAMPLE, nl=False)


@app.command()
def init(data_dir: DataDir, name: Name, suite: SuiteName = "intl") -> None:
    """生成联署密钥 Make the cosigning key of this folder, or show the one it has; print its verifier key."""
    from shanhai.kernel.suite import suite_named

    typer.echo(_identity(data_dir, name, suite_named(suite).name).vkey.line)


def _identity(data_dir: Path, name: str, suite: str) -> "Identity":
    from shanhai.node.witness.folder import identity, make_identity

    found = identity(data_dir)
    return found or make_identity(data_dir, name, suite, secrets.token_bytes(32))


@app.command()
def status(data_dir: DataDir, policy: PolicyFile, json: Json = False) -> None:
    """状态 Show where the mirror of a folder stands, from its files."""
    import msgspec

    from shanhai.node.witness.desk import status as found_status

    mirror = _opened(data_dir, policy)
    found = found_status(mirror, mirror.policy)
    if json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for key, value in found.items():
        typer.echo(f"{key}: {value}")


@app.command()
def consent(data_dir: DataDir, policy: PolicyFile, proposal: Proposal) -> None:
    """同意新的见证规则 Sign a policy that stands proposed in this mirror's own copy; print the consent."""
    from shanhai.kernel.canonical import encode
    from shanhai.node.witness.closing import consent as made

    mirror = _opened(data_dir, policy)
    typer.echo(encode(made(mirror.storage, mirror.me, proposal)).decode())


@app.command()
def close(data_dir: DataDir, policy: PolicyFile, successor: Successor) -> None:
    """关闭运行单位的纪元 Look at nothing more of this sequencer and name who goes on; print the signed close.

    It cannot be taken back. Once n - f failure domains closed for the same successor, it goes on with the log.
    """
    from shanhai.kernel.canonical import encode
    from shanhai.ledger.checkpoint import parse_vkey
    from shanhai.node.witness.closing import close as made

    done = made(_opened(data_dir, policy), parse_vkey(successor))
    typer.echo(encode(done).decode())


def _opened(data_dir: Path, policy: Path) -> "Mirror":
    from shanhai.kernel.errors import InvalidInputError
    from shanhai.node.witness.folder import KEY, identity, open_mirror, read_policy

    rules, me = read_policy(policy), identity(data_dir)
    if me is None:
        raise InvalidInputError("mirror.key", path=str(data_dir / KEY))
    return open_mirror(data_dir, rules, me)


def _chance() -> str:
    return f"mirror-{secrets.token_hex(4)}"


@app.command()
def run(
    source: From,
    policy: PolicyFile,
    data_dir: DataDir,
    once: Once = False,
    every: Every = 200,
    listen: Listen = "",
    snapshot: Snapshot = False,
) -> None:
    """镜像并联署 Follow the log; every round re-executes what is new and cosigns the checkpoint.

    Without a key (`mirror init`) one is made; a key that the policy does not list verifies and does not cosign.
    """
    loop = _begun(source, data_dir, policy)
    if snapshot:
        _adopt(loop)
    serving = _serve(listen, loop.desk) if listen else None
    try:
        if once:
            _end(loop.round())
        loop.forever(every / 1000)
    except KeyboardInterrupt:
        typer.echo("—")
    finally:
        loop.close()
        if serving is not None:
            serving.shutdown()
            serving.server_close()


def _begun(source: str, data_dir: Path, policy: Path) -> "_Loop":
    """Open a folder's mirror of a site, print its key, and return what runs its rounds."""
    from shanhai.node.pictures import Album
    from shanhai.node.witness.desk import Desk
    from shanhai.node.witness.folder import open_mirror, read_policy
    from shanhai.node.witness.http import Client
    from shanhai.node.witness.letter import letter

    rules = read_policy(policy)
    suite = "sm" if rules.log.kind.alg == "sm2-sm3" else "intl"
    me = _identity(data_dir, _chance(), suite)
    mirror = open_mirror(data_dir, rules, me)

    def sign_in(path: str) -> str:
        return letter(me, path, int(time.time()))

    others = {
        one.vkey.name: Client(one.url, 5, sign_in)
        for one in rules.witnesses
        if one.url and one.vkey != me.vkey
    }
    loop = _Loop(mirror, Client(source, letter=sign_in), others, Desk(data_dir, mirror))
    typer.echo(f"{me.vkey.line}  {rules.domain_of(me.vkey) or '—'}")
    loop.album = Album(data_dir)
    return loop


def _adopt(loop: "_Loop") -> None:
    from shanhai.node.witness.adopting import adopt

    done = adopt(loop.mirror, loop.source.get)
    typer.echo(
        f"快照 snapshot: {done.entries} 条未由本镜像执行，凭 {done.certified} 条的证书和第 {done.state_size} 条处的状态根采信\n"
        f"{done.entries} entries not executed by this mirror, taken on the certificate over {done.certified} and the state's "
        f"root at {done.state_size}"
    )


def _serve(listen: str, desk: "Desk") -> "ThreadingHTTPServer":
    from shanhai.node.witness.http import server, started

    host, _, port = listen.rpartition(":")
    if not port.isdigit():
        raise typer.BadParameter("HOST:PORT", param_hint="--listen")
    made = server(host or "127.0.0.1", int(port), desk.read, desk.post, desk.may_read)
    started(made)
    typer.echo(f"http://{host or '127.0.0.1'}:{made.server_address[1]}")
    return made


class _Loop:
    """Rounds, and what is printed of them: what changed, and a lasting refusal once a minute."""

    def __init__(
        self, mirror: "Mirror", source: "Client", others: "dict[str, Client]", desk: "Desk"
    ) -> None:
        self.mirror, self.source, self.others, self.desk = mirror, source, others, desk
        self._said, self._said_at = "", 0.0
        self.album: Album | None = None

    def round(self) -> "Round":
        """Run one round and say what came of it."""
        from shanhai.node.witness.round import run_round

        gets = {name: one.get for name, one in self.others.items()}
        now_ms = time.time_ns() // 1_000_000
        done = run_round(self.mirror, self.source.sequencer, gets, now_ms)
        self.desk.refused = done.refused.code if done.refused is not None else ""
        self._say(done)
        if self.album is not None and done.new:
            self.album.renew(self.mirror.storage)
        return done

    def forever(self, pause_s: float) -> None:
        """Run rounds until the process ends."""
        while True:
            self.round()
            time.sleep(pause_s)

    def close(self) -> None:
        """Let every connection go."""
        for one in (self.source, *self.others.values()):
            one.close()

    def _say(self, done: "Round") -> None:
        words = "\n".join(_lines(self.mirror, done))
        now = time.monotonic()
        if words != self._said or (done.refused is not None and now - self._said_at > QUIET_S):
            typer.echo(words)
            self._said, self._said_at = words, now


def _lines(mirror: "Mirror", done: "Round") -> list[str]:
    lines = []
    for error in (done.refused, done.undelivered):
        if error is not None:
            lines += [f"{error.code}: {error.say('zh')}", error.say("en")]
    head = mirror.head()
    root = head.root.hex() if head is not None else "—"
    lines.append(f"mirror: {done.size} entries, root {root}, {_word(done)}")
    return lines


def _word(done: "Round") -> str:
    if done.refused is None:
        return "cosigned" if done.undelivered is None else "cosigned, not delivered"
    return "verified" if done.refused.code == STRANGER else f"refused {done.refused.code}"


STRANGER = "witness.stranger"


def _end(done: "Round") -> None:
    """End after one round: 0 if the log holds, 1 if it was refused."""
    raise typer.Exit(0 if done.refused is None or done.refused.code == STRANGER else 1)
