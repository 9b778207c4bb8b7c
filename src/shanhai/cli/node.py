"""`shanhai node`: one organisation's node of a consortium."""

import os
import secrets
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="联盟节点 One organisation's node of a consortium.")
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Data folder.", envvar="SHANHAI_DATA_DIR")
]
MEMBER = "member.json"
Folder = Annotated[Path, typer.Argument(help="Data folder.")]


@app.command(hidden=True)
def application(folder: Folder) -> None:
    """Serve a folder's ledger to its consensus node; started by the supervisor, in that folder."""
    from shanhai.node.service import Service

    raise typer.Exit(Service(folder).run())


@app.command()
def init(
    data_dir: DataDir,
    name: Annotated[str, typer.Option(help="What the organisation's node is called.")],
    address: Annotated[str, typer.Option(help="Host and port at which peers reach it.")],
    rpc_port: Annotated[int, typer.Option(help="Port for this machine's own questions.")] = 26657,
    web_port: Annotated[int, typer.Option(help="Port of its pages; 0 for none.")] = 8000,
    url: Annotated[str, typer.Option(help="Where the other nodes reach its pages.")] = "",
    suite: Annotated[str, typer.Option(help="The ledger's suite: intl, or sm.")] = "intl",
) -> None:
    """建立节点 Make keys and settings, and D/member.json to hand to the others."""
    import msgspec

    from shanhai.kernel.errors import InvalidInputError
    from shanhai.kernel.suite import suite_named
    from shanhai.ledger.checkpoint import check_name
    from shanhai.node import joining  # noqa: F401 - its sentences
    from shanhai.node.comet import make_keys
    from shanhai.node.folder import LOG_KEY, make_log_key
    from shanhai.node.following import Settings
    from shanhai.node.together import cosigning

    check_name(name)
    if (data_dir / LOG_KEY).exists():
        raise InvalidInputError("node.exists", path=str(data_dir))
    port = address.rpartition(":")[2]
    if not port.isdecimal():
        raise InvalidInputError("node.address", address=address)
    data_dir.mkdir(parents=True, exist_ok=True)
    member = make_keys(data_dir, name, address, (secrets.token_bytes(32), secrets.token_bytes(32)))
    signer = make_log_key(data_dir, suite_named(suite).name, secrets.token_bytes(32))
    member = cosigning(member, signer, url.rstrip("/"))
    Settings(name, int(port), rpc_port, web_port, (f"127.0.0.1:{rpc_port}",)).write(data_dir)
    raw = msgspec.json.format(msgspec.json.encode(member))
    (data_dir / MEMBER).write_bytes(raw + b"\n")
    typer.echo(raw.decode())


@app.command()
def genesis(
    founders: Annotated[Path, typer.Option(help="Founders' file, as for shanhai ledger init.")],
    member: Annotated[list[Path], typer.Option(help="A member.json; give every organisation's.")],
    out: Annotated[Path, typer.Option(help="Genesis file to write and to hand to everybody.")],
    keys: Annotated[Path, typer.Option(help="New folder for the founding officers' keys.")],
) -> None:
    """写创世文件 Sign the ledger's genesis and name the nodes that vote; done once, by one organisation."""
    import msgspec

    from shanhai.acts import book  # noqa: F401 - registers every noun and act
    from shanhai.cli.ledger import keep_secrets
    from shanhai.node import comet
    from shanhai.node import founders as founding
    from shanhai.node.together import policy_of_nodes

    now = time.time_ns() // 1_000_000
    file = founding.read_founders(founders.read_text(encoding="utf-8"))
    members = [msgspec.json.decode(path.read_bytes(), type=comet.Member) for path in member]
    seats = tuple(one.seat for one in members)
    nodes = policy_of_nodes(members, file.origin)
    log = nodes.log.line if nodes is not None else ""
    made = founding.found(file, now, secrets.token_bytes, founders.parent, seats, log, nodes)
    keys.mkdir(mode=0o700, parents=True)
    keep_secrets(keys, made.seeds, made.openings)
    content = comet.genesis(made.signed, members, now)
    out.write_bytes(comet.invitation(content, members))
    typer.echo(f"{content['chain_id']}  {len(members)} nodes, {(len(members) - 1) // 3} may fail")


@app.command()
def join(
    data_dir: DataDir,
    genesis: Annotated[Path, typer.Option(help="The network's genesis file.")],
    snapshot: Annotated[
        list[str] | None,
        typer.Option(
            help="HOST:PORT of a member's question port; name two to begin at a snapshot."
        ),
    ] = None,
) -> None:
    """加入网络 Put the network's genesis and peers into this node's folder.

    Without --snapshot the node executes every block from the first. With it, it takes all objects and the log from the
    members, checks them against what the network signed, and executes what came after.
    """
    from shanhai.node.joining import join_network

    now_ms = time.time_ns() // 1_000_000
    members = join_network(data_dir, genesis.read_bytes(), snapshot or (), now_ms)
    typer.echo(f"{len(members)} nodes: {', '.join(one.name for one in members)}")


@app.command()
def start(
    data_dir: DataDir,
    web: Annotated[bool, typer.Option(help="Whether to serve pages too.")] = True,
) -> None:
    """启动节点 Run application and consensus node as a pair, and the pages; until SIGTERM."""
    from shanhai.node import comet
    from shanhai.node.following import settings_of
    from shanhai.node.joining import check_joined
    from shanhai.node.supervisor import Pair, Supervisor

    folder = data_dir.resolve()
    program, found = comet.program(), settings_of(folder)
    check_joined(folder)
    serve = [sys.executable, "-m", "shanhai.cli", "serve", "--data-dir", str(folder)]
    pages = [*serve, "--port", str(found.web)] if web and found.web else []
    if pages:
        from shanhai.cli import _stamp
        from shanhai.cli.network import prepare_folder

        if not _stamp.fits(folder, _stamp.inputs()):
            prepare_folder(folder, os.environ)
    typer.echo(f"{found.name}  rpc http://127.0.0.1:{found.rpc}")
    pair = Pair(folder, program, {**os.environ, "PYTHONUNBUFFERED": "1"}, pages)
    code = Supervisor([pair]).run()
    if code:
        typer.echo(pair.last_words(), err=True)
    raise typer.Exit(code)


@app.command()
def consent(
    data_dir: DataDir,
    proposal: Annotated[str, typer.Argument(help="Id of the proposed policy, wpo….")],
) -> None:
    """同意新的见证规则 Sign a witness policy that stands proposed in this node's own log; print the consent."""
    from shanhai.acts import book  # noqa: F401 - registers every noun and act
    from shanhai.kernel.canonical import encode
    from shanhai.node.folder import log_signer, open_storage
    from shanhai.node.following import settings_of
    from shanhai.node.witness.closing import consent as made
    from shanhai.node.witness.mirror import Identity

    folder = data_dir.resolve()
    me = Identity(settings_of(folder).name, log_signer(folder))
    typer.echo(encode(made(open_storage(folder), me, proposal)).decode())


@app.command()
def status(data_dir: DataDir) -> None:
    """查看节点 Print how the node stands, as JSON."""
    import msgspec

    from shanhai.acts import book  # noqa: F401 - registers every noun and act
    from shanhai.node.status import state_of

    typer.echo(msgspec.json.encode(state_of(data_dir.resolve())).decode())
