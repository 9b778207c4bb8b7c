"""`shanhai link`: find the same person in two files, or twice in one; check resident numbers.

`shanhai link A B --spec S --out F` and the sub-commands share one word: what is no sub-command is the file A.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shanhai.cli import _private
from shanhai.cli._ending import tidily
from shanhai.cli._words import usually

if TYPE_CHECKING:
    from shanhai.engines.linkage.files import Task, Told

FILES = "files"


app = typer.Typer(
    cls=usually(FILES),
    no_args_is_help=True,
    help="同一人的记录：`link A B` 连接两个文件，或用下面的子命令。"
    " Records of one person: `link A B` links two files; or a sub-command.",
)


@app.callback()
def begin() -> None:
    """End tidily when told to."""
    tidily()


app.command("tokens")(_private.tokens)
app.command("clk")(_private.clk)
app.command("match")(_private.match)
app.add_typer(_private.psi, name="psi")
File = Annotated[Path, typer.Argument(help=".csv, .parquet, .xlsx.")]
Out = Annotated[Path, typer.Option("--out", help="File to write: .csv, .parquet, .xlsx.")]
SpecFile = Annotated[
    Path | None,
    typer.Option("--spec", help="Spec (TOML), see the guide linkage.md; default: persons."),
]
Lang = Annotated[str, typer.Option("--lang", help="Language of the reasons: zh, en, both.")]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day that is today.")
]
Memory = Annotated[
    int, typer.Option("--memory-mb", min=64, help="Memory of the database; beyond it, disk.")
]
Threads = Annotated[int, typer.Option("--threads", min=0, help="Threads; 0 for all cores.")]


@app.command(FILES)
def files(  # noqa: PLR0913, PLR0917 - the options of a command
    left: File,
    right: File,
    out: Out,
    spec: SpecFile = None,
    lang: Lang = "both",
    on: On = None,
    memory_mb: Memory = 600,
    threads: Threads = 0,
) -> None:
    """Link two files: id_left, id_right, probability, stage, reasons; the word `files` may be left out."""
    from shanhai.engines.linkage.files import link_files

    tell(link_files(left, right, task(spec, lang, on, memory_mb, threads), out), out)


@app.command("dedupe")
def dedupe(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    out: Out,
    spec: SpecFile = None,
    golden: Annotated[
        Path | None, typer.Option("--golden", help="Golden records, one a cluster.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help="Links and pairs for review.")
    ] = None,
    lang: Lang = "both",
    on: On = None,
    memory_mb: Memory = 600,
    threads: Threads = 0,
) -> None:
    """Cluster one file's records: id, cluster, probability."""
    from shanhai.engines.linkage.files import dedupe_file

    tell(dedupe_file(file, task(spec, lang, on, memory_mb, threads), out, golden, pairs), out)


@app.command("index")
def index(file: File, out: Out, spec: SpecFile = None, on: On = None) -> None:
    """Make a register R.register of a file; then `link R.register DELIVERY` links each new delivery."""
    from shanhai.engines.linkage.files import index_file

    tell(index_file(file, task(spec, "both", on, 600, 0), out), out)


@app.command("simulate")
def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder to write a.csv, b.csv and truth.csv to.")],
    records: Annotated[
        int, typer.Option("--records", min=1, help="Records in each file.")
    ] = 10_000,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="The same seed gives the same files.")
    ] = 1,
) -> None:
    """Write two departments' generated records (模拟) of partly the same people, and the true pairs."""
    from shanhai.engines.linkage.people import departments
    from shanhai.engines.linkage.tables import write

    made = departments(records, seed)
    for name, table in (("a", made.left), ("b", made.right), ("truth", made.truth)):
        write(table, folder / f"{name}.csv")
    typer.echo(f"模拟 simulated: {folder}/a.csv  b.csv  truth.csv")


@app.command("train")
def train(
    left: File,
    right: File,
    out: Annotated[Path, typer.Option("--out", help="Model file to write (.json).")],
    truth: Annotated[Path, typer.Option("--truth", help="Known pairs: id_left, id_right.")],
    spec: SpecFile = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Of the random pairs of strangers.")
    ] = 1,
    on: On = None,
) -> None:
    """Train the spec's model anew on known pairs: count how often each answer is given."""
    from shanhai.engines.linkage.files import train_files

    found = train_files(left, right, truth, task(spec, "both", on, 1500, 0), (out, seed))
    typer.echo(f"模型 model {found.name} → {out}: {found.trained_on}")


@app.command("check-ids")
def check_ids(
    file: File,
    column: Annotated[str, typer.Option("--column", help="The column with the numbers.")],
    out: Out,
    birth: Annotated[
        str | None, typer.Option("--birth", help="The column with recorded dates of birth.")
    ] = None,
    on: On = None,
) -> None:
    """Check resident numbers (GB 11643): row, valid, reason."""
    from shanhai.engines.linkage import files as engine

    tell(engine.check_ids(file, column, day(on), out, birth), out)


def day(on: datetime | None) -> Any:
    """Return the day that counts as today."""
    return (on or datetime.now(UTC)).date()


def task(spec: Path | None, lang: str, on: datetime | None, memory_mb: int, threads: int) -> "Task":
    """Return what the options ask for."""
    from shanhai.engines.linkage import spec as specs
    from shanhai.engines.linkage.files import Task
    from shanhai.engines.linkage.reasons import LANGUAGES
    from shanhai.engines.linkage.session import Limits

    if lang not in LANGUAGES:
        raise typer.BadParameter(", ".join(LANGUAGES), param_hint="--lang")
    found = specs.read(spec) if spec is not None else specs.resolve(specs.Spec(), Path())
    return Task(*found, day(on), lang, Limits(memory_mb, threads))


def tell(told: "Told", out: Path) -> None:
    """Say what was done, in one line for people and one for what was set aside."""
    from shanhai.engines.linkage.paths import rejects_path

    records = "记录 records " + " + ".join(f"{count:,}" for count in told.records)
    counts = "  ".join(f"{name} {count:,}" for name, count in told.counts.items())
    typer.echo(f"{records}  写出 written {told.written:,} → {out}  {counts}".rstrip())
    if told.aside:
        kinds = "  ".join(f"{code} {count:,}" for code, count in told.aside.items())
        typer.echo(f"搁置 set aside {sum(told.aside.values()):,} → {rejects_path(out)}  {kinds}")
