"""`shanhai indicators`: composite indicators from a scheme and a table (see docs/guide/indicators.md)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.engines.indicators import Scheme, Table

app = typer.Typer(
    no_args_is_help=True, help="综合评价 Composite indicators: scores, uncertainty, explanation."
)
SchemeFile = Annotated[Path, typer.Argument(metavar="SCHEME", help="方案 Scheme, TOML.")]
DataFile = Annotated[Path, typer.Argument(metavar="DATA", help="数据 Data, CSV with a heading.")]
Out = Annotated[Path, typer.Option("--out", help="输出目录 Folder to write into.")]


def _text(path: Path) -> str:
    """Read a file as UTF-8, or GB18030 where it is not."""
    from shanhai.engines.indicators.errors import refused

    try:
        raw = path.read_bytes()
    except OSError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(1) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("encoding", file=path.name)


def _read(scheme: Path, data: Path) -> tuple["Scheme", "Table", dict[str, str]]:
    from shanhai.engines.indicators import digest, read_scheme, read_table

    rules, cells = _text(scheme), _text(data)
    parsed = read_scheme(rules)
    return parsed, read_table(cells, parsed), {"scheme": digest(rules), "data": digest(cells)}


@app.command()
def run(scheme: SchemeFile, data: DataFile, out: Out) -> None:
    """计算得分 Compute scores: OUT/scores.csv, OUT/stages/*.csv, OUT/result.json."""
    from shanhai.engines.indicators import run as compute
    from shanhai.engines.indicators import write_run

    parsed, table, inputs = _read(scheme, data)
    found = compute(parsed, table)
    write_run(found, out, inputs)
    for note in found.notes:
        typer.echo(f"{note.code}: {note.zh}\n{note.en}", err=True)
    if table.gaps:
        first = table.gaps[0]
        typer.echo(
            f"missing: {len(table.gaps)} 个缺失单元格 cells missing, 首个 first: line {first.line}, "
            f"{first.unit}, {first.column}",
            err=True,
        )
    typer.echo(f"{len(found.table.units)} rows → {out / 'scores.csv'}")


@app.command()
def sensitivity(scheme: SchemeFile, data: DataFile, out: Out) -> None:
    """不确定性和敏感性 Vary the scheme's assumptions: OUT/bands.csv, effects.csv, remove_one.csv, result.json."""
    from shanhai.engines.indicators.uncertainty.analyse import analyse
    from shanhai.engines.indicators.uncertainty.output import write_analysis

    parsed, table, inputs = _read(scheme, data)
    found = analyse(parsed, table)
    write_analysis(found, parsed, out, inputs)
    typer.echo(
        f"{found.method}: {found.runs} runs, 平均名次变动 mean rank shift {found.rank_shift:.2f}"
    )
    for row in found.effects["rank_shift"]:
        said = ", ".join(f"{k} {v:.3f}" for k, v in row.items() if isinstance(v, float))
        typer.echo(f"{row['assumption']}: {said}")


@app.command()
def methods() -> None:
    """列出全部方法和参数 List every method with its parameters and what is taken where nothing is said."""
    from shanhai.engines.indicators import catalogue  # noqa: F401 - registers them
    from shanhai.engines.indicators.methods import METHODS, fields_of

    for kind, found in METHODS.items():
        for name, one in found.items():
            said = [
                key if field.required else f"{key} = {field.default!r}"
                for key, field in fields_of(one.params).items()
            ]
            first = (one.function.__doc__ or "").strip().splitlines()[0]
            typer.echo(f"{kind} {name} ({', '.join(said)}): {first}")
