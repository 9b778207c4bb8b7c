"""What the engine refuses, in both languages, each with its place and how to mend it."""

from collections.abc import Iterable

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text


def refused(code: str, **facts: object) -> InvalidInputError:
    """Return the refusal `indicators.<code>`; numbers are shown in twelve digits."""
    return InvalidInputError(f"indicators.{code}", **{k: shown(v) for k, v in facts.items()})


def shown(value: object) -> int | str:
    """Return a fact as a sentence shows it."""
    if isinstance(value, bool | str | int):
        return value if isinstance(value, int) else str(value)
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, Iterable):
        return ", ".join(str(shown(one)) for one in value)
    return str(value)


TEXTS |= {
    f"indicators.{code}": Text(zh, en)
    for code, (zh, en) in {
        "toml": (
            "方案不是有效的 TOML：{detail}；请按所给行列改正",
            "The scheme is no valid TOML: {detail}; correct it at that line and column",
        ),
        "encoding": (
            "{file} 不是 UTF-8 或 GB18030 编码；请另存为 UTF-8",
            "{file} is neither UTF-8 nor GB18030; save it as UTF-8",
        ),
        "unknown": (
            "{place}：不认识“{name}”，最接近的正确名称：{nearest}",
            "{place}: unknown name {name!r}; nearest right name: {nearest}",
        ),
        "required": (
            "{place}：缺少“{name}”，请补上",
            "{place}: {name!r} is required; add it",
        ),
        "value": (
            "{place}：值不合要求（{detail}）；请按参考手册改正",
            "{place}: the value does not fit ({detail}); correct it as the reference says",
        ),
        "duplicate_code": (
            "{place}：代码“{name}”重复；节点和指标的代码都必须唯一",
            "{place}: code {name!r} is used twice; codes of nodes and indicators must be unique",
        ),
        "cycle": (
            "层级成环：{path}；请改其中一个 parent",
            "The hierarchy runs in a circle: {path}; change one of these parents",
        ),
        "roots": (
            "应当只有一个没有 parent 的顶层节点，现有：{names}；请给其余的写上 parent",
            "Exactly one node may stand without a parent, found: {names}; give the others a parent",
        ),
        "childless": (
            "{place}：节点没有下级指标；请删去或补上指标",
            "{place}: the node has no children; remove it or give it indicators",
        ),
        "weights_sum": (
            '节点 {node} 的下级权重之和为 {total}，应为 {wanted}；请改权重，或写 weights.sum = "relative"',
            'The weights under {node} sum to {total}, not to {wanted}; correct them, or write weights.sum = "relative"',
        ),
        "weights_negative": (
            "{place}：权重 {value} 不是非负有限数",
            "{place}: weight {value} is no finite number of at least 0",
        ),
        "weights_zero": (
            "节点 {node} 的下级权重全为零；至少一个须大于零",
            "All children of {node} weigh nothing; at least one weight must be above 0",
        ),
        "weights_undefined": (
            "节点 {node}：{method} 法得不出权重（{detail}）；请换方法或剔除该指标",
            "Node {node}: {method} yields no weights ({detail}); choose another method or leave that indicator out",
        ),
        "bounds": (
            "{place}：界限无解（{detail}）；请放宽",
            "{place}: the bounds are infeasible ({detail}); widen them",
        ),
        "column": (
            "数据没有列“{column}”（{place} 要用），最接近的列：{nearest}",
            "The data has no column {column!r} (asked for by {place}); nearest: {nearest}",
        ),
        "column_twice": (
            "数据的列“{column}”出现两次（第 {first} 列和第 {second} 列）；请删去一个",
            "Column {column!r} stands twice in the data (columns {first} and {second}); remove one",
        ),
        "column_unit": (
            "列“{column}”写的单位是“{found}”，方案要求“{wanted}”（{place}）；请换算后改表头，或改方案",
            "Column {column!r} is in {found!r}, the scheme asks for {wanted!r} ({place}); convert it, or change the scheme",
        ),
        "unit_twice": (
            "单元“{unit}”重复：第 {first} 行和第 {second} 行；请合并或删去一行",
            "Unit {unit!r} stands twice: lines {first} and {second}; merge or remove one",
        ),
        "unit_blank": (
            "第 {line} 行没有单元代码（列“{column}”）；请补上",
            "Line {line} has no unit code (column {column!r}); add it",
        ),
        "unit_unknown": (
            "没有单元“{unit}”，最接近：{nearest}",
            "There is no unit {unit!r}; nearest: {nearest}",
        ),
        "cells": (
            "第 {line} 行有 {found} 个单元格，表头有 {wanted} 列；请补齐或去掉多余的逗号",
            "Line {line} has {found} cells, the heading has {wanted}; complete it or remove the extra commas",
        ),
        "csv": (
            "第 {line} 行不是有效的 CSV（{detail}）；请检查引号是否成对",
            "Line {line} is no valid CSV ({detail}); check that quotes come in pairs",
        ),
        "number": (
            "第 {line} 行（单元 {unit}）列“{column}”的“{text}”不是有限数；请改成数字，缺失请留空",
            "Line {line} (unit {unit}), column {column!r}: {text!r} is no finite number; write one, or leave it empty if missing",
        ),
        "range": (
            "第 {line} 行（单元 {unit}）列“{column}”的 {value} 超出 {low}–{high}（{place}）；请核对单位和量级",
            "Line {line} (unit {unit}), column {column!r}: {value} lies outside {low} to {high} ({place}); check its unit and scale",
        ),
        "empty": ("数据没有行；请补上数据", "The data has no rows; add some"),
        "time": (
            "第 {line} 行列“{column}”的“{text}”不是年份或时点数字",
            "Line {line}, column {column!r}: {text!r} is no number of a year or time",
        ),
        "nonpositive": (
            "单元 {unit}：{place} 的 {method} 要求正数，而 {child} = {value}；请先归一到正区间（如 minmax 1–100）或换方法",
            "Unit {unit}: {method} at {place} needs positive values, but {child} = {value}; normalise to 1–100 first or change the method",
        ),
        "gap": (
            "单元 {unit}：{place} 的 {method} 不容缺失，而 {child} 缺失；请先插补或筛除",
            "Unit {unit}: {method} at {place} cannot do with gaps, but {child} is missing; impute or screen first",
        ),
        "constant": (
            "{child} 在 {place} 处所有单元相同（= {value}），{method} 无从计算；请剔除该指标或换方法",
            "{child} is {value} for every unit at {place}: {method} cannot be computed; leave it out or choose another method",
        ),
        "few": (
            "{place}：{child} 只有 {found} 个值，{method} 至少要 {wanted} 个",
            "{place}: {child} has {found} values, {method} needs at least {wanted}",
        ),
        "zero_denominator": (
            "单元 {unit}：{place} 的分母“{column}”为 {value}；请改数据或剔除该单元",
            "Unit {unit}: denominator {column!r} of {place} is {value}; correct the data or leave the unit out",
        ),
        "direction": (
            "{place}：指标方向为 -1，但没有 normalise 步骤，{method} 不会自行换向；请加 normalise 步骤",
            "{place}: the indicator's direction is -1, but no normalise step was taken and {method} does not turn it; add a normalise step",
        ),
        "formula": (
            "{place}：公式不能用（{detail}）；请按参考手册“公式”一节改正",
            "{place}: the formula cannot be used ({detail}); see the section on formulas in the reference",
        ),
        "formula_value": (
            "{place}：单元 {unit} 的公式没有有限结果（{detail}）；请检查该行数据",
            "{place}: the formula has no finite result for unit {unit} ({detail}); check that row",
        ),
        "nothing_left": (
            "{place}：筛选后没有剩下{what}；请放宽门槛",
            "{place}: screening leaves no {what}; lower the threshold",
        ),
        "not_finite": (
            "{place}：{child} 在单元 {unit} 处溢出或无定义；请检查量级与参数",
            "{place}: {child} overflows or is undefined for unit {unit}; check scale and parameters",
        ),
        "too_large": (
            "{place}：{detail}；请减少后再算",
            "{place}: {detail}; make it smaller",
        ),
        "no_panel": (
            "数据不是面板，没有时点 {time}；请在方案的 [data] 写上 time，或去掉 --time、--since",
            "The data is no panel and has no time {time}; name its column as time in [data], or leave out --time and --since",
        ),
        "unreachable": (
            "单元 {unit} 在所给改进范围内到不了“{grade}”（还差 {gap}）；请放宽 improve 的上限",
            "Unit {unit} cannot reach {grade!r} within the allowed improvements ({gap} short); widen the limits",
        ),
        "not_needed": (
            "单元 {unit} 已是最高等级“{grade}”，无需再升",
            "Unit {unit} already has the best grade {grade!r}",
        ),
        "result": (
            "{file} 不是 shanhai indicators run 写的结果：{detail}；请给出其 --out 目录",
            "{file} is no result of shanhai indicators run: {detail}; name its --out folder",
        ),
    }.items()
}
