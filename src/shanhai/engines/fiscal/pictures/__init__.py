"""Pictures of a run as SVG: `sankey.svg`, `lorenz.svg`, `retention.svg`, `waterfall-UNIT.svg`."""

from shanhai.engines.fiscal.margin import retention
from shanhai.engines.fiscal.pictures.charts import (
    lorenz_curve,
    retention_curve,
    sankey,
    waterfall,
)
from shanhai.engines.fiscal.run import Result
from shanhai.engines.fiscal.table import Table

__all__ = ["draw", "lorenz_curve", "retention_curve", "sankey", "waterfall"]


def draw(result: Result, table: Table, unit: str = "") -> dict[str, bytes]:
    """Draw every picture that the scheme's `[report]` allows.

    Args:
        result: The run.
        table: Its data, for marginal retention.
        unit: Whose waterfall; the largest payer's and recipient's if empty.

    Returns:
        File name → SVG.
    """
    found = {"sankey.svg": sankey(result)}
    report = result.scheme.report
    if report is None:
        return found
    found["lorenz.svg"] = lorenz_curve(result)
    for one in [unit] if unit else _extremes(result):
        found[f"waterfall-{_safe(one)}.svg"] = waterfall(result, one)
    if report.margin:
        found["retention.svg"] = retention_curve(result, retention(result, table))
    return found


def _extremes(result: Result) -> list[str]:
    total = result.at("total")
    order = sorted(range(len(total)), key=lambda at: (total[at], at))
    return [result.units[at] for at in dict.fromkeys((order[0], order[-1]))]


def _safe(unit: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in unit)
