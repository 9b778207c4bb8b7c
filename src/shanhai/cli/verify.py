"""`shanhai verify`: replay a log file and say what it proves. Loads no Django."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.node.verify import Report

app = typer.Typer()
File = Annotated[Path, typer.Argument(help="Log file written by shanhai ledger export.")]
AnchorFile = Annotated[
    Path | None, typer.Option("--anchor", help="A checkpoint kept elsewhere (anchor file or note).")
]
LedgerId = Annotated[str, typer.Option("--ledger-id", help="The ledger you mean, 64 hex digits.")]
OpeningsFile = Annotated[
    Path | None,
    typer.Option("--openings", help="Openings file written by shanhai ledger openings (auditors)."),
]
VKeys = Annotated[
    list[str] | None,
    typer.Option("--vkey", help="Verifier key of the log or of a witness; may be repeated."),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="Witness policy (TOML): nothing is final without its quorum."),
]
CheckpointFile = Annotated[
    Path | None,
    typer.Option("--checkpoint", help="A cosigned checkpoint: the site's /ledger/final."),
]


@app.command()
def verify(
    file: File,
    anchor: AnchorFile = None,
    ledger_id: LedgerId = "",
    vkey: VKeys = None,
    openings: OpeningsFile = None,
    policy: PolicyFile = None,
    checkpoint: CheckpointFile = None,
) -> None:
    """Check every hash, signature, authority and rule of a log; name the first bad entry."""
    from shanhai.kernel.errors import ShanhaiError
    from shanhai.ledger.checkpoint import parse_vkey
    from shanhai.node.anchor import parse_anchor
    from shanhai.node.openings import check_openings
    from shanhai.node.verify import BadEntryError, Trust, verify_log
    from shanhai.node.witness.folder import read_policy

    try:
        anchored = parse_anchor(anchor.read_bytes()) if anchor is not None else None
        keys = tuple(parse_vkey(line) for line in vkey or ())
        rules = read_policy(policy) if policy is not None else None
        cosigned = checkpoint.read_bytes() if checkpoint is not None else b""
        with file.open("rb") as log:
            report = verify_log(log, Trust(ledger_id, anchored, keys, rules, cosigned))
        opened = None
        if openings is not None:
            with file.open("rb") as log, openings.open("rb") as given:
                opened = check_openings(log, given)
    except OSError as error:
        typer.echo(f"{error}")
        raise typer.Exit(1) from error
    except ShanhaiError as error:
        bad = error.index if isinstance(error, BadEntryError) else error.facts.get("index")
        where = f"entry {bad}: " if bad is not None else ""
        typer.echo(f"{where}{error.code}: {error.say('zh')}\n{where}{error.say('en')}")
        raise typer.Exit(1) from error
    _tell(report)
    if opened is not None:
        typer.echo(opened.line)
    typer.echo(" ".join(report.flags) or "anchored, witnessed, ledger id given")
    typer.echo(report.line)


def _tell(report: "Report") -> None:
    """Say which ledger it is, what it says of its own time and losses, and who cosigned it."""
    typer.echo(f"ledger {report.ledger}  origin {report.origin}")
    if report.simulated:
        typer.echo("SIMULATED clock 模拟")
    for epoch in report.epochs:
        typer.echo(
            f"EPOCH 新纪元 at entry {epoch.kept_size}: {epoch.lost} entries are lost 已丢失 "
            f"(size {epoch.lost_size}, root {epoch.lost_root}): {epoch.reason}"
        )
    for name, time_s in sorted(report.witnesses.items()):
        typer.echo(f"witness {name} at {time_s}")
    if report.certificate is not None:
        typer.echo(f"checkpoint of {report.certificate.checkpoint.size} entries:")
        for said in report.certificate.sentences():
            typer.echo(f"{said.zh}\n{said.en}")
