"""`shanhai ledger`: found, export, prove, check and sign the ledger of a data folder."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shanhai.kernel.files import replacing, write_bytes

if TYPE_CHECKING:
    from shanhai.ledger.commitment import Opening
    from shanhai.node.loop import Node
    from shanhai.node.seal import Sealer

app = typer.Typer(no_args_is_help=True, help="The ledger of a data folder.")
DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Data folder.", envvar="SHANHAI_DATA_DIR")
]
FoundersFile = Annotated[
    Path | None, typer.Option("--founders", help="Founders' file (TOML); see --example.")
]
Example = Annotated[bool, typer.Option("--example", help="Print an example founders' file.")]
Out = Annotated[Path, typer.Argument(help="File to write.")]
Origin = Annotated[str, typer.Option("--origin", help="Its origin: a name this log never had.")]
SuiteName = Annotated[str, typer.Option("--suite", help="intl (Ed25519) or sm (SM2).")]
Source = Annotated[str, typer.Option("--from", help="The address of a mirror that has the log.")]
PolicyFile = Annotated[
    Path, typer.Option("--policy", help="Witness policy (TOML) of the old epoch.")
]
Closes = Annotated[
    list[Path], typer.Option("--close", help="What mirror close wrote; once for each witness.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why, for everybody to read.")]
Index = Annotated[int, typer.Argument(help="Index of the entry.")]


def clock(data_dir: Path) -> Callable[[bool], int]:
    """Return what tells the time of this folder's ledger."""
    from shanhai.domains.clock import now_ms

    return lambda simulated: now_ms(data_dir, simulated=simulated)


def open_ledger(data_dir: Path) -> "tuple[Node, Sealer]":
    """Open a folder's ledger, checked against its anchor."""
    from shanhai.node.folder import open_node
    from shanhai.node.seal import Sealer

    node = open_node(data_dir, clock(data_dir))
    if not isinstance(node.publisher, Sealer):
        raise TypeError("a folder's node is sealed")
    return node, node.publisher


@app.command()
def init(data_dir: DataDir, founders: FoundersFile = None, example: Example = False) -> None:
    """Found a ledger: genesis signed by the founders' keys, written to <data folder>/keys/founders."""
    from shanhai.cli import _django
    from shanhai.ledger.checkpoint import make_vkey
    from shanhai.node.folder import make_log_key, open_storage, sealer, signer_of
    from shanhai.node.founders import EXAMPLE, FOLDER, found, read_founders
    from shanhai.node.founding import check_genesis
    from shanhai.node.loop import Node

    if example or founders is None:
        typer.echo(EXAMPLE)
        raise typer.Exit(0 if example else 2)
    _django.ready(data_dir)

    from shanhai.domains.vault.services import founders_keep

    storage = open_storage(data_dir, create=True)
    file = read_founders(founders.read_text(encoding="utf-8"))
    now = time.time_ns() // 1_000_000
    seed = secrets.token_bytes(32)
    log = make_vkey(file.origin, signer_of(file.suite, seed)).line
    made = found(file, now, secrets.token_bytes, founders.parent, log=log)
    if storage.head() is None:
        make_log_key(data_dir, made.suite.name, seed)
        keep_secrets(data_dir, made.seeds, made.openings)
    ledger = check_genesis(made.signed.body, made.signed.signature).constants.ledger
    node = Node.found(storage, made.signed, now, sealer(data_dir, ledger))
    founders_keep(made.suite)
    typer.echo(f"ledger {node.constants.ledger}")
    for label, opening in made.openings.items():
        typer.echo(f"{label}  {opening.object}")
    typer.echo(f"officers' keys in {data_dir / FOLDER}: hand each to its officer, then delete")


def keep_secrets(data_dir: Path, seeds: dict[str, bytes], openings: "dict[str, Opening]") -> None:
    """Write each founder's seed and the opening of their name, readable by the owner only."""
    from shanhai.kernel.canonical import encode
    from shanhai.node.founders import FOLDER

    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for label, seed in seeds.items():
        for name, raw in (
            (label, seed.hex().encode()),
            (f"{label}.opening", encode(openings[label])),
        ):
            write_bytes(folder / name, raw + b"\n", private=True)


@app.command()
def key(data_dir: DataDir, origin: Origin, suite: SuiteName = "intl") -> None:
    """接替者的账本密钥 Make the log key of a folder that is to succeed another sequencer; print its verifier key."""
    from shanhai.kernel.suite import suite_named
    from shanhai.ledger.checkpoint import make_vkey
    from shanhai.node.folder import LOG_KEY, log_signer, make_log_key

    if not (data_dir / LOG_KEY).exists():
        make_log_key(data_dir, suite_named(suite).name, secrets.token_bytes(32))
    typer.echo(make_vkey(origin, log_signer(data_dir)).line)


@app.command()
def policy(data_dir: DataDir) -> None:
    """见证规则 Print the witness policy in force as a file, for mirrors and verifiers to keep."""
    from shanhai.acts.witness_policy import policies_of
    from shanhai.kernel.errors import InvalidInputError
    from shanhai.ledger.policy import written

    node, _ = open_ledger(data_dir)
    found = policies_of(node.storage, node.constants.ledger)
    if found is None:
        raise InvalidInputError("policy.absent")
    typer.echo(written(found.newest), nl=False)


@app.command()
def snapshot(data_dir: DataDir) -> None:
    """状态根和快照 Record the state's root in the log if it is due, and take a snapshot for those who join.

    `shanhai serve` runs it once a day. The node's key is `keys/node` in the data folder: the seed that
    `shanhai ledger init` wrote for the founder with the role node.
    """
    from shanhai.node.pictures import Album
    from shanhai.node.recording import officer_of, record, unrecorded

    node, _ = open_ledger(data_dir)
    if unrecorded(node):
        now_ms = clock(data_dir)(node.constants.simulated)
        size = record(node, officer_of(node, data_dir), now_ms, secrets.token_bytes)
        typer.echo(f"状态根 state root: {size}")
    made = Album(data_dir).renew(node.storage)
    if made is None:
        typer.echo("快照未到期 no snapshot is due")
        return
    typer.echo(
        f"快照 snapshot: {made.size} entries, {made.objects} objects, {len(made.chunks)} chunks"
    )


@app.command()
def succeed(
    data_dir: DataDir, source: Source, root: PolicyFile, closes: Closes, reason: Reason
) -> None:
    """接替账本运行单位 Go on with a log whose sequencer a quorum of witnesses closed.

    The folder holds the new log key (`ledger key`) and, in keys/node, the seed of a key whose post is 节点 in this
    ledger. The log is fetched from a mirror, every act executed again; then the succession is entered.
    """
    from shanhai.cli import _django
    from shanhai.kernel.canonical import decode
    from shanhai.node.folder import open_storage, sealer
    from shanhai.node.witness.closing import Closed
    from shanhai.node.witness.folder import identity, read_policy
    from shanhai.node.witness.http import Client
    from shanhai.node.witness.letter import letter
    from shanhai.node.witness.succeeding import catch_up, enter

    given = [decode(path.read_bytes().strip(), Closed) for path in closes]
    _django.ready(data_dir)
    me = identity(data_dir)
    sign_in = (lambda path: letter(me, path, int(time.time()))) if me is not None else None
    client, storage = Client(source, letter=sign_in), open_storage(data_dir, create=True)
    try:
        book = catch_up(storage, read_policy(root), client.get, time.time_ns() // 1_000_000)
    finally:
        client.close()
    book.publisher = keeper = sealer(data_dir, book.constants.ledger)
    now_ms = clock(data_dir)(book.constants.simulated)
    size = enter(book, data_dir, given, reason, (now_ms, secrets.token_bytes(16)))
    typer.echo(f"succession is entry {size}; {keeper.vkey(book).line}")


@app.command()
def export(data_dir: DataDir, out: Out) -> None:
    """Write the log file: everything a verifier needs, as it stands in one snapshot."""
    from shanhai.node.export import export_log

    node, sealer = open_ledger(data_dir)
    with replacing(out) as passing, passing.open("wb") as file:
        count = export_log(node, sealer, file)
    typer.echo(f"{count} entries to {out}")


@app.command()
def openings(data_dir: DataDir, out: Out) -> None:
    """Write what the vault can open of the ledger's commitments; for auditors, it is personal data."""
    from shanhai.cli import _django

    _django.ready(data_dir)

    from shanhai.domains.book.desk import mark
    from shanhai.domains.vault.services import founders_keep, opening_of
    from shanhai.node.openings import export_openings

    node, sealer = open_ledger(data_dir)
    known = mark()
    founders_keep(node.constants.suite)
    with replacing(out, private=True) as passing, passing.open("wb") as file:
        done = export_openings(node, sealer, lambda one: opening_of(one, known), file)
    typer.echo(
        f"{done.opened} openings of {done.commitments} commitments to {out}, "
        f"{done.missing} missing or erased"
    )


@app.command()
def prove(data_dir: DataDir, index: Index, out: Out) -> None:
    """Write the proof file of one entry; anyone can check it offline."""
    from shanhai.node.export import prove as make_proof

    node, sealer = open_ledger(data_dir)
    write_bytes(out, make_proof(node, sealer, index))
    typer.echo(f"proof of entry {index} to {out}")


@app.command()
def checkpoint(data_dir: DataDir) -> None:
    """Print the verifier key and the signed checkpoint; keep a copy anywhere else."""
    node, sealer = open_ledger(data_dir)
    typer.echo(sealer.vkey(node).line)
    typer.echo(sealer.checkpoint(node).decode(), nl=False)


@app.command()
def fsck(data_dir: DataDir) -> None:
    """Rehash every entry, node and object in one snapshot; compare with head, checkpoints and anchor."""
    from shanhai.node.folder import open_storage, sealer
    from shanhai.node.fsck import check

    storage = open_storage(data_dir)
    head = storage.head()
    keeper = sealer(data_dir, head.ledger) if head is not None else None
    problems = check(storage, keeper)
    for problem in problems:
        typer.echo(f"{problem.code}: {problem.say('zh')}\n{problem.say('en')}")
    if problems:
        raise typer.Exit(1)
    typer.echo("no problem found")
