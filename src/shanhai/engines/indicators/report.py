"""A unit's report as PDF: score, rank and band, pillars, every indicator's points, rules, the way up, notes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import msgspec

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.explain import explain, strengths
from shanhai.engines.indicators.output import plain, rank_cell
from shanhai.engines.indicators.pictures import FACES, radar
from shanhai.engines.indicators.run import Run
from shanhai.engines.indicators.telling import way_up
from shanhai.engines.indicators.upgrade import Plan

MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Of every report, so that the same input gives the same bytes; the reader's clock is not ours."""


def report(
    run: Run, row: int, inputs: Mapping[str, str], band: Mapping[str, Any] | None = None
) -> bytes:
    """Return the PDF of a row.

    Args:
        run: The run.
        row: Its number.
        inputs: SHA-256 of scheme and data, printed at the foot.
        band: The row of an analysis, None where there is none.
    """
    import typst  # noqa: PLC0415 - loads fonts

    data = msgspec.json.encode(plain(told(run, row, inputs, band))).decode()
    template = files("shanhai.engines.indicators").joinpath("report.typ").read_bytes()
    fonts = typst.Fonts()
    picture = radar(run, row).decode()
    made = typst.compile(
        template, font_paths=fonts, sys_inputs={"data": data, "radar": picture}, timestamp=MADE
    )
    return bytes(made)


def told(
    run: Run, row: int, inputs: Mapping[str, str], band: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the report says, as JSON can hold it."""
    found, tree, about = explain(run, row), run.combined.tree, run.scheme.about
    plan = way_up(run, row)
    way = plan if isinstance(plan, Plan) else None
    rules = [
        [
            rule["rule"],
            rule["article"] or "—",
            str(rule.get("points", rule.get("grade", rule.get("score")))),
        ]
        for rule in found.rules
    ]
    foot = [
        about.name,
        about.version,
        f"scheme {inputs.get('scheme', '')[:16]}",
        f"data {inputs.get('data', '')[:16]}",
    ]
    return {
        **strengths(run, row),
        "title": f"{run.table.names[row]} 评价报告 Assessment",
        "subtitle": " ".join(
            filter(None, [about.name, about.name_en, about.version, about.status])
        ),
        "faces": [*FACES, "Libertinus Serif"],
        "facts": _facts(run, row, band),
        "pillars": [_pillar(run, row, code, found.parts) for code in tree.children[tree.root]],
        "leaves": found.leaves,
        "rules": rules,
        "way": way.changes if way else [],
        "way_text": f"{way.grade} → {way.target}: {way.score:.4g} → {way.reached:.4g}, 成本 cost {way.cost:.6g}"
        if way
        else "",
        "notes": [f"{note.zh} {note.en}" for note in run.notes][:20],
        "footer": " · ".join(filter(None, foot)),
    }


def _pillar(run: Run, row: int, code: str, parts: Mapping[str, float]) -> dict[str, Any]:
    values = run.combined.values[code]
    return {
        "name": run.scheme.label(code),
        "value": float(values[row]),
        "mean": float(arrays.mean(values)),
        "points": parts[code],
    }


def _facts(run: Run, row: int, band: Mapping[str, Any] | None) -> list[list[str]]:
    judged, n = run.judged, len(run.table.units)
    facts = [
        ["单元 unit", run.table.row_name(row)],
        ["得分 score", f"{judged.scores[row]:.2f}"],
        ["名次 rank", f"{rank_cell(judged.ranks[row])} / {n}"],
    ]
    if judged.class_ranks is not None:
        facts.append(
            [
                "类内名次 class rank",
                f"{rank_cell(judged.class_ranks[row])} ({run.table.keys['class'][row]})",
            ]
        )
    if judged.grades is not None:
        facts.append(["等级 grade", judged.grades[row] or "—"])
    if band is not None:
        facts.append(["名次区间 rank band", f"{band['rank_low']:.0f}–{band['rank_high']:.0f}"])
        if band.get("grade_stability") is not None:
            facts.append(["等级把握 grade probability", f"{band['grade_stability']:.0%}"])
    return facts
