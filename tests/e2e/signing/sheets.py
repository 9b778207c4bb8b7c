"""Configurations of <shanhai-sign> as the web layer makes them, around bodies for a test ledger."""

import json
from typing import Any

import msgspec

from e2e.signing.books import START_MS, Book, body, committed
from shanhai.kernel.canonical import to_base64

FIELDS: dict[str, Any] = {
    "amount_fen": {"kind": "amount", "text": ["支付金额", "Amount to pay"]},
    "account": {"kind": "commitment", "text": ["收款账户", "Payee's account"], "main": True},
    "claim": {"kind": "ref", "text": ["请款", "Claim"]},
    "stage": {
        "kind": "choice",
        "text": ["款项阶段", "Stage"],
        "choices": {"progress": ["进度款", "Progress payment"]},
    },
    "due_ms": {"kind": "moment", "text": ["应付时间", "Due"]},
    "scan": {"kind": "digest", "text": ["审批单", "Approval form"]},
    "urgent": {"kind": "flag", "text": ["加急", "Urgent"]},
    "share": {"kind": "permille", "text": ["东部比例", "Eastern share"]},
    "reason": {"kind": "word", "text": ["事由", "Reason"]},
    "splits": {
        "kind": "rows",
        "text": ["资金渠道", "Funding lines"],
        "fields": {
            "line": {"kind": "ref", "text": ["指标", "Line"]},
            "amount_fen": {"kind": "amount", "text": ["金额", "Amount"]},
        },
    },
}


def payload(book: Book, amount_fen: int = 123_456_789) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a payload with a field of every kind, and its openings."""
    made, opening = committed(book, "account", "甘肃模拟农民专业合作社 6228 **** 0001")
    splits = [
        {"amount_fen": amount_fen - 100, "line": "lin1"},
        {"amount_fen": 100, "line": "lin2"},
    ]
    values = {
        "account": made,
        "amount_fen": amount_fen,
        "claim": "clm1",
        "due_ms": START_MS,
        "reason": "第一笔进度款",
        "scan": "ab" * 32,
        "share": 650,
        "splits": splits,
        "stage": "progress",
        "urgent": True,
    }
    return values, {"account": json.loads(msgspec.json.encode(opening))}


def sheet(book: Book, kid: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return one act of a page; `fields` overrides the body's fields."""
    values, openings = payload(book, 123_456_789 * number)
    raw = body(
        book.ledger,
        kid,
        **{"payload": values, "subject": f"pay{number}", "nonce": f"{number:032x}"} | fields,
    )
    return {
        "act": "payment.order/1",
        "body": to_base64(raw),
        "text": ["下达支付令", "Order a payment"],
        "subject": [f"冷链仓库一期第{number}笔", f"Cold store, payment {number}"],
        "fields": FIELDS,
        "names": {
            "pst0": ["县财政局经办（模拟）", "County finance officer (模拟)"],
            "clm1": ["第 3 号请款", "Claim no. 3"],
            "lin1": ["闽财指〔2024〕1号（模拟）", "Line 1 (模拟)"],
        },
        "openings": openings,
    }


def config(book: Book, acts: list[dict[str, Any]], **extra: Any) -> dict[str, Any]:
    """Return the page's configuration."""
    return {"acts": acts, "now_ms": START_MS + 1, "submit": "/submit", "reload": "/again"} | extra
