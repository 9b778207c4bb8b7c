"""`shanhai link tokens|clk|match|psi …`: link without handing over lists; the guide says what each reveals."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shanhai.engines.linkage.files import Task
    from shanhai.engines.linkage.private import Secret

psi = typer.Typer(
    no_args_is_help=True,
    help="隐私求交：ask → answer → result。 Private set intersection of valid numbers, in three steps.",
)
File = Annotated[Path, typer.Argument(help=".csv, .parquet, .xlsx.")]
Out = Annotated[Path, typer.Option("--out", help="File to write.")]
Key = Annotated[Path, typer.Option("--key", help="密钥文件 Key file: openssl rand -hex 32.")]
Project = Annotated[
    str, typer.Option("--project", help="项目名 Project; both departments use the same.")
]
SpecFile = Annotated[
    Path | None, typer.Option("--spec", help="Spec (TOML), see the guide linkage.md.")
]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day that is today.")
]
State = Annotated[Path, typer.Option("--state", help="只留本方 Kept by the asker alone; a secret.")]


def tokens(
    file: File, key: Key, project: Project, out: Out, spec: SpecFile = None, on: On = None
) -> None:
    """把有效证件号换成带密钥的标记 Keyed tokens in place of valid numbers: id, token."""
    from shanhai.cli.link import tell
    from shanhai.engines.linkage.private import tokens_file

    tell(tokens_file(file, _task(spec, on), _secret(key, project), out), out)


def clk(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    key: Key,
    project: Project,
    out: Out,
    columns: Annotated[
        str,
        typer.Option("--columns", help="双方都有的列 Columns that both have: name,birth,id_no."),
    ] = "",
    flip: Annotated[
        float,
        typer.Option(
            "--flip", min=0, max=0.5, help="噪声 Noise: share of bits to flip, e.g. 0.02."
        ),
    ] = 0.0,
    spec: SpecFile = None,
    on: On = None,
) -> None:
    """把记录编成布隆过滤器交连接单位 Bloom filters for a linkage unit (.parquet)."""
    from shanhai.cli.link import tell
    from shanhai.engines.linkage.private import filters_file

    chosen = tuple(filter(None, columns.replace("，", ",").split(",")))
    secret = _secret(key, project)
    tell(filters_file(file, _task(spec, on), secret, out, columns=chosen, flip=flip), out)


def match(
    left: File,
    right: File,
    out: Out,
    threshold: Annotated[
        float, typer.Option("--threshold", min=0, max=1, help="Least Dice coefficient.")
    ] = 0.6,
) -> None:
    """连接单位比对双方的标记或过滤器 The linkage unit's part: id_left, id_right, similarity."""
    from shanhai.cli.link import tell
    from shanhai.engines.linkage.private import match_files

    tell(match_files(left, right, out, threshold), out)


@psi.command("ask")
def ask(
    file: File,
    state: State,
    out: Out,
    size_only: Annotated[
        bool, typer.Option("--size-only", help="只求个数 Learn only how many both have.")
    ] = False,
    spec: SpecFile = None,
    on: On = None,
) -> None:
    """询问方第一步 The asker's first step: write the questions for the other department."""
    from shanhai.cli.link import tell
    from shanhai.engines.linkage.private import psi_ask

    workers = os.cpu_count() or 1
    tell(psi_ask(file, _task(spec, on), state, out, reveal=not size_only, workers=workers), out)


@psi.command("answer")
def answer(
    file: File,
    request: Annotated[Path, typer.Option("--request", help="对方的询问 The asker's file.")],
    out: Out,
    most: Annotated[
        int, typer.Option("--most", min=1, help="最多答多少个 Refuse more questions than this.")
    ] = 200_000,
    spec: SpecFile = None,
    on: On = None,
) -> None:
    """应答方 The answering department."""
    from shanhai.cli.link import tell
    from shanhai.engines.linkage.private import psi_answer

    workers = os.cpu_count() or 1
    tell(psi_answer(file, _task(spec, on), request, out, most=most, workers=workers), out)


@psi.command("result")
def result(
    state: State,
    answer: Annotated[Path, typer.Option("--answer", help="对方的应答 The other's file.")],
    out: Out,
) -> None:
    """询问方第二步 The asker's second step: column id, or common (how many)."""
    from shanhai.cli.link import tell
    from shanhai.engines.linkage.private import psi_result

    tell(psi_result(state, answer, out, os.cpu_count() or 1), out)


def _task(spec: Path | None, on: datetime | None) -> "Task":
    from shanhai.cli.link import task

    return task(spec, "both", on, 600, 0)


def _secret(key: Path, project: str) -> "Secret":
    from shanhai.engines.linkage.private import Secret
    from shanhai.engines.linkage.tokens import read_key

    return Secret(read_key(key), project)
