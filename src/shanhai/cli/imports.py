"""`shanhai import`: read other people's spreadsheets; with `--dry-run` nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from shanhai.data import regions
from shanhai.domains.imports.reading import read_projects
from shanhai.domains.imports.result import ImportResult, Project
from shanhai.kernel.text import TEXTS, Text

app = typer.Typer(no_args_is_help=True, help="读入表格 Read spreadsheets.")
Submit = Callable[[Path, tuple[Project, ...]], None]
TEXTS["import.no_submit"] = Text(
    "请加 --dry-run 检查，再到网页“导入”确认并签名提交",
    "Check with --dry-run, then confirm and sign on the import page",
)


@app.callback()
def group() -> None:
    """读入表格 Read spreadsheets."""


@app.command()
def projects(
    file: Annotated[Path, typer.Argument(help="公告表 .xlsx/.xls/.csv Announcement table.")],
    data_dir: Annotated[Path, typer.Option(help="数据目录 Data folder.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查 Check only.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON 输出 Print one JSON object.")
    ] = False,
) -> None:
    """读入项目公告表 Read the projects of an announcement; exit 1 if none could be read."""
    raise typer.Exit(run(file, data_dir, submit=None, dry_run=dry_run, as_json=as_json))


def run(file: Path, data_dir: Path, *, submit: Submit | None, dry_run: bool, as_json: bool) -> int:
    """Read a file, print what was found, and hand the accepted projects on unless this is a dry run.

    Args:
        file: An untrusted spreadsheet.
        data_dir: The data folder, for the names of regions.
        submit: Takes the folder and the accepted projects; None where this process holds no key.
        dry_run: Whether to stop after reading.
        as_json: Whether to print the result as one JSON object.

    Returns:
        Exit code: 0, or 1 if nothing could be read or submitted.
    """
    result = read_projects(file, regions.load(data_dir)).result
    typer.echo(msgspec.json.encode(result).decode() if as_json else _words(result))
    if dry_run or (result.errors and not result.accepted):
        return int(bool(result.errors) and not result.accepted)
    if submit is None:
        typer.echo("\n".join(TEXTS["import.no_submit"]), err=True)
        return 1
    submit(data_dir, result.projects)
    return 0


def _words(result: ImportResult) -> str:
    """Return the result for reading: counts first, then every complaint with its place."""
    counts = (result.accepted, result.rejected, result.skipped_totals)
    lines = ["可导入 accepted {}，退回 rejected {}，合计行 totals {}".format(*counts)]
    for word, problems in (("错误 error", result.errors), ("提示 warning", result.warnings)):
        for item in problems:
            place = f"{item.sheet}!{item.column}{item.row or ''}".strip("!")
            lines.append(f"{word} {place} [{item.code}] {item.zh} / {item.en}")
    return "\n".join(lines)
