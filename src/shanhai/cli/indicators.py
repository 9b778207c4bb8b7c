"""`shanhai indicators`: composite indicators from a scheme and a table (see docs/guide/indicators.md)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.engines.indicators import Scheme, Table

app = typer.Typer(
    no_args_is_help=True, help="综合评价 Composite indicators: scores, uncertainty, explanation."
)
SHOWN = 20
"""So many missing cells are named on the terminal; all of them stand in the result."""
SchemeFile = Annotated[Path, typer.Argument(metavar="SCHEME", help="方案 Scheme, TOML.")]
DataFile = Annotated[Path, typer.Argument(metavar="DATA", help="数据 Data, CSV with a heading.")]
Out = Annotated[Path, typer.Option("--out", help="输出目录 Folder to write into.")]
MaybeOut = Annotated[
    Path | None,
    typer.Option("--out", help="输出目录 Folder to write into; without it, only print."),
]
Unit = Annotated[str, typer.Argument(metavar="UNIT", help="单元代码 Code of the unit.")]
Time = Annotated[float | None, typer.Option("--time", help="时点 Which time; the last one.")]
Against = Annotated[
    str, typer.Option("--against", help="对照单元 Compare with this unit; the mean of all.")
]
Since = Annotated[float | None, typer.Option("--since", help="对照时点 Compare with this time.")]
Grade = Annotated[
    str, typer.Option("--grade", help="目标等级 Grade to reach; the next better one.")
]


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
        typer.echo(f"missing: {len(table.gaps)} 个缺失单元格 cells missing", err=True)
        for gap in table.gaps[:SHOWN]:
            typer.echo(f"  line {gap.line}, {gap.unit}, {gap.column}", err=True)
        if len(table.gaps) > SHOWN:
            typer.echo("  … 全部见 all in result.json", err=True)
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
def explain(  # noqa: PLR0913, PLR0917 - one option each
    unit: Unit,
    scheme: SchemeFile,
    data: DataFile,
    time: Time = None,
    against: Against = "",
    since: Since = None,
    grade: Grade = "",
    out: MaybeOut = None,
) -> None:
    """解释得分 Why a score is what it is, and the cheapest way to the next grade: OUT/explain.json, explain.csv."""
    from shanhai.engines.indicators import run as compute
    from shanhai.engines.indicators.explain import explain as why
    from shanhai.engines.indicators.explain import find_row
    from shanhai.engines.indicators.output import write_json, write_rows
    from shanhai.engines.indicators.telling import lines_of, told, way_up

    parsed, table, _ = _read(scheme, data)
    found = compute(parsed, table)
    row = find_row(found, unit, time)
    other = None
    if against or since is not None:
        other = find_row(found, against or unit, since if since is not None else time)
    explanation, plan = why(found, row, other), way_up(found, row, grade)
    for line in lines_of(found, explanation, plan):
        typer.echo(line)
    if out is not None:
        write_json(out / "explain.json", told(found, row, explanation, plan))
        write_rows(
            out / "explain.csv",
            [{**leaf, "path": "/".join(leaf["path"])} for leaf in explanation.leaves],
        )


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="一次 run 的输出目录 Folder of a run.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="另一次的 Folder of another.")],
    out: MaybeOut = None,
) -> None:
    """比较两个版本 Compare two results: OUT/compare.json, compare.csv."""
    from shanhai.engines.indicators.compare import compare as compared
    from shanhai.engines.indicators.compare import read_result
    from shanhai.engines.indicators.output import write_json, write_rows

    found = compared(read_result(a), read_result(b))
    for key, value in found["summary"].items():
        typer.echo(f"{key}: {value}")
    for one in found["scheme"]:
        typer.echo(f"{one['what']}: {one['a']} → {one['b']}")
    moved = [row for row in found["units"] if row["rank_change"]]
    for row in sorted(moved, key=lambda row: -abs(row["rank_change"]))[:10]:
        typer.echo(f"{row['unit']}: {row['rank_a']} → {row['rank_b']}")
    if out is not None:
        write_json(out / "compare.json", found)
        write_rows(out / "compare.csv", found["units"])


@app.command()
def report(unit: Unit, scheme: SchemeFile, data: DataFile, out: Out, time: Time = None) -> None:
    """单元报告 One unit's report as PDF: OUT/UNIT.pdf."""
    from shanhai.engines.indicators import run as compute
    from shanhai.engines.indicators.explain import find_row
    from shanhai.engines.indicators.output import safe_name
    from shanhai.engines.indicators.report import report as made
    from shanhai.engines.indicators.uncertainty.analyse import analyse
    from shanhai.kernel.files import write_bytes

    parsed, table, inputs = _read(scheme, data)
    found = compute(parsed, table)
    row = find_row(found, unit, time)
    band = analyse(parsed, table).units[row] if parsed.sensitivity else None
    path = out / f"{safe_name(unit)}.pdf"
    write_bytes(path, made(found, row, inputs, band))
    typer.echo(f"→ {path}")


@app.command()
def pictures(
    scheme: SchemeFile,
    data: DataFile,
    out: Out,
    kind: Annotated[str, typer.Option("--format", help="svg, png")] = "svg",
    unit: Annotated[str, typer.Option("--unit", help="雷达图的单元 Unit for the radar.")] = "",
) -> None:
    """图 Framework, bars, correlations, distributions, rank bands, radar as SVG or PNG."""
    from shanhai.engines.indicators import run as compute
    from shanhai.engines.indicators.errors import refused
    from shanhai.engines.indicators.explain import find_row
    from shanhai.engines.indicators.pictures import pictures as drawn
    from shanhai.engines.indicators.uncertainty.analyse import analyse
    from shanhai.kernel.files import write_bytes
    from shanhai.kernel.spelling import nearest

    if kind not in {"svg", "png"}:
        raise refused("unknown", place="--format", name=kind, nearest=nearest(kind, ["svg", "png"]))
    parsed, table, _ = _read(scheme, data)
    found = compute(parsed, table)
    bands = analyse(parsed, table).units if parsed.sensitivity else []
    row = find_row(found, unit) if unit else None
    for name, picture in drawn(found, kind, bands, row).items():
        write_bytes(out / name, picture)
        typer.echo(f"→ {out / name}")


@app.command()
def statistics(scheme: SchemeFile, data: DataFile, out: Out) -> None:
    """统计 What the data is like: OUT/statistics.json, indicators.csv, correlations.csv, trends.csv."""
    from shanhai.engines.indicators import run as compute
    from shanhai.engines.indicators.output import write_json, write_rows
    from shanhai.engines.indicators.statistics import statistics as described

    parsed, table, _ = _read(scheme, data)
    found = described(compute(parsed, table))
    write_json(out / "statistics.json", found)
    write_rows(out / "indicators.csv", found["indicators"])
    pairs = [{"data": key, **row} for key in ("correlations", "with_parents") for row in found[key]]
    write_rows(out / "correlations.csv", pairs)
    if found["trends"]:
        write_rows(out / "trends.csv", found["trends"])
    typer.echo(f"→ {out / 'statistics.json'}")


@app.command()
def effect(
    design: Annotated[Path, typer.Argument(metavar="DESIGN", help="设计 Design, TOML.")],
    data: DataFile,
    out: Out,
) -> None:
    """政策效果 Did help work: difference-in-differences, event study, placebo: OUT/effect.json, event.csv."""
    from shanhai.engines.indicators.effect import estimate, read_design, read_panel
    from shanhai.engines.indicators.output import write_json, write_rows

    asked = read_design(_text(design))
    found = estimate(asked, read_panel(_text(data), asked))
    write_json(out / "effect.json", found)
    if found["event_study"]:
        write_rows(out / "event.csv", found["event_study"]["coefficients"])
    did = found["did"]
    typer.echo(
        f"{did['effect']:.6g}（标准误 se {did['se']:.4g}, p {did['p']:.4g}, "
        f"{did['low']:.6g}–{did['high']:.6g}; {did['clusters']} clusters, {did['n']} rows）"
    )
    if found["placebo"]:
        typer.echo(f"安慰剂 placebo p {found['placebo']['p']:.4g}")


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


@app.command()
def template() -> None:
    """打印可改写的示例方案（44 项指标，示例权重） Print an editable example scheme of 44 indicators."""
    from importlib.resources import files

    found = files("shanhai.engines.indicators").joinpath("templates/collaboration.toml")
    typer.echo(found.read_text("utf-8"), nl=False)
