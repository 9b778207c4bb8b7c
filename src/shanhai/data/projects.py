"""The published projects: which rows are projects, which are totals, and what their amounts mean.

Source: county notices and press, see `source` of each row of `tables/project_rows.csv`.
"""

from functools import cache

from shanhai.data.base import Fact, count, money_fen, number, rows_of, standing_of
from shanhai.kernel.text import Choice


class RowKind(Choice):
    """What a published row is; only single projects and category rows may be added up."""

    SINGLE = "single", "单个项目", "Single project"
    CATEGORY = "category", "分类行", "Category row"
    SUBTOTAL = "subtotal", "小计", "Subtotal"
    TOTAL = "total", "合计", "Total"


class AmountKind(Choice):
    """What the amount of a row means."""

    AID = "aid", "项目资金", "Project money"
    INVESTMENT = "investment", "计划总投资", "Total planned investment"
    YEARLY = "yearly", "每年金额", "Amount a year"
    NOT_STATED = "not_stated", "—", "—"


class PublishedRow(Fact, frozen=True, kw_only=True):
    """A row of a published announcement; `amount_fen` is None where the notice states none."""

    row_id: str
    scheme: str
    fund_kind: str
    year: str
    county: str
    county_code: str
    town_village: str
    project_name: str
    category: str
    content: str
    amount_fen: int | None
    fund_source: str
    implementing_unit: str
    supervising_unit: str
    start: str
    end: str
    beneficiary_households: int | None
    beneficiary_people: int | None
    beneficiary_poor_households: int | None
    beneficiary_poor_people: int | None
    asset_owner: str
    announcement: str
    publisher: str
    date: str
    completeness: str
    kind: RowKind
    amount_kind: AmountKind

    @property
    def east_west(self) -> bool:
        """Return whether the row is East-West money and not a fund with the same table layout."""
        return self.scheme in {"沪滇", "苏陕", "粤黔"}


_COUNTS = (
    "beneficiary_households",
    "beneficiary_people",
    "beneficiary_poor_households",
    "beneficiary_poor_people",
)


def _kind(row: dict[str, str]) -> RowKind:
    if row["category"] == "合计":
        return RowKind.TOTAL
    if "小计" in row["project_name"]:
        return RowKind.SUBTOTAL
    return RowKind.CATEGORY if row["completeness"].startswith("category") else RowKind.SINGLE


def _amount_kind(row: dict[str, str]) -> AmountKind:
    if not row["amount_wan"]:
        return AmountKind.NOT_STATED
    kinds = {"total investment": AmountKind.INVESTMENT, "yearly amount": AmountKind.YEARLY}
    return kinds.get(row["completeness"], AmountKind.AID)


@cache
def published_rows() -> tuple[PublishedRow, ...]:
    """Return every published row, totals and subtotals too; filter by `kind` before adding up."""
    return tuple(
        PublishedRow(
            **{k: v for k, v in row.items() if k not in {*_COUNTS, "amount_wan"}},  # type: ignore[arg-type]  # text
            **{name: count(row[name]) for name in _COUNTS},  # type: ignore[arg-type]  # counts
            amount_fen=money_fen(number(row["amount_wan"]), "万元"),
            confidence="high",
            standing=standing_of("quoted"),
            kind=_kind(row),
            amount_kind=_amount_kind(row),
        )
        for row in rows_of("project_rows.csv")
    )
