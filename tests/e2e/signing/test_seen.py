"""The fork detector: the page's checkpoint is verified, followed and remembered before anything is signed."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.signing.books import OFFICER, ORIGIN, Book, full_book
from e2e.signing.server import Site
from e2e.signing.sheets import config, sheet
from e2e.signing.test_sign_page import Key, enrolled, show
from shanhai.ledger.checkpoint import make_vkey, parse_note, sign_note

pytestmark = pytest.mark.e2e


def seen_page(page: Page, site: Site, key: Key, book: Book, **extra: Any) -> None:
    """Show an act whose page carries the book's present checkpoint."""
    seen = {"root": book.seen.root, "size": book.seen.size}
    trust = book.trust() | {"checkpoint": book.note().decode(), "consistency": "/consistency"}
    act = sheet(book, key["kid"], seen=seen)
    show(page, site, config(book, [act], **trust) | extra)


def test_a_growing_ledger_is_followed(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    book, *_ = full_book()
    size = book.seen.size
    seen_page(page, site, key, book)
    expect(page.locator("shanhai-sign")).to_contain_text("已核验账本的检查点签名")
    book.act(OFFICER)
    site.fetched["/consistency"] = {"path": book.consistency(size)}
    seen_page(page, site, key, book)
    expect(page.locator("shanhai-sign")).to_contain_text("账本经核验是上次所见的延续")


def test_a_forked_or_shortened_ledger_is_not_signed_for(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    book, *_ = full_book()
    size = book.seen.size
    seen_page(page, site, key, book)
    other = Book()
    seen_page(page, site, key, other)
    expect(page.locator(".sh-panel-bad")).to_contain_text("账本可能被回退")
    while other.seen.size < size:
        other.act(OFFICER)
    seen_page(page, site, key, other)
    expect(page.locator(".sh-panel-bad")).to_contain_text("账本被分叉")
    other.act(OFFICER)
    site.fetched["/consistency"] = {"path": other.consistency(size)}
    seen_page(page, site, key, other)
    expect(page.locator(".sh-panel-bad")).to_contain_text("账本不是上次核验内容的延续")


def test_a_false_or_foreign_checkpoint_is_not_signed_for(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    book, *_ = full_book()
    false = book.note().decode().replace("\n9\n", "\n8\n")
    seen_page(page, site, key, book, checkpoint=false)
    expect(page.locator(".sh-panel-bad")).to_contain_text("检查点签名不成立")
    early = book.note().decode()
    book.act(OFFICER)
    seen_page(page, site, key, book, checkpoint=early)
    expect(page.locator(".sh-panel-bad")).to_contain_text("所见的检查点与本页不同")
    seen_page(page, site, key, book)
    expect(page.get_by_role("button", name="签名并提交")).to_be_enabled()
    renamed = make_vkey(ORIGIN, OFFICER).line
    note = sign_note(parse_note(book.note()).text, ORIGIN, OFFICER).encode().decode()
    seen_page(page, site, key, book, vkey=renamed, checkpoint=note)
    expect(page.locator(".sh-panel-bad")).to_contain_text("核验公钥与上次不同")
