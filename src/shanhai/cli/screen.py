"""`shanhai screen`: find households at risk by rules that are data; `shanhai screen backtest …` and others beside it.

`shanhai screen DATA …` and `shanhai screen backtest …` share one word: what is no sub-command is a delivery.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from shanhai.cli import _figures, _risk
from shanhai.cli._ending import tidily
from shanhai.cli._words import usually
from shanhai.kernel.files import write_bytes
from shanhai.kernel.periods import ZONE

if TYPE_CHECKING:
    from shanhai.engines.screening.rules.ruleset import Ruleset
    from shanhai.engines.screening.screen import Report


app = typer.Typer(cls=usually("run"), no_args_is_help=True)
app.command("train")(_risk.train)
app.command("score")(_risk.score)
app.command("figures")(_figures.figures)
Delivery = Annotated[Path, typer.Argument(help="户表 Households: .parquet, .csv or .xlsx.")]
Rules = Annotated[str, typer.Option("--rules", help="规则文件 TOML rule file, or `monitoring`.")]
Out = Annotated[Path, typer.Option("--out", help="结果 Alerts: .parquet or .csv.")]
Engine = Annotated[str, typer.Option("--engine", help="duckdb | spark")]
Spark = Annotated[str, typer.Option("--spark", help="sail | apache | sc://host:port")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="筛查日 Day of the screening, YYYY-MM-DD; today.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="参数 NAME=VALUE for every region, e.g. line=8500."),
]
Threads = Annotated[int, typer.Option("--threads", min=1, help="线程 Threads.")]
Memory = Annotated[
    int, typer.Option("--memory-mb", min=64, help="内存 MiB before spilling to disk.")
]
Since = Annotated[
    Path | None,
    typer.Option(
        "--since", help="上次的快照或户表 Earlier snapshot or delivery: screen what changed."
    ),
]
Partial = Annotated[
    bool,
    typer.Option(
        "--partial", help="本次只含有变化的户 The delivery leaves out what did not change."
    ),
]
Snapshot = Annotated[
    Path | None,
    typer.Option("--snapshot", help="存快照供下次 --since Keep a .parquet for the next --since."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON 输出 Print one JSON object.")]


@app.callback()
def screen() -> None:
    """筛查有返贫致贫风险的农户 Find households at risk: `shanhai screen DATA --rules R --out F`."""
    tidily()


@app.command("run")
def run(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    data: Delivery,
    out: Out,
    rules: Rules = "monitoring",
    engine: Engine = "duckdb",
    spark: Spark = "sail",
    as_of: AsOf = "",
    settings: Set = None,
    threads: Threads = 2,
    memory_mb: Memory = 160,
    since: Since = None,
    partial: Partial = False,
    snapshot: Snapshot = None,
    json: Json = False,
) -> None:
    """按规则筛查 Screen households; the word `run` may be left out."""
    from shanhai.engines.screening.screen import Options, screen

    _one_of("--engine", engine, ("duckdb", "spark"))
    ruleset = read_rules(rules, settings or ())
    earlier = _file(since) if since is not None else None
    if partial and earlier is None:
        raise typer.BadParameter("--partial 要与 --since 同用 goes with --since")
    if snapshot is not None and snapshot.suffix.lower() != ".parquet":
        raise typer.BadParameter(f"--snapshot {snapshot}: .parquet")
    options = Options(engine, spark, threads, memory_mb, earlier, partial, snapshot)
    report = screen(_file(data), ruleset, out, day(as_of), options)
    typer.echo(msgspec.json.encode(report).decode() if json else _words(report))


@app.command("check")
def check(
    rules: Annotated[str, typer.Argument(help="规则文件 Rule file, or `monitoring`.")],
    copy: Annotated[
        Path | None, typer.Option("--copy", help="另存 Write a copy to change.")
    ] = None,
) -> None:
    """检查规则文件 Check a rule file and say what it reads."""
    ruleset = read_rules(rules, ())
    for rule in ruleset.rules:
        mark = " 待核" if rule.row.status == "待核" else ""
        typer.echo(f"{rule.id} v{rule.row.version} {rule.row.kind}{mark}: {', '.join(rule.fields)}")
    counts = (len(ruleset.rules), len(ruleset.used_fields), len(ruleset.used_parameters))
    typer.echo("ok rules {} fields {} parameters {}".format(*counts))
    typer.echo(f"digest {ruleset.digest}")
    if copy is not None:
        write_bytes(copy, _text(rules)[0].encode())


@app.command("backtest")
def backtest(
    data: Annotated[list[Path], typer.Argument(help="过往户表 Past deliveries.")],
    rules: Annotated[str, typer.Option("--rules", help="现行规则 The rules as they are.")],
    against: Annotated[str, typer.Option("--against", help="拟改规则 The rules as they would be.")],
    out: Annotated[Path, typer.Option("--out", help="差异清单 Differences, .csv.")],
    as_of: AsOf = "",
    settings: Set = None,
) -> None:
    """用过往数据试算规则改动 Try changed rules on past deliveries; list every difference."""
    from shanhai.engines.screening.backtest import backtest

    old, new = (read_rules(one, settings or ()) for one in (rules, against))
    found = backtest([_file(one) for one in data], old, new, out, day(as_of))
    for one in found:
        typer.echo(
            f"{one.delivery} {one.rule}: {one.before} → {one.after}, "
            f"gained 新增 {one.gained}, lost 减少 {one.lost}, other 其他 {one.other}"
        )
    total = sum(one.gained + one.lost + one.other for one in found)
    typer.echo(f"differences 差异 {total}")


@app.command("mpi")
def mpi(
    data: Annotated[
        Path, typer.Argument(help="户表 Households: .parquet or .csv, 0/1 indicators.")
    ],
    spec: Annotated[Path, typer.Option("--spec", help="说明 TOML: k, weights, size, group.")],
    out: Annotated[Path, typer.Option("--out", help="结果 Result, .json.")],
) -> None:
    """多维贫困指数 Multidimensional poverty (Alkire–Foster)."""
    from shanhai.engines.screening.intake.table import read_table
    from shanhai.engines.screening.mpi import load_spec, measure, sort_out
    from shanhai.engines.screening.paths import apart, ending
    from shanhai.engines.screening.risk.panel import Rejected
    from shanhai.engines.screening.risk.train import rejects
    from shanhai.kernel.files import beside

    ending(out, ".json")
    apart([out, beside(out, "rejects.csv")], [data, spec])
    wanted = load_spec(_file(spec).read_bytes(), spec.name)
    kept, aside = sort_out(read_table(_file(data)), wanted)
    found = measure(kept, wanted)
    listed = [Rejected(number, reason, dict(row)) for number, reason, row in aside]
    write_bytes(beside(out, "rejects.csv"), rejects(listed))
    write_bytes(out, msgspec.json.format(msgspec.json.encode(found), indent=1))
    typer.echo(f"rows 行 {len(kept) + len(aside)} set aside 退回 {len(aside)}")
    for group, one in found.items():
        typer.echo(
            f"{group or 'all 全部'}: H {one.headcount:.6f} A {one.intensity:.6f} MPI {one.mpi:.6f} "
            f"households 户 {one.households} dropped 缺项 {one.dropped}"
        )


def read_rules(rules: str, settings: Iterable[str]) -> "Ruleset":
    """Read a rule file, or a shipped one by its name, with parameters set on the command line."""
    from shanhai.engines.screening.rules.ruleset import load_ruleset

    given = {}
    for one in settings:
        key, equals, value = one.partition("=")
        if not equals:
            raise typer.BadParameter(f"--set {one}: NAME=VALUE, e.g. line=8500")
        given[key.strip().removeprefix("@")] = value.strip()
    text, name = _text(rules)
    return load_ruleset(text, name, given)


def _text(rules: str) -> tuple[str, str]:
    from shanhai.engines.screening.shipped import NAMES, shipped

    if rules in NAMES:
        return shipped(rules), f"{rules}.toml"
    path = _file(Path(rules))
    try:
        return path.read_text("utf-8-sig"), path.name
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{path}: 请存为 UTF-8 save it as UTF-8") from error


def day(text: str) -> date:
    """Return the day of the screening; today in UTC+8 where none is given."""
    if not text:
        return datetime.now(ZONE).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--as-of {text}: YYYY-MM-DD") from error


def _file(path: Path) -> Path:
    if not path.is_file():
        raise typer.BadParameter(f"没有这个文件 no such file: {path}")
    return path


def _one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise typer.BadParameter(f"{option} {value}: {' | '.join(known)}")


def _words(report: "Report") -> str:
    lines = [
        f"rows 行 {report.rows}",
        f"screened 筛查 {report.screened}",
        f"set aside 退回 {report.set_aside} (duplicates 重复 {report.duplicates})",
        f"households with alerts 预警户 {report.households}",
        f"alerts 预警 {report.alerts}",
        f"unknown 未知 {report.unknown}",
        *(f"  {r.rule}: alerts {r.alerts}, unknown {r.unknown}" for r in report.rules),
    ]
    if report.absent:
        lines.append(f"absent columns 缺列 {', '.join(report.absent)}")
    if report.unknown_fields:
        shown = ", ".join(f"{k} {v}" for k, v in report.unknown_fields.items())
        lines.append(f"missing items 缺项 {shown}")
    if report.silent_regions:
        lines.append(
            f"no alert at all, look at the data 零预警请核数据 {', '.join(report.silent_regions)}"
        )
    if report.unconfirmed:
        lines.append(f"unconfirmed 待核 {', '.join(report.unconfirmed)}")
    lines += [
        f"as of 筛查日 {report.as_of}",
        f"seconds 秒 {report.seconds}",
        f"hash 结果哈希 {report.hash}",
    ]
    return "\n".join(lines)
