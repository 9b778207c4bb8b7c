"""`shanhai screen figures`: return, missed and relapse rates with Wilson intervals, and lead time."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from shanhai.kernel.files import write_bytes


def figures(
    data: Annotated[
        Path, typer.Argument(help="一户（人）一行 One row each: .parquet, .csv, .xlsx.")
    ],
    out: Annotated[Path, typer.Option("--out", help="结果 Result, .json.")],
    until: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="数据截止日 Last day covered.")
    ],
    key: Annotated[str, typer.Option("--key", help="编号列 Column of ids.")] = "household_id",
) -> None:
    """返贫率、漏测率、提前量、复发率 Return, missed, lead time, relapse; see the guide for columns."""
    from shanhai.engines.screening import monitor
    from shanhai.engines.screening.intake.table import read_table
    from shanhai.engines.screening.paths import apart, ending
    from shanhai.kernel.files import beside

    if not data.is_file():
        raise typer.BadParameter(f"没有这个文件 no such file: {data}")
    ending(out, ".json")
    apart([out, beside(out, "rejects.csv")], [data])
    last: date = until.date()
    found = monitor.figures(read_table(data), data.name, key, last)
    place = beside(out, "rejects.csv")
    if found.aside:
        write_bytes(place, monitor.rejects(found.aside))
    else:
        place.unlink(missing_ok=True)
    told = {"until": str(last), "rows": found.rows, "set_aside": len(found.aside)}
    write_bytes(out, msgspec.json.format(msgspec.json.encode(told | found.figures), indent=1))
    for name, one in found.figures.items():
        typer.echo(f"{name}: {_words(one)}")
    typer.echo(f"rows 行 {found.rows}  set aside 退回 {len(found.aside)}")


def _words(one: dict[str, Any]) -> str:
    if "denominator" not in one:
        return "  ".join(f"{key} {value}" for key, value in one.items())
    share = "unknown 未知" if one["value"] is None else f"{one['value']:.4f}"
    return (
        f"{share} = {one['numerator']}/{one['denominator']} (95 % {one['low']:.4f}–{one['high']:.4f}), "
        f"known 已知 {one['covered']}/{one['asked']}"
    )
