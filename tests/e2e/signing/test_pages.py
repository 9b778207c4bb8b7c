"""The proof page and verify.html in words and in both languages; pages without accessibility faults."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

import build_signing
from e2e.signing.books import OFFICER, Book, full_book, witness_vkey
from e2e.signing.conftest import watched
from e2e.signing.server import Site
from e2e.signing.sheets import config, sheet
from e2e.signing.test_sign_page import enrolled, show

pytestmark = pytest.mark.e2e
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = [(1280, 860), (390, 844)]


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES["runOnly"]}})
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]


def fits(page: Page) -> bool:
    """Return whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


def proof_page(
    page: Page, site: Site, book: Book, raw: bytes, lang: str = "zh-hans", **extra: Any
) -> None:
    act = {
        "text": ["下达支付令", "Order a payment"],
        "labels": {"amount_fen": ["支付金额", "Amount to pay"]},
    }
    configuration = book.trust() | {"proof": raw.decode(), "act": act} | extra
    page.goto(site.put("/proof", "shanhai-proof", configuration, lang))
    page.wait_for_selector("shanhai-proof[data-ready]")


def test_the_proof_page_says_the_proof_in_words(context: BrowserContext, site: Site) -> None:
    book, index, opening, _ = full_book()
    page = watched(context)
    proof_page(page, site, book, book.proof(index, OFFICER, openings=(opening,)))
    panel = page.locator(".sh-panel-good")
    expect(panel).to_contain_text("“下达支付令”于 2026-09-21")
    expect(panel).to_contain_text("记入账本第 4 条，包含在 9 条的日志之中")
    expect(panel).to_contain_text("公开的内容“account”与承诺相符")
    expect(panel).to_contain_text("UNWITNESSED")
    page.get_by_text("条目内容", exact=True).click()
    expect(panel).to_contain_text("1,234,567.89 元")
    assert page.errors == []  # type: ignore[attr-defined] # set by `watched`


def test_the_proof_page_says_when_a_proof_fails(plain: BrowserContext, site: Site) -> None:
    book, index, _, _ = full_book()
    page = watched(plain)
    raw = book.proof(index, OFFICER).replace(
        f"index {index}".encode(), f"index {index - 1}".encode()
    )
    proof_page(page, site, book, raw, "en")
    expect(page.locator(".sh-panel-bad h2")).to_have_text("The proof does not hold")
    expect(page.locator(".sh-failed").first).to_contain_text("The entry is included in the log")


def test_the_proof_page_remembers_what_it_verified(plain: BrowserContext, site: Site) -> None:
    book, index, _, _ = full_book()
    page = watched(plain)
    proof_page(page, site, book, book.proof(index, OFFICER), consistency="/consistency")
    size = book.seen.size
    book.act(OFFICER)
    site.fetched["/consistency"] = {"path": book.consistency(size)}
    proof_page(page, site, book, book.proof(index, OFFICER), consistency="/consistency")
    expect(page.locator(".sh-panel-good")).to_contain_text("自第 9 条起未被改写")
    short = Book()
    first = short.act(OFFICER)
    proof_page(page, site, short, short.proof(first, OFFICER), consistency="/consistency")
    expect(page.locator(".sh-panel-bad")).to_contain_text("是另存检查点的延续")
    del site.fetched["/consistency"]
    proof_page(page, site, short, short.proof(first, OFFICER), consistency="/consistency")
    expect(page.locator(".sh-panel-bad")).to_contain_text(
        "账本只有 2 条，本浏览器上次核验时有 10 条"
    )


def test_an_older_proof_of_the_same_ledger_holds(plain: BrowserContext, site: Site) -> None:
    book, index, _, _ = full_book()
    page = watched(plain)
    old, size = book.proof(index, OFFICER), book.seen.size
    book.act(OFFICER)
    proof_page(page, site, book, book.proof(index, OFFICER), consistency="/consistency")
    site.fetched["/consistency"] = {"path": book.consistency(size)}
    proof_page(page, site, book, old, consistency="/consistency")
    expect(page.locator(".sh-panel-good")).to_contain_text("是另存检查点的延续")


def open_verify(context: BrowserContext, tmp_path: Path) -> Page:
    """Open verify.html from disk, away from every server."""
    path = tmp_path / "verify.html"
    path.write_bytes(build_signing.build()["verify.html"])
    page = watched(context)
    page.route("http*://**", lambda route: route.abort())
    page.goto(path.as_uri())
    return page


def give(page: Page, *files: tuple[str, bytes]) -> None:
    payloads = [FilePayload(name=name, mimeType="", buffer=raw) for name, raw in files]
    page.set_input_files("#vf-file", payloads)
    page.wait_for_selector(f"body[data-ready='{len(files)}']")


def fill_trust(page: Page, book: Book) -> None:
    page.locator("summary").first.click()
    page.fill("#vf-vkey", book.trust()["vkey"])
    page.fill("#vf-ledger", book.ledger)
    page.fill("#vf-web", "http://localhost")


def test_verify_html_works_from_disk(context: BrowserContext, tmp_path: Path) -> None:
    book, index, opening, _ = full_book()
    page = open_verify(context, tmp_path)
    fill_trust(page, book)
    page.fill("#vf-witnesses", witness_vkey())
    proof = book.proof(index, OFFICER, openings=(opening,), witnessed=True)
    page.fill("#vf-anchor", f"{book.seen.size} {book.seen.root}")
    give(page, ("payment.tlog-proof", proof))
    expect(page.locator(".sh-panel-good h2")).to_have_text("证明成立")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".sh-panel-good h2")).to_have_text("The proof holds")
    assert page.errors == []  # type: ignore[attr-defined] # set by `watched`


def test_verify_html_reads_a_whole_log_and_a_changed_one(
    plain: BrowserContext, tmp_path: Path
) -> None:
    book, *_ = full_book()
    raw = book.log()
    bad = bytearray(raw)
    bad[len(raw) // 2] ^= 1
    page = open_verify(plain, tmp_path)
    fill_trust(page, book)
    page.fill("#vf-anchor", book.note().decode())
    give(page, ("book.log", raw), ("changed.log", bytes(bad)))
    expect(page.locator(".sh-panel-good")).to_contain_text("9 条")
    expect(page.locator(".sh-panel-good")).to_contain_text("RULES")
    expect(page.locator(".sh-panel-bad h2")).to_have_text("证明不成立")
    expect(page.locator(".sh-panel-bad")).to_contain_text("第 4 条")


def test_verify_html_says_what_it_cannot_read(plain: BrowserContext, tmp_path: Path) -> None:
    page = open_verify(plain, tmp_path)
    give(page, ("photo.jpg", b"\xff\xd8\xff"), ("empty", b""))
    expect(page.locator(".sh-panel-bad")).to_have_count(2)
    page.locator("summary").first.click()
    page.fill("#vf-anchor", "rubbish")
    page.evaluate("() => { delete document.body.dataset.ready; }")
    give(page, ("empty", b""))
    expect(page.locator(".sh-panel-bad")).to_contain_text("检查点没有签名")


def test_a_long_log_can_be_cancelled(plain: BrowserContext, tmp_path: Path) -> None:
    book, *_ = full_book()
    for number in range(1500):
        book.act(OFFICER, act="claim.review/1", payload={"n": number})
    page = open_verify(plain, tmp_path)
    page.set_input_files("#vf-file", [FilePayload(name="long.log", mimeType="", buffer=book.log())])
    page.get_by_role("button", name="取消").click()
    page.wait_for_selector("body[data-ready='1']")
    expect(page.locator(".sh-panel-bad")).to_contain_text("已取消")


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", WIDTHS, ids=["desktop", "phone"])
def test_pages_have_no_accessibility_fault_and_fit(
    browser: Browser, site: Site, tmp_path: Path, lang: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": size[0], "height": size[1]})
    book, index, opening, _ = full_book()
    page, key = enrolled(context, site)
    acts = [sheet(book, key["kid"], number) for number in (1, 2)]
    site.answer = lambda _path, _data: (
        409,
        {"code": "x", "zh": "超出可支付上限", "en": "Exceeds the cap"},
    )
    for acts_shown, batch in ((acts[:1], False), (acts, True)):
        show(page, site, config(book, acts_shown, batch=batch), lang)
        for summary in page.locator("summary").all():
            summary.click()
        page.locator(".sh-primary").click()
        page.wait_for_selector(".sh-panel")
        assert faults(page) == []
        assert fits(page)
    proof_page(page, site, book, book.proof(index, OFFICER, openings=(opening,)), lang)
    assert (faults(page), fits(page)) == ([], True)
    verify = open_verify(context, tmp_path)
    if lang == "en":
        verify.get_by_role("button", name="English").click()
    fill_trust(verify, book)
    give(verify, ("book.log", book.log()), ("bad.tlog-proof", b"no"))
    assert (faults(verify), fits(verify)) == ([], True)
    context.close()
