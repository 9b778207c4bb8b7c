"""Announcements without a table: a heading for each project and labelled lines below (条目式).

Source: the layout `lanping-6` of `data/tables/project_table_layouts.json`; the form of one project with a
label beside each value (`perf-target`) is read the same way.
"""

import re
from collections.abc import Iterator

from shanhai.domains.imports.amounts import UNKNOWN
from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.build import Draft
from shanhai.domains.imports.fields import LABELS, MAX_HEADING, field_of, squash
from shanhai.domains.imports.lines import heading_name

_LABEL = re.compile(
    r"^\s*(?:\d+\s*[.、．)）]|[（(]\d+[)）]|[①-⑳])?\s*([^:：,，。;；]{1,24}?(?:[（(][^()（）]*[)）])?)\s*[:：]\s*(.*)$",
    re.DOTALL,
)
_ITEM = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十百]+[)）]|\d+\s*[.、．](?!\d)|项目[一二三四五六七八九十\d]+\s*[:：、])\s*(\S.*)$",
    re.DOTALL,
)
_AMOUNT_TAIL = re.compile(
    r"[,，:：(（]?\s*(?:计划|项目)?(?:总?投资|资金|安排资金)?[:：]?\s*([\d,.]+\s*(?:亿元|万元|元))[)）。]?\s*$"
)
_ENOUGH = 2


def itemised_drafts(sheet: Sheet) -> tuple[list[Draft], str]:
    """Return the projects of a sheet without a heading row, and the text above the first.

    An item counts as a project when at least two of its lines carry a known label.
    """
    drafts: list[Draft] = []
    title: list[str] = []
    labels = 0
    for row, kind, field, text in _pieces(sheet):
        if kind == "start":
            _drop_thin(drafts, labels)
            drafts.append(_start(row, text))
            labels = 0
        elif kind == "label" and drafts:
            labels += 1
            _add(drafts[-1], field, text)
        elif not drafts:
            title.append(f"{LABELS[field].zh}：{text}" if field else text)
    _drop_thin(drafts, labels)
    for draft in drafts:
        if not draft.amounts:
            draft.amounts, draft.source_amount = [draft.texts.get("fund_source", "")], True
    return drafts, "\n".join(title)


def _drop_thin(drafts: list[Draft], labels: int) -> None:
    if drafts and labels < _ENOUGH:
        drafts.pop()


def _start(row: int, text: str) -> Draft:
    tail = _AMOUNT_TAIL.search(text)
    name = text[: tail.start()] if tail else text
    return Draft(
        row=row, texts={"name": name.strip(" ，,。:：")}, amounts=[squash(tail[1])] if tail else []
    )


def _add(draft: Draft, field: str, text: str) -> None:
    if field == "amount":
        if squash(text) not in UNKNOWN:
            draft.amounts = [text.rstrip("。；; ")]
    elif field not in draft.texts:
        draft.texts[field] = text.strip().rstrip("。；;")


def _pieces(sheet: Sheet) -> Iterator[tuple[int, str, str, str]]:
    """Yield (row, `start` | `label` | `text`, field, text) for each labelled line or pair of cells."""
    for row, cells in enumerate(sheet.rows):
        texts = [cell for cell in cells if cell]
        if len(texts) == 1:  # a whole item in one cell, a line each
            texts = [line for line in texts[0].split("\n") if line.strip()]
        at = 0
        while at < len(texts):
            follower = texts[at + 1] if at + 1 < len(texts) else ""
            kind, field, text, used = _piece(texts[at], follower)
            yield row, kind, field, text
            at += used


def _piece(cell: str, follower: str) -> tuple[str, str, str, int]:
    label = _LABEL.match(cell)
    field = field_of(label[1]) if label else ""
    if label and field not in {"", "ignored"} and label[2]:
        return ("start" if field == "name" else "label"), field, label[2], 1
    bare = cell.rstrip(":： ")
    field = field_of(bare) if follower and len(bare) <= MAX_HEADING else ""
    if field and field not in {"ignored", "sequence"}:
        return ("start" if field == "name" else "label"), field, follower, 2
    item = _ITEM.match(cell)
    if item and len(item[1]) <= 2 * MAX_HEADING:
        return "start", "", heading_name(item[1]), 1
    return "text", "", cell, 1
