"""`shanhai fiscal`: transfer schemes run, traced, solved backwards and compared."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shanhai.engines.fiscal import Ready, Result, Table

app = typer.Typer(
    no_args_is_help=True, help="财政均衡与横向转移支付 Fiscal equalisation and transfers."
)
SchemeArg = Annotated[
    str, typer.Argument(help="A scheme's TOML file, or the name of one that ships.")
]
DataArg = Annotated[Path, typer.Argument(help="The units' data, CSV.")]
Out = Annotated[
    Path, typer.Option("--out", help="Folder for the results; made if it is not there.")
]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        formats=["%Y-%m-%d"],
        help="Whose day's law applies; the scheme's first by default.",
    ),
]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help="Set a parameter: NAME=VALUE; may be repeated.")
]


@app.command()
def run(
    scheme: SchemeArg,
    data: DataArg,
    out: Out,
    day: Day = None,
    sets: Sets = None,
    pictures: Annotated[bool, typer.Option("--pictures", help="Draw SVG pictures too.")] = False,
    unit: Annotated[str, typer.Option("--unit", help="Whose waterfall is drawn.")] = "",
) -> None:
    """Compute a scheme: DIR/result.csv, result.json, trace.json, and flows.csv, earmark.csv where there are any."""
    from shanhai.engines.fiscal import run as compute
    from shanhai.engines.fiscal.report import outputs

    text, ready = _scheme(scheme, day, sets)
    raw, table = _data(data, ready)
    result = compute(ready, table)
    files = outputs(result, text.encode(), raw)
    if pictures or unit:
        files |= _pictures(result, table, unit)
    _write(out, files)
    _say(result, out)


@app.command()
def trace(
    unit: Annotated[str, typer.Argument(help="The unit's code.")],
    folder: Annotated[Path, typer.Option("--dir", help="Folder of a run.")] = Path(),
    figure: Annotated[str, typer.Option("--figure", help="This figure alone.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show how every number of a unit came about: article, formula, inputs."""
    import msgspec

    from shanhai.engines.fiscal.trace import sentence
    from shanhai.engines.fiscal.words import refuse
    from shanhai.kernel.spelling import nearest

    body = msgspec.json.decode(_read(folder / "trace.json"))
    if unit not in body["units"]:
        raise refuse("unit.none", name=unit, nearest=nearest(unit, body["units"]))
    steps = body["units"][unit]
    if figure:
        names = [step["name"] for step in steps]
        if figure not in names:
            raise refuse("unit.none", name=figure, nearest=nearest(figure, names))
        steps = [step for step in steps if step["name"] == figure]
    if json:
        typer.echo(msgspec.json.encode(steps).decode())
        return
    typer.echo(f"{body['title']}  {body['date']}  {unit}")
    for step in steps:
        typer.echo(sentence(step))


@app.command()
def solve(
    scheme: SchemeArg,
    data: DataArg,
    target: Annotated[str, typer.Option("--target", help="“formula = number” or “least formula”.")],
    out: Out,
    vary: Annotated[
        str,
        typer.Option(
            "--vary", help="The parameter to move: NAME, or NAME=LOW:HIGH in its own unit."
        ),
    ] = "",
    day: Day = None,
    sets: Sets = None,
) -> None:
    """Find the parameter that meets a target: DIR/solved.json, and the run there."""
    import msgspec

    from shanhai.engines.fiscal.report import outputs
    from shanhai.engines.fiscal.solve import parse_target
    from shanhai.engines.fiscal.solve import solve as find
    from shanhai.engines.fiscal.trace import shown

    wanted = parse_target(target)
    text, ready = _scheme(scheme, day, sets)
    raw, table = _data(data, ready)
    found = find(ready, table, wanted, vary)
    unit = ready.scheme.parameters[found.parameter].unit
    solved = {
        "parameter": found.parameter,
        "value": found.value,
        "unit": unit,
        "target": target,
        "wanted": shown(found.wanted),
        "reached": shown(found.reached),
        "runs": found.runs,
    }
    files = outputs(found.result, text.encode(), raw)
    files["solved.json"] = msgspec.json.format(msgspec.json.encode(solved), indent=1) + b"\n"
    _write(out, files)
    typer.echo(f"{found.parameter} = {found.value} {unit}".rstrip())
    typer.echo(f"{wanted.left} → {shown(found.reached)}  ({found.runs} runs)")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="Scheme A.")],
    second: Annotated[str, typer.Argument(help="Scheme B.")],
    data: DataArg,
    out: Out,
    other: Annotated[
        Path | None, typer.Option("--data-b", help="Data of scheme B, if not the same.")
    ] = None,
    day: Day = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set-b", help="Set a parameter of scheme B: NAME=VALUE.")
    ] = None,
) -> None:
    """Compare two schemes, or one with parameters changed: DIR/compare.csv, compare.json."""
    from shanhai.engines.fiscal import run as compute
    from shanhai.engines.fiscal.compare import compare_csv, compare_json

    results: list[Result] = []
    for name, path, changes in ((first, data, None), (second, other or data, sets)):
        _, ready = _scheme(name, day if not results or name == first else None, changes)
        _, table = _data(path, ready)
        results.append(compute(ready, table, trace=False))
    a, b = results
    _write(out, {"compare.csv": compare_csv(a, b).encode(), "compare.json": compare_json(a, b)})
    changes_ = [y - x for x, y in zip(a.at("total"), b.at("total"), strict=True)]
    up, down = sum(c > 0 for c in changes_), sum(c < 0 for c in changes_)
    typer.echo(f"{up} winners 受益, {down} losers 受损 → {out}")


@app.command()
def schemes(
    name: Annotated[str, typer.Argument(help="Print this scheme's TOML.")] = "",
    data: Annotated[bool, typer.Option("--data", help="Print its example data instead.")] = False,
) -> None:
    """List the schemes that ship, or print one, or the data it can be tried on."""
    from shanhai.engines.fiscal import library, parse_scheme

    if name:
        typer.echo(library.example(name) if data else library.scheme_text(name), nl=False)
        return
    for one in library.names():
        head = parse_scheme(library.scheme_text(one)).head
        typer.echo(f"{one:24} {head.status:9} {head.title_zh} {head.title_en}")


@app.command()
def settle(
    scheme: SchemeArg,
    provisional: Annotated[Path, typer.Argument(help="The provisional data, CSV.")],
    final: Annotated[Path, typer.Argument(help="The certified data, CSV.")],
    out: Out,
    settled: Annotated[
        datetime | None,
        typer.Option("--settled", formats=["%Y-%m-%d"], help="The day of the settlement."),
    ] = None,
    day: Day = None,
) -> None:
    """Settle provisional amounts against final ones: DIR/settlement.csv, settlement.json."""
    from shanhai.engines.fiscal import run as compute
    from shanhai.engines.fiscal import settling

    _, ready = _scheme(scheme, day, None)
    first, second = (
        compute(ready, _data(path, ready)[1], trace=False) for path in (provisional, final)
    )
    found = settling.settled(first, second, _day(settled))
    files = {
        "settlement.csv": settling.settlement_csv(second, found).encode(),
        "settlement.json": settling.settlement_json(second, found),
    }
    _write(out, files)
    more = sum(d for d in found.difference if d > 0)
    typer.echo(f"差额 differences: {more} fen to units, {sum(found.difference)} in all → {out}")


@app.command()
def design(
    scheme: SchemeArg,
    data: DataArg,
    vary: Annotated[
        list[str], typer.Option("--vary", help="PARAMETER=LOW:HIGH:POINTS; once or twice.")
    ],
    out: Out,
    day: Day = None,
    sets: Sets = None,
) -> None:
    """Walk the trade-off of equality, burden and incentive: DIR/design.csv with its frontier."""
    from shanhai.engines.fiscal import design as designing

    _, ready = _scheme(scheme, day, sets)
    _, table = _data(data, ready)
    axes = [designing.parse_axis(text, ready) for text in vary]
    found = designing.design(ready, table, axes)
    _write(out, {"design.csv": designing.design_csv(axes, found).encode()})
    best = sum(one.frontier for one in found)
    typer.echo(f"{len(found)} points 点, {best} on the frontier 在前沿 → {out}")


def _pictures(result: "Result", table: "Table", unit: str) -> dict[str, bytes]:
    from shanhai.engines.fiscal.pictures import draw
    from shanhai.engines.fiscal.words import refuse
    from shanhai.kernel.spelling import nearest

    if unit and unit not in result.units:
        raise refuse("unit.none", name=unit, nearest=nearest(unit, result.units))
    return draw(result, table, unit)


def _day(day: datetime | None) -> date | None:
    return date(day.year, day.month, day.day) if day is not None else None


def _scheme(name: str, day: datetime | None, sets: list[str] | None) -> "tuple[str, Ready]":
    from shanhai.engines.fiscal import library, parse_scheme, prepare

    path = Path(name)
    is_file = bool(path.suffix) or path.exists()
    text = _text(path) if is_file else library.scheme_text(name)
    return text, prepare(parse_scheme(text), _day(day), _changes(sets))


def _changes(sets: list[str] | None) -> "Mapping[str, str]":
    from shanhai.engines.fiscal.words import refuse

    found = {}
    for text in sets or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise refuse("set", text=text)
        found[name.strip()] = value.strip()
    return found


def _text(path: Path) -> str:
    from shanhai.engines.fiscal.words import refuse

    raw = _read(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("file", path=str(path), detail="不是 UTF-8 not UTF-8") from error


def _read(path: Path) -> bytes:
    from shanhai.engines.fiscal.words import refuse

    try:
        return path.read_bytes()
    except OSError as error:
        raise refuse("file", path=str(path), detail=str(error.strerror)) from error


def _data(path: Path, ready: "Ready") -> "tuple[bytes, Table]":
    from shanhai.engines.fiscal import read_table

    raw, scheme = _read(path), ready.scheme
    return raw, read_table(raw, scheme.data, scheme.head.currency)


def _write(folder: Path, files: "Mapping[str, bytes]") -> None:
    from shanhai.engines.fiscal.words import refuse
    from shanhai.kernel.files import write_bytes

    try:
        for name, raw in files.items():
            write_bytes(folder / name, raw)
    except OSError as error:
        raise refuse("file", path=str(folder), detail=str(error.strerror)) from error


def _say(result: "Result", out: Path) -> None:
    from shanhai.engines.fiscal.report import outside
    from shanhai.kernel.money import yuan

    paid, received = sum(result.at("paid")), sum(result.at("received"))
    head = result.scheme.head
    typer.echo(f"{head.title_zh}  {result.ready.day}  [{head.status}]")
    typer.echo(
        f"{len(result.units)} units 单位; paid 上解 {yuan(paid)}, received 补助 {yuan(received)} {head.currency}"
    )
    for payer, amount in outside(result).items():
        typer.echo(f"{payer}: {yuan(amount)} {head.currency}")
    typer.echo(f"→ {out}")
