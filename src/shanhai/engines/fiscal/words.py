"""What the fiscal engine refuses, in both languages, each with how to mend it."""

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text


def refuse(code: str, **facts: int | str) -> InvalidInputError:
    """Make the error; the caller raises it."""
    return InvalidInputError(f"fiscal.{code}", **facts)


def _text(code: str, zh: str, en: str) -> None:
    TEXTS[f"fiscal.{code}"] = Text(zh, en)


_text(
    "toml",
    '方案不是 TOML：{detail}；中文作键要加引号，如 "收入" = …',
    'The scheme is no TOML: {detail}; keys that are not ASCII need quotes, such as "收入" = …',
)
_text("field", "方案的 {place} 不对：{detail}", "Wrong at {place} of the scheme: {detail}")
_text(
    "unknown",
    "方案的 {place} 没有“{name}”这一项，最接近的是：{nearest}",
    "{place} of the scheme knows no “{name}”; nearest: {nearest}",
)
_text(
    "lacking",
    "方案的 {place} 缺“{name}”，请补上",
    "{place} of the scheme lacks “{name}”; add it",
)
_text(
    "twice",
    "方案的 {place}：名称“{name}”用了两次，请改名",
    "{place} of the scheme: the name “{name}” is used twice; rename one",
)
_text(
    "name.form",
    "方案的 {place}：“{name}”不能作名称；用字母、汉字、数字、下划线，不以数字开头，也不是 net、total、元、and 一类保留字",
    "{place} of the scheme: “{name}” cannot be a name; use letters, digits and underscores, no digit first, and no reserved "
    "word such as net, total, million, and",
)
_text(
    "date",
    "方案自 {valid_from} 至 {valid_to} 有效，{date} 不在其中；请换方案或日期",
    "The scheme holds from {valid_from} to {valid_to}, which leaves out {date}; take another scheme or date",
)
_text(
    "date.value",
    "参数“{name}”在 {date} 没有取值，请在 values 中补一段",
    "Parameter “{name}” has no value on {date}; add a span to its values",
)
_text(
    "number",
    "{place}：“{value}”不是数；请写 12、0.63、63% 或 147/148，金额另写 unit",
    "{place}: “{value}” is no number; write 12, 0.63, 63% or 147/148, and a unit for money",
)
_text(
    "range",
    "{place}：{value} 不在 {least} 至 {most} 之间，请核对数值与单位",
    "{place}: {value} is not between {least} and {most}; check value and unit",
)
_text(
    "syntax",
    "{place} 的公式第 {at} 个字符处不对（见到 {found}）：{formula}",
    "{place}: the formula is wrong at character {at} (found {found}): {formula}",
)
_text(
    "formula.name",
    "{place} 的公式用了没有的名称“{name}”，最接近的是：{nearest}",
    "{place}: the formula uses the unknown name “{name}”; nearest: {nearest}",
)
_text(
    "formula.function",
    "{place} 的公式用了没有的函数“{name}”，最接近的是：{nearest}",
    "{place}: the formula uses the unknown function “{name}”; nearest: {nearest}",
)
_text(
    "formula.arguments",
    "{place}：函数 {name} 的写法是 {usage}",
    "{place}: the function {name} is written {usage}",
)
_text(
    "formula.kind",
    "{place}：{what} 要 {wanted}，这里是 {got}；公式：{formula}",
    "{place}: {what} wants {wanted}, here is {got}; formula: {formula}",
)
_text(
    "formula.unit",
    "{place}：单位不合，{left} 与 {right} 不能用“{operator}”；金额常数请写成带单位的数，如 400 元；公式：{formula}",
    "{place}: units do not fit, {left} and {right} cannot meet in “{operator}”; write amounts as 400 million; formula: {formula}",
)
_text(
    "formula.empty",
    "{place}：{name} 没有可算的单位（where 或 by 之后一个也不剩）；公式：{formula}",
    "{place}: {name} has no unit left to count after where or by; formula: {formula}",
)
_text(
    "formula.fold",
    "{place}：{name} 算不出：{detail}；公式：{formula}",
    "{place}: {name} cannot be computed: {detail}; formula: {formula}",
)
_text(
    "formula.at",
    "{place}：没有单位“{unit}”；公式：{formula}",
    "{place}: there is no unit “{unit}”; formula: {formula}",
)
_text(
    "one_value",
    "{place}：这里要一个对所有单位相同的数，公式却按单位不同；用 sum(…)、mean(…) 等合成一个：{formula}",
    "{place}: one value for all units is wanted, but the formula differs between units; use sum(…), mean(…) …: {formula}",
)
_text(
    "rule",
    "{place}：方法 {method} 算不出：{detail}",
    "{place}: the method {method} cannot compute: {detail}",
)
_text(
    "lookup",
    "查找表 {place} 没有“{key}”（单位 {unit}），也没有 default；请补一行",
    "Lookup {place} has no “{key}” (unit {unit}) and no default; add it",
)
_text(
    "earmark",
    "{place}：{detail}",
    "{place}: {detail}",
)
_text(
    "zero",
    "{place}：{unit} 处除数为 0；请用 if(除数 > 0, …, …) 说明怎样算；公式：{formula}",
    "{place}: division by zero for {unit}; say with if(divisor > 0, …, …) what holds there; formula: {formula}",
)
_text(
    "negative",
    "{place}：{unit} 处 {what} 为负（{value}）；请用 max(0, …) 或核对数据",
    "{place}: {what} is negative ({value}) for {unit}; use max(0, …) or check the data",
)
_text(
    "unknown.value",
    "{place}：{unit} 的“{name}”未填，不知道不等于 0；请补数据，或在公式里用 given({name}, …)",
    "{place}: “{name}” of {unit} is not filled in, and unknown is not 0; fill it in or write given({name}, …)",
)
_text(
    "cycle",
    "公式互相依赖成环：{names}；请去掉其中一处",
    "Formulas depend on one another in a circle: {names}; break it at one place",
)
_text(
    "data.empty", "数据没有行，至少要一个单位", "The data have no rows; at least one unit is needed"
)
_text("data.csv", "数据第 {row} 行不对：{detail}", "Row {row} of the data is wrong: {detail}")
_text(
    "data.column",
    "数据没有“{column}”列（方案的 {place} 要它），最接近的是：{nearest}",
    "The data have no column “{column}” ({place} of the scheme wants it); nearest: {nearest}",
)
_text(
    "data.heading_unit",
    "数据的“{column}”列表头写的单位是“{found}”，方案 {place} 写的是“{wanted}”；请换算数据或改 unit",
    "The heading of column “{column}” says “{found}”, {place} of the scheme “{wanted}”; convert the data or change unit",
)
_text(
    "data.heading",
    "数据的列名“{column}”出现两次",
    "The data have two columns “{column}”; rename one",
)
_text(
    "data.twice",
    "单位“{unit}”出现两次：第 {row} 行与第 {other} 行；请合并或改编码",
    "Unit “{unit}” stands twice, in rows {other} and {row}; merge them or mend the code",
)
_text(
    "data.unit",
    "数据第 {row} 行没有单位编码（{column} 列）",
    "Row {row} has no unit code (column {column})",
)
_text(
    "data.blank",
    "数据第 {row} 行（{unit}）的“{column}”未填；请补上，或在方案该列写 missing",
    "Row {row} ({unit}): “{column}” is blank; fill it in, or write missing for that column of the scheme",
)
_text(
    "data.number",
    "数据第 {row} 行（{unit}）的“{column}”写着“{value}”，应为{wanted}",
    "Row {row} ({unit}): “{column}” says “{value}” where {wanted} is expected",
)
_text(
    "unit",
    "{place}：不认识的金额单位“{name}”，最接近的是：{nearest}",
    "{place}: unknown money unit “{name}”; nearest: {nearest}",
)
_text(
    "weights",
    "{place}：权重之和是 {sum}，应为 1",
    "{place}: the weights add up to {sum}, not 1",
)
_text(
    "no_base",
    "{place}：要分 {total_fen} 元，但没有任何单位的{what}大于 0；请核对公式或数据",
    "{place}: {total_fen} is to be shared, but no unit has {what} above 0; check formula and data",
)
_text(
    "infeasible",
    "{place}：{what}的上下限不相容：下限合计 {low_fen} 元，上限合计 {high_fen} 元，应合计 {total_fen} 元；请放宽 {bounds}",
    "{place}: the bounds on {what} cannot hold: least {low_fen}, most {high_fen}, to add up to {total_fen}; relax {bounds}",
)
_text(
    "crossed",
    "{place}：{unit} 的{what}下限 {low_fen} 元高于上限 {high_fen} 元（{bounds}）；请放宽其一",
    "{place}: for {unit} the least {what} {low_fen} exceeds the most {high_fen} ({bounds}); relax one",
)
_text(
    "unbalanced",
    "{place}：上解合计 {paid_fen} 元，补助合计 {received_fen} 元，相差 {gap_fen} 元，超过容差；请核对数据或改 balance",
    "{place}: paid {paid_fen}, received {received_fen}, {gap_fen} apart, beyond tolerance; check the data or change balance",
)
_text(
    "pair",
    "{place}：结对 {donor}→{recipient} 不对：{detail}",
    "{place}: pair {donor}→{recipient} is wrong: {detail}",
)
_text(
    "parameter",
    "没有参数“{name}”，最接近的是：{nearest}",
    "No parameter “{name}”; nearest: {nearest}",
)
_text(
    "target",
    "目标“{target}”写法不对，应为“公式 = 数”，如 lowest(after) = 90%，或“least 公式”",
    "The target “{target}” is not of the form “formula = number”, such as lowest(after) = 90%, or “least formula”",
)
_text(
    "solve.vary",
    "请用 --vary 指定调哪个参数，可选：{names}",
    "Say with --vary which parameter to move: {names}",
)
_text(
    "solve.between",
    "请用 --vary {name}=低:高 给出范围",
    "Give the range: --vary {name}=low:high",
)
_text(
    "solve.none",
    "参数“{name}”在 {low} 至 {high} 之间时，{formula} 只能取到 {least} 至 {most}，达不到 {value}；请改目标或 --vary 的范围",
    "While “{name}” moves from {low} to {high}, {formula} only reaches {least} to {most}, not {value}; change target or range",
)
_text(
    "scheme.none", "没有方案“{name}”，现有：{nearest}", "No scheme “{name}”; there are: {nearest}"
)
_text(
    "unit.none",
    "结果中没有单位“{name}”，最接近的是：{nearest}",
    "No unit “{name}” in the result; nearest: {nearest}",
)
_text(
    "settle.units",
    "暂付与决算的单位不同：{units}",
    "Provisional and final data differ in their units: {units}",
)
_text("file", "打不开 {path}：{detail}", "Cannot open {path}: {detail}")
_text("set", "“{text}”写法不对，应为 名称=值", "“{text}” is not of the form name=value")
_text(
    "settle.none", "方案没有 [settlement]，无法清算", "The scheme has no [settlement] to settle by"
)
_text(
    "report",
    "要先在方案的 [report] 写明 {wanted}",
    "Write {wanted} in [report] of the scheme first",
)
_text(
    "design",
    "“{text}”写法不对，应为 参数=低:高:点数，如 rate=40%:80%:9",
    "“{text}” is not of the form parameter=low:high:points, such as rate=40%:80%:9",
)
_text(
    "broken",
    "{place}：{method} 使 {unit} 的{what}成为 {amount_fen} 元，超出 {bounds} 的限制；两者不相容，请放宽其一",
    "{place}: {method} makes {what} by {unit} {amount_fen}, beyond {bounds}; the two cannot hold together, relax one",
)
_text(
    "too_large",
    "{place}：数太大，算不下去；请核对公式 {formula}",
    "{place}: a number grows too large; check the formula {formula}",
)
