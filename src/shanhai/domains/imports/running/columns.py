"""The four tables of a 期初 workbook: their columns, what a cell holds, other headings that mean the same."""

from enum import Enum
from typing import Any, NamedTuple

from shanhai.acts.contract import AccountKind
from shanhai.acts.line import LineKind
from shanhai.acts.lot import LotKind
from shanhai.acts.machine import Choice
from shanhai.acts.opening_balance import Stage
from shanhai.acts.opening_guards import LOT_LINE
from shanhai.acts.project import Sector
from shanhai.kernel.text import Text


class Holds(Enum):
    """What a cell of a column holds."""

    WORD = "word"
    AMOUNT = "amount"
    SHARE = "share"
    DAY = "day"
    YEAR = "year"
    REGION = "region"
    BODY = "body"
    CHOICE = "choice"
    HASH = "hash"


class Column(NamedTuple):
    """One column: the act's field, its heading, what it holds, whether it may stay blank or be zero."""

    field: str
    text: Text
    holds: Holds = Holds.WORD
    blank: bool = False
    choices: tuple[Choice, ...] = ()
    also: tuple[str, ...] = ()
    nought: bool = False


class Kind(NamedTuple):
    """One table of the workbook."""

    name: str
    text: Text
    columns: tuple[Column, ...]

    def column(self, field: str) -> Column:
        """Return a column by its field."""
        return next(one for one in self.columns if one.field == field)


W = Holds


def _c(field: str, zh: str, en: str, holds: Holds = W.WORD, **more: Any) -> Column:
    return Column(field, Text(zh, en), holds, **more)


PROJECT_NAME = _c("project", "项目名称", "Project", also=("所属项目", "项目"))
DOCUMENT = _c("document", "资料校验值", "Document hash", W.HASH, blank=True)
PROJECTS = Kind(
    "projects",
    Text("期初项目", "Running projects"),
    (
        PROJECT_NAME,
        _c("region", "行政区划代码", "Region code", W.REGION, blank=True),
        _c("year", "年度", "Year", W.YEAR, also=("项目年度", "批复年度")),
        _c("category", "项目类别", "Category", also=("类别",)),
        _c("sector", "投向", "Sector", W.CHOICE, choices=tuple(Sector)),
        _c("place", "实施地点", "Place", also=("建设地点",)),
        _c("content", "建设内容", "Content", also=("建设内容及规模",)),
        _c("owner", "项目业主", "Owner", W.BODY, also=("业主单位", "实施单位")),
        _c("department", "主管部门", "Department", W.BODY, also=("主管单位",)),
        _c("approver", "批复单位", "Approved by", W.BODY),
        _c("number", "批复文号", "Approval number"),
        _c("approved_ms", "批复日期", "Approved on", W.DAY, also=("批复时间",)),
        _c("approved_fen", "批复资金", "Approved", W.AMOUNT, also=("批复金额",)),
        _c(
            "paid_before_fen",
            "期初累计已付",
            "Paid before",
            W.AMOUNT,
            nought=True,
            also=("累计已付",),
        ),
        _c("stage", "项目环节", "Stage", W.CHOICE, choices=tuple(Stage)),
        _c("warranty_until_ms", "质保期至", "Defects period until", W.DAY, blank=True),
    ),
)
LOTS = Kind(
    "lots",
    Text("期初标段", "Lots"),
    (
        PROJECT_NAME,
        _c("name", "标段名称", "Lot", also=("标段",)),
        _c("kind", "标的", "Kind", W.CHOICE, choices=tuple(LotKind)),
        _c("estimate_fen", "概算", "Estimate", W.AMOUNT, also=("概算金额",)),
        _c("control_fen", "控制价", "Control price", W.AMOUNT, blank=True),
        _c("settled_fen", "结算金额", "Settled", W.AMOUNT, blank=True),
        _c("state", "标段环节", "Stage", W.CHOICE, choices=LOT_LINE),
    ),
)
CONTRACTS = Kind(
    "contracts",
    Text("期初合同", "Contracts"),
    (
        PROJECT_NAME,
        _c("lot", "标段名称", "Lot", also=("标段",)),
        _c("number", "合同编号", "Contract number", also=("合同号",)),
        _c(
            "contractor",
            "承建或供应单位",
            "Contractor",
            W.BODY,
            also=("承建单位", "中标单位", "乙方"),
        ),
        _c("price_fen", "合同价", "Price with approved changes", W.AMOUNT, also=("合同金额",)),
        _c("advance_permille", "预付款比例", "Advance share", W.SHARE, blank=True),
        _c("retention_permille", "质保金比例", "Retention share", W.SHARE, blank=True),
        _c("account", "收款账户", "Payee account"),
        _c(
            "account_kind",
            "账户性质",
            "Kind of account",
            W.CHOICE,
            choices=tuple(AccountKind),
            blank=True,
        ),
        _c("signed_ms", "签订日期", "Signed on", W.DAY, also=("签订时间",)),
        _c("certified_fen", "累计核定工程量", "Certified so far", W.AMOUNT, nought=True),
        _c(
            "paid_before_fen",
            "合同累计已付",
            "Paid before",
            W.AMOUNT,
            nought=True,
            also=("累计已付",),
        ),
        _c("retained_before_fen", "累计扣留质保金", "Retained before", W.AMOUNT, nought=True),
        _c("defects_until_ms", "缺陷责任期至", "Defects period until", W.DAY, blank=True),
        DOCUMENT,
    ),
)
MONEY = Kind(
    "money",
    Text("期初资金", "Money"),
    (
        PROJECT_NAME,
        _c("line", "指标文号", "Line number"),
        _c("subject", "预算科目", "Budget subject"),
        _c("kind", "资金性质", "Kind", W.CHOICE, choices=tuple(LineKind)),
        _c("department", "预算单位", "Budget unit", W.BODY),
        _c("origin_year", "首次下达年度", "Year first issued", W.YEAR),
        _c("year", "预算年度", "Fiscal year", W.YEAR),
        _c("issued_fen", "指标金额", "Issued", W.AMOUNT),
        _c("amount_fen", "安排本项目", "Assigned to the project", W.AMOUNT, also=("安排金额",)),
        _c("number", "安排文号", "Assigned by", also=("预算文号",)),
        _c("contract", "合同编号", "Contract number", blank=True, also=("合同号",)),
        _c("paid_fen", "其中已付", "Paid of it", W.AMOUNT, blank=True, also=("已付金额",)),
        DOCUMENT,
    ),
)
KINDS = (PROJECTS, LOTS, CONTRACTS, MONEY)
