"""Tables of the money chain."""

from shanhai.acts import budget, claim, contract, fiscal_year, fund, line, payment
from shanhai.domains.rows import Row


class Transfer(Row, of=fund.Transfer, by=("agreement", "region year")):
    """Transfers from east to west."""


class Allocation(Row, of=fund.Allocation, by=("agreement", "transfer", "region year")):
    """Money passed down by document."""


class FundingLine(Row, of=line.FundingLine, by=("allocation", "region year", "parent")):
    """Funding lines."""


class LineMove(Row, of=line.LineMove, by=("line", "other")):
    """Movements of funding lines."""


class FiscalYear(Row, of=fiscal_year.FiscalYear, by=("region year",)):
    """Fiscal years."""


class FrozenMonth(Row, of=fiscal_year.FrozenMonth, by=("region year",)):
    """Reported months."""


class MonthAdjustment(Row, of=fiscal_year.MonthAdjustment, by=("month",)):
    """Adjustments of reported months."""


class Budget(Row, of=budget.Budget, by=("project", "line", "region year")):
    """Budgets of projects."""


class Contract(Row, of=contract.Contract, by=("project", "lot", "contractor", "region year")):
    """Contracts."""


class ContractChange(Row, of=contract.ContractChange, by=("contract",)):
    """Variations of contracts."""


class Claim(Row, of=claim.Claim, by=("contract", "project", "region state", "state region")):
    """Claims."""


class Payment(
    Row, of=payment.Payment, by=("claim", "contract", "project", "region year", "state paid_ms")
):
    """Payments."""


class PaymentSplit(Row, of=payment.PaymentSplit, by=("payment", "line", "budget", "project")):
    """What payments take of lines."""


class Refund(Row, of=payment.Refund, by=("payment", "region year")):
    """Refunds."""
