"""`shanhai screen train` and `score`: the risk score beside the rules."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from shanhai.kernel.files import write_bytes

Panel = Annotated[Path, typer.Argument(help="历年户表 Panel: .parquet, .csv or .xlsx.")]


def train(
    data: Panel,
    spec: Annotated[Path, typer.Option("--spec", help="说明 TOML: columns, task, covariates.")],
    out: Annotated[Path, typer.Option("--out", help="模型 Model, .json; the card lies beside it.")],
) -> None:
    """训练风险评分 Train a risk score and write its model card."""
    from shanhai.engines.screening.intake.table import read_table
    from shanhai.engines.screening.paths import apart, ending
    from shanhai.engines.screening.risk import train as risk
    from shanhai.engines.screening.risk.card import markdown
    from shanhai.engines.screening.risk.spec import load_spec
    from shanhai.kernel.files import beside

    ending(out, ".json")
    apart([out, *(beside(out, one) for one in risk.BESIDE)], [data, spec])
    settings = load_spec(_file(spec).read_bytes(), spec.name)
    trained, rejected = risk.train(read_table(_file(data)), settings)
    risk.write(trained, rejected, out)
    typer.echo(markdown(trained.card), nl=False)


def score(
    data: Panel,
    model: Annotated[Path, typer.Option("--model", help="模型 Model written by train.")],
    out: Annotated[Path, typer.Option("--out", help="结果 Scores, .csv.")],
    visits: Annotated[
        Path | None,
        typer.Option("--visits", help="走访名单 The list so far (a column household_id)."),
    ] = None,
    capacity: Annotated[
        float | None, typer.Option("--capacity", min=0, max=1, help="增加的比例 Share to add.")
    ] = None,
) -> None:
    """给农户打分 Score households in their latest year; only adds to the visit list."""
    from shanhai.engines.screening.intake.table import read_table
    from shanhai.engines.screening.paths import apart, ending
    from shanhai.engines.screening.risk import train as risk
    from shanhai.engines.screening.risk.score import HEADINGS
    from shanhai.engines.screening.risk.score import score as run
    from shanhai.kernel.files import beside

    ending(out, ".csv")
    listing = [visits] if visits is not None else []
    apart([out, beside(out, "rejects.csv")], [data, model, *listing])
    trained = risk.load(_file(model).read_bytes(), model.name)
    listed = _listed(visits)
    found, rejected = run(read_table(_file(data)), trained, listed, capacity)
    write_bytes(out, risk.table(HEADINGS, [one.row for one in found]))
    write_bytes(beside(out, "rejects.csv"), risk.rejects(rejected))
    states, lists = Counter(one.state for one in found), Counter(one.visit for one in found)
    typer.echo(f"households 户 {len(found)} set aside 退回 {len(rejected)}")
    typer.echo(" ".join(f"{key} {states[key]}" for key in ("scored", "abstain", "below", "absent")))
    typer.echo(
        "visit 走访 " + " ".join(f"{key} {lists[key]}" for key in ("rules", "score", "both"))
    )


def _listed(visits: Path | None) -> set[str]:
    from shanhai.engines.screening.intake.table import read_table
    from shanhai.engines.screening.risk.panel import text

    if visits is None:
        return set()
    rows = read_table(_file(visits))
    if rows and "household_id" not in rows[0]:
        raise typer.BadParameter(
            f"{visits}: 没有列 household_id，请补上或改名 no column household_id; add it or rename one"
        )
    return {text(row["household_id"]) for row in rows} - {""}


def _file(path: Path) -> Path:
    if not path.is_file():
        raise typer.BadParameter(f"没有这个文件，请核对路径 no such file, check the path: {path}")
    return path
