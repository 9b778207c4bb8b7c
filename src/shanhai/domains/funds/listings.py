"""Lists of the money chain."""

from shanhai.acts import budget, claim, contract, fiscal_year, fund, line, payment
from shanhai.domains.listings import listing

listing(
    fund.Transfer,
    ("number", "region", "east_region", "year", "amount_fen", "sent_ms", "received_ms", "state"),
    filters=("agreement", "region", "east_region", "year", "state"),
    search=("number",),
)
listing(
    fund.Allocation,
    ("number", "region", "year", "amount_fen", "recalled_fen", "advance", "issued_ms", "state"),
    filters=("agreement", "transfer", "region", "east_region", "year", "advance", "state"),
    search=("number",),
)
listing(
    line.FundingLine,
    ("number", "region", "year", "kind", "department", "issued_fen", "carried_fen", "state"),
    filters=(
        "allocation",
        "region",
        "east_region",
        "year",
        "kind",
        "department",
        "parent",
        "opening",
        "state",
    ),
    search=("number", "subject"),
)
listing(
    line.LineMove,
    ("number", "kind", "line", "other", "region", "year", "amount_fen", "moved_ms"),
    filters=("line", "other", "kind", "region", "year"),
    search=("number",),
)
listing(
    fiscal_year.FiscalYear,
    ("year", "region", "opened_ms", "closed_ms", "state"),
    filters=("region", "year", "state"),
)
listing(
    fiscal_year.FrozenMonth,
    ("year", "month", "region", "paid_fen", "frozen_ms"),
    filters=("region", "year", "month"),
)
listing(
    fiscal_year.MonthAdjustment,
    ("month", "region", "year", "direction", "amount_fen", "adjusted_ms"),
    filters=("month", "region", "year", "direction"),
)
listing(
    budget.Budget,
    ("number", "project", "line", "region", "year", "amount_fen", "recalled_fen", "state"),
    filters=("project", "line", "region", "east_region", "year", "state"),
    search=("number",),
)
listing(
    contract.Contract,
    ("number", "project", "contractor", "region", "price_fen", "settled_fen", "state"),
    filters=(
        "project",
        "lot",
        "owner",
        "contractor",
        "region",
        "east_region",
        "year",
        "account_kind",
        "state",
    ),
    search=("number",),
)
listing(
    contract.ContractChange,
    ("contract", "change", "project", "way", "amount_fen", "varied_ms"),
    filters=("contract", "change", "project", "region", "way"),
)
listing(
    claim.Claim,
    ("invoice", "contract", "project", "stage", "claimed_fen", "payable_fen", "state"),
    filters=(
        "contract",
        "lot",
        "project",
        "owner",
        "claimant",
        "region",
        "east_region",
        "year",
        "stage",
        "state",
    ),
    search=("invoice",),
)
listing(
    payment.Payment,
    ("code", "project", "payee", "stage", "amount_fen", "refunded_fen", "paid_ms", "state"),
    filters=(
        "claim",
        "contract",
        "project",
        "payee",
        "region",
        "east_region",
        "year",
        "stage",
        "countersigner",
        "state",
    ),
    search=("code",),
)
listing(
    payment.PaymentSplit,
    ("payment", "budget", "line", "project", "year", "amount_fen", "restored_fen", "paid"),
    filters=(
        "payment",
        "budget",
        "line",
        "project",
        "region",
        "east_region",
        "year",
        "paid",
        "off",
    ),
)
listing(
    payment.Refund,
    ("payment", "project", "region", "year", "amount_fen", "restored_fen", "refunded_ms"),
    filters=("payment", "project", "region", "east_region", "year"),
)
