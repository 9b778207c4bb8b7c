"""What every document shares: its code, the address in its QR, and the checkpoint at its foot."""

from collections.abc import Iterable
from typing import Any

from shanhai.acts.machine import Object, Person, Post
from shanhai.acts.officer import Organisation
from shanhai.acts.witness_policy import policies_of
from shanhai.domains import names
from shanhai.domains.book.handle import node
from shanhai.domains.documents import codes
from shanhai.domains.documents.signed import Signature
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.kernel.periods import iso
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.policy import Policies

ROOT_SHOWN = 16
TEXTS["document.too_early"] = Text(
    "“{name}”还没有可以打印的内容：{reason}",
    "“{name}” has nothing to print yet: {reason_en}",
)


def shared(kind: str, deciding: Signature) -> dict[str, Any]:
    """Return the fields of a paper that follow from the act it prints.

    Nothing here depends on when it is printed: the checkpoint is the one that the act itself made, so
    that the same state gives the same bytes.
    """
    book, size = node(), deciding.entry + 1
    code = codes.code_of(kind, deciding.act_id)
    root = book.root_at(size).hex()
    return {
        "kind": kind,
        "code": codes.grouped(code),
        "url": f"{next(iter(book.constants.web.origins))}/p/{code}",
        "time_ms": deciding.time_ms,
        "proof": (
            f"校验码 {codes.grouped(code)}",
            f"账本 {book.constants.origin} 第 {deciding.entry} 条（{iso(deciding.time_ms)}）",
            f"检查点 {size} 条，根 {root[:ROOT_SHOWN]}…{root[-4:]}",
            *unproved(policies_of(book.storage, book.constants.ledger), size),
            "待盖章：加盖印章后扫描上传，凭二维码登记",
        ),
        "simulated": book.constants.simulated,
    }


def unproved(policies: Policies | None, size: int) -> tuple[str, ...]:
    """Return what a sheet of paper cannot show on a witnessed ledger: that its checkpoint is final.

    Args:
        policies: Of the log, None where it has none.
        size: Entries of the checkpoint on the sheet.
    """
    if policies is None:
        return ()
    policy = policies.at(size)
    need, count = policy.quorum, len(policy.domains)
    return (f"最终确认须 {count} 个故障域中的 {need} 个联署，本页不作证明，扫码查验",)


def organ_names(ids: Iterable[str]) -> dict[str, str]:
    """Return organisations' names by id; one query."""
    return {one.id: one.name for one in by_id(Organisation, ids).values()}


def posts_of(persons: Iterable[str]) -> dict[str, str]:
    """Return each person's post in words (organ and role), because names are committed, not written."""
    wanted = [one for one in persons if one]
    held = structs(Post, row_of(Post).objects.filter(person__in=wanted).order_by("-id"))
    organs = organ_names(post.organisation for post in held)
    people = by_id(Person, wanted)
    made = {post.person: f"{organs.get(post.organisation, '')}（{post.role.zh}）" for post in held}
    return {one: made.get(one, "") for one in people}


def place(found: Object, field: str = "region") -> str:
    """Return a region's name, "" where the object names none or no table knows it."""
    code = getattr(found, field, "")
    name = names.region(code).zh if code else ""
    return "" if name == code else name
