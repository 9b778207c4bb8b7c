"""The model card: what the score is for, what it was tested on, how it fares beside persistence and by group."""

from typing import Any

import msgspec

USE_ZH = "只用来增加入户走访名单；规则预警和农户自报从不因分数而取消；不作为认定或退出的依据。"
USE_EN = (
    "Only adds households to the visit list; alerts and self-reports are never suppressed by it; "
    "no ground for recognising or removing a household."
)
PROTOCOL = (
    "Each tested year is predicted from earlier years and other households only; calibrated (level and slope, "
    "pulled towards no change) on the last year before it; intervals: 95 %, bootstrap of whole households. The score "
    "is persistence, the household's own past, and boosted terms, each on what is left unexplained."
)
LIMITS = (
    "Households outside the range of the training data, or whose income now is unknown, get no score. "
    "Where the interval of average precision minus persistence holds 0, the score is not shown to be better "
    "than persistence. ECE p: how often a perfectly calibrated score would show as high an ECE on as many rows; "
    "above 0.05 it is no evidence of miscalibration."
)


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Counts, measures by model (`ebm`, `lightgbm`, `persistence`), gaps with intervals, subgroups."""

    task: str
    rows: int
    set_aside: int
    repeated: int
    households: int
    years: tuple[int, ...]
    tested_years: tuple[int, ...]
    tested_rows: int
    tested_positives: int
    capacity: float
    models: dict[str, dict[str, float]]
    ap_minus_persistence: dict[str, dict[str, float]]
    subgroups: tuple[dict[str, Any], ...]
    use_zh: str = USE_ZH
    use_en: str = USE_EN
    protocol: str = PROTOCOL
    limits: str = LIMITS


def markdown(card: Card) -> str:
    """Return the card as Markdown, Chinese beside English."""
    lines = [
        "# 风险评分模型卡 Model card of the risk score",
        "",
        f"- 用途 Use: {card.use_zh} {card.use_en}",
        f"- 任务 Task: {card.task}（下一年低于线 below the line next year）",
        f"- 数据 Data: rows 行 {card.rows}, set aside 退回 {card.set_aside}, repeated 重复 {card.repeated}",
        f"- 户 Households: {card.households}; years 年 {card.years[0]}–{card.years[-1]}",
        f"- 检验 Tested: years 年 {', '.join(map(str, card.tested_years))}; rows 行 {card.tested_rows}",
        f"- 其中低于线 Of these below the line: {card.tested_positives}",
        f"- 方法 Protocol: {card.protocol}",
        f"- 局限 Limits: {card.limits}",
        "",
        f"| model 模型 | AP | AUC | Brier | ECE | ECE 95 % | by chance 偶然 | p | recall 查全率 {card.capacity:.0%} |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, one in card.models.items():
        shown = [f"{one[key]:.4f}" for key in ("average_precision", "auc", "brier", "ece")]
        shown += [f"{one['ece_low']:.4f} … {one['ece_high']:.4f}", f"{one['ece_chance']:.4f}"]
        shown += [f"{one['ece_p']:.3f}", f"{one['recall_at_capacity']:.4f}"]
        lines.append(f"| {name} | {' | '.join(shown)} |")
    lines += ["", "| AP − persistence | value 值 | 95 % |", "|---|---|---|"]
    for name, one in card.ap_minus_persistence.items():
        lines.append(f"| {name} | {one['value']:+.4f} | {one['low']:+.4f} … {one['high']:+.4f} |")
    return "\n".join([*lines, *_subgroups(card)]) + "\n"


def _subgroups(card: Card) -> list[str]:
    if not card.subgroups:
        return []
    lines = ["", "| column 列 | group 组 | rows | below | recall 查全率 | 95 % | bias 偏差 |"]
    lines.append("|---|---|---|---|---|---|---|")
    for one in card.subgroups:
        recall = "–" if one["recall"] is None else f"{one['recall']:.3f}"
        lines.append(
            f"| {one['column']} | {one['group'] or '（空 blank）'} | {one['rows']} | {one['positives']} | "
            f"{recall} | {one['recall_low']:.3f}–{one['recall_high']:.3f} | {one['bias']:+.3f} |"
        )
    return lines
