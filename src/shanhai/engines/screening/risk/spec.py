"""What a risk score is trained on: the columns of a panel, its task and its settings, in TOML."""

import tomllib
from typing import Annotated, Literal

import msgspec

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.risk_spec": Text(
        "{where}：风险评分说明写法不对：{detail}，请对照指南改正",
        "{where}: the specification of the risk score is malformed: {detail}; compare it with the guide",
    ),
    "screen.risk_empty": Text(
        "户表没有一行数据，请换一个有数据的文件",
        "The panel has no row; give a file with data",
    ),
    "screen.risk_column": Text(
        "没有列“{name}”，请补上或在说明里改名",
        "No column “{name}”; add it or rename it in the specification",
    ),
    "screen.risk_years": Text(
        "能与下一年对上的年份只有 {found} 个，至少要 3 个（连续 4 年），请补充往年数据",
        "Only {found} years can be compared with the next; 3 are needed (4 years in a row): add earlier years",
    ),
    "screen.risk_few": Text(
        "可用的 {rows} 行里有 {positives} 行下一年低于线，两类都至少要 {least} 行，请补充数据",
        "Of {rows} usable rows {positives} are below the line next year; at least {least} of either kind "
        "are needed: add data",
    ),
    "screen.risk_model": Text(
        "{where}：不是本程序写的评分模型（{detail}），请用 shanhai screen train 重新训练",
        "{where}: not a model of this program ({detail}); train it again with shanhai screen train",
    ),
}


class Covariate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[covariates]]`: a column known in the year of the score, and what to call it."""

    name: str
    kind: Literal["number", "category"] = "number"
    zh: str = ""
    en: str = ""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns and settings; `income` and `line` are in the same unit, for only their ratio is used.

    `task` is `any` (below the line next year) or `entry` (the same, of those above it now). `groups` are
    columns whose gaps the card reports; they are no inputs unless they are covariates too. `capacity` is
    the share of scored households that can be visited.
    """

    unit: str = "household_id"
    year: str = "year"
    income: str = "income"
    line: str = "line"
    task: Literal["any", "entry"] = "any"
    covariates: tuple[Covariate, ...] = ()
    groups: tuple[str, ...] = ()
    capacity: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.1
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 7
    folds: Annotated[int, msgspec.Meta(ge=2, le=20)] = 3
    test_years: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3
    bags: Annotated[int, msgspec.Meta(ge=1, le=100)] = 2
    rounds: Annotated[int, msgspec.Meta(ge=1, le=20_000)] = 60
    draws: Annotated[int, msgspec.Meta(ge=100, le=100_000)] = 1000


def load_spec(content: str | bytes, name: str = "risk.toml") -> Spec:
    """Read a specification: TOML, in UTF-8.

    Raises:
        InvalidInputError: It is malformed, or a column is named twice.
    """
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        spec = msgspec.convert(tomllib.loads(text), Spec)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InvalidInputError("screen.risk_spec", where=name, detail=str(error)) from error
    names = [spec.unit, spec.year, spec.income, spec.line, *(one.name for one in spec.covariates)]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        detail = f"一列用了两次 a column is used twice: {', '.join(twice)}"
        raise InvalidInputError("screen.risk_spec", where=name, detail=detail)
    return spec
