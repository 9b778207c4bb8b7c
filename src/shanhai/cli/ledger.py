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
    from shanhai.node.folder import make_log_key, open_storage, sealer
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
    made = found(file, now, secrets.token_bytes, founders.parent)
    if storage.head() is None:
        make_log_key(data_dir, made.suite.name, secrets.token_bytes(32))
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
