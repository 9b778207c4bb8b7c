"""The page shows what it signs, signs what it shows, and says in words what came back."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from e2e.signing.books import MINUTE, OFFICER, START_MS, Book, committed
from e2e.signing.conftest import watched
from e2e.signing.server import Site
from e2e.signing.sheets import FIELDS, config, sheet
from shanhai.kernel.canonical import encode, from_base64
from shanhai.kernel.suite import INTL
from shanhai.ledger.entry import parse_signature
from shanhai.ledger.signing import WebOrigins, verify

pytestmark = pytest.mark.e2e
MAKE = """async ([kind, options]) =>
  (await import("/static/signing/sign.js")).createKey(kind, options)"""
Key = dict[str, Any]


def enrolled(context: BrowserContext, site: Site, kind: str = "browser") -> tuple[Page, Key]:
    page = watched(context)
    page.goto(site.url("/"))
    options = {"rp": {"id": "localhost", "name": "山海"}, "user": "模拟人员"}
    return page, page.evaluate(MAKE, [kind, options])


def show(page: Page, site: Site, configuration: dict[str, Any], lang: str = "zh-hans") -> None:
    page.goto(site.put("/sign", "shanhai-sign", configuration, lang))
    page.wait_for_selector("shanhai-sign[data-ready]")


def holds(site: Site, key: Key, act: dict[str, Any]) -> None:
    """Check in Python the act that the page sent."""
    block = parse_signature(encode(act["signature"]))
    raw = from_base64(act["body"])
    web = WebOrigins("localhost", (site.origin,))
    ledger = json.loads(raw)["ledger"]
    verify(INTL, key["alg"], from_base64(key["publicKey"]), block, ledger, key["kid"], raw, web)


def accepted(book: Book, key: Key) -> Callable[[str, dict[str, Any]], tuple[int, Any]]:
    """Answer as a ledger that accepts, with a proof."""

    def answer(_path: str, data: dict[str, Any]) -> tuple[int, Any]:
        raw = from_base64(data["body"])
        index = book.append(raw, parse_signature(encode(data["signature"])))
        proof = book.proof_with_key(index, from_base64(key["publicKey"]))
        receipt = {
            "index": index,
            "rules": 1,
            "time_ms": START_MS,
            "touched": [["payment", "pay1", "c" * 64]],
        }
        return 200, {"receipt": receipt, "proof": proof.decode(), "number": "模拟〔2026〕1号"}

    return answer


def test_shows_every_field_from_the_bytes(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    show(page, site, config(Book(), [sheet(Book(), key["kid"])]))
    text = page.inner_text("shanhai-sign")
    for words in (
        "下达支付令",
        "1,234,567.89 元",
        "123.456789 万元",
        "6228 **** 0001",
        "（与承诺相符）",
        "进度款",
        "第 3 号请款",
        "2026-09-21",
        "650 ‰",
        "是",
        "第一笔进度款",
        "闽财指〔2024〕1号（模拟）",
        "1.00 元",
        "剩余 14:5",
        "abababab abababab",
    ):
        assert words in text, words
    assert page.errors == []  # type: ignore[attr-defined] # set by `watched`


def test_signs_and_proves_in_one_journey(context: BrowserContext, site: Site) -> None:
    book = Book(WebOrigins("localhost", (site.origin,)))
    page, key = enrolled(context, site)
    site.answer = accepted(book, key)
    show(page, site, config(book, [sheet(book, key["kid"])], **book.trust()))
    page.get_by_role("button", name="签名并提交").click()
    panel = page.locator(".sh-panel-good")
    expect(panel).to_contain_text("已受理")
    expect(panel).to_contain_text("记入账本第 1 条")
    expect(panel).to_contain_text("编号 模拟〔2026〕1号")
    expect(panel).to_contain_text("已在本浏览器中核验")
    page.get_by_text("证明", exact=True).click()
    expect(panel.locator(".sh-failed")).to_have_count(0)
    expect(panel).to_contain_text("经办人的签名成立")
    expect(panel).to_contain_text("证明的正是刚才签名的内容")
    holds(site, key, site.posted[0])
    expect(page.get_by_role("button", name="签名并提交")).to_be_disabled()
    assert page.errors == []  # type: ignore[attr-defined] # set by `watched`


def test_fetches_the_proof_and_says_when_it_fails(plain: BrowserContext, site: Site) -> None:
    book = Book()
    page, key = enrolled(plain, site)
    other = book.act(OFFICER)
    receipt = {"index": other, "rules": 1, "time_ms": START_MS, "touched": []}
    site.answer = lambda _path, _data: (200, {"receipt": receipt, "duplicate": True})
    site.pages[f"/proofs/{other}"] = book.proof(other, OFFICER).decode()
    extra = book.trust() | {"proof_url": "/proofs/", "next": "/after"}
    show(page, site, config(book, [sheet(book, key["kid"])], **extra))
    page.get_by_role("button", name="签名并提交").click()
    panel = page.locator(".sh-panel-bad")
    expect(panel).to_contain_text("已答复受理，但证明不成立")
    expect(panel).to_contain_text("回执的证明不成立")
    expect(panel).to_contain_text("此前已入账，这是首次的回执")
    page.get_by_text("证明", exact=True).click()
    expect(panel.locator(".sh-failed")).to_have_count(1)
    expect(panel.locator(".sh-failed")).to_contain_text("证明的正是刚才签名的内容")
    expect(page.get_by_role("link", name="继续")).to_have_attribute("href", "/after")


def test_a_passkey_signs_a_batch_in_one_gesture(
    plain: BrowserContext,
    site: Site,
    passkeys: Callable[[BrowserContext, Page], tuple[CDPSession, str]],
) -> None:
    book = Book()
    page = watched(plain)
    page.goto(site.url("/"))
    passkeys(plain, page)
    key = page.evaluate(
        MAKE, ["passkey", {"rp": {"id": "localhost", "name": "山海"}, "user": "模拟"}]
    )
    receipt = {"index": 7, "rules": 1, "time_ms": START_MS, "touched": []}
    refused = {"code": "payment.over_cap", "zh": "超出可支付上限", "en": "Exceeds the payable cap"}
    site.answer = lambda _path, _data: (200, {"results": [{"receipt": receipt}, refused]})
    acts = [sheet(book, key["kid"], number) for number in (1, 2, 3)]
    show(page, site, config(book, acts, batch=True))
    expect(page.locator(".sh-total")).to_have_text(
        "已选 3 项，共 3 项；合计：支付金额 7,407,407.34 元"
    )
    page.get_by_label("冷链仓库一期第2笔").uncheck()
    expect(page.locator(".sh-total")).to_have_text(
        "已选 2 项，共 3 项；合计：支付金额 4,938,271.56 元"
    )
    page.get_by_role("button", name="验证本人并签名提交").click()
    expect(page.locator(".sh-result")).to_contain_text("2 项中受理 1 项")
    expect(page.locator(".sh-result")).to_contain_text("冷链仓库一期第3笔：超出可支付上限")
    (sent,) = site.posted
    assert [json.loads(from_base64(act["body"]))["subject"] for act in sent["acts"]] == [
        "pay1",
        "pay3",
    ]
    for act in sent["acts"]:
        holds(site, key, act)
    assert sent["acts"][0]["signature"]["sig"] == sent["acts"][1]["signature"]["sig"]


def changed(act: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return act | changes


REFUSED: dict[str, tuple[Callable[[Book, Key], dict[str, Any]], str]] = {
    "unknown field": (
        lambda book, key: sheet(book, key["kid"], payload={"secret_fen": 1}),
        "本页不认识的字段：secret_fen",
    ),
    "unknown field of a row": (
        lambda book, key: sheet(book, key["kid"], payload={"splits": [{"x": 1}]}),
        "本页不认识的字段：splits.x",
    ),
    "another act": (
        lambda book, key: sheet(book, key["kid"], act="project.terminate/1"),
        "页面所示的办理事项与将签名的内容不同",
    ),
    "a value of another kind": (
        lambda book, key: sheet(book, key["kid"], payload={"amount_fen": "1"}),
        "字段 amount_fen 的值与其类型不符",
    ),
    "an unexplained choice": (
        lambda book, key: sheet(book, key["kid"], payload={"stage": "other"}),
        "选项 other 没有说明",
    ),
    "a false opening": (
        lambda book, key: sheet(book, key["kid"], payload={"account": "9" * 64}),
        "字段 account 的明文与将签名的承诺不符",
    ),
    "bytes that are not canonical": (
        lambda book, key: changed(sheet(book, key["kid"]), body="eyJhIjogMX0"),
        "不予采用",
    ),
    "a key of another browser": (
        lambda book, _key: sheet(book, "d" * 64),
        "本浏览器没有办理所需的密钥",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_to_sign(plain: BrowserContext, site: Site, name: str) -> None:
    make, sentence = REFUSED[name]
    page, key = enrolled(plain, site)
    show(page, site, config(Book(), [make(Book(), key)]))
    expect(page.locator(".sh-panel-bad")).to_contain_text(sentence)
    expect(page.get_by_role("button")).to_have_count(0)


def test_shows_openings_in_rows_hides_nothing_and_marks_what_misleads(
    plain: BrowserContext, site: Site
) -> None:
    page, key = enrolled(plain, site)
    book = Book()
    made, opening = committed(book, "payee", "张某（模拟）")
    values = {"account": "9" * 64, "payees": [{"payee": made}], "reason": "付\u202e钱\u200b"}
    act = sheet(book, key["kid"], payload=values)
    payee = {"kind": "commitment", "text": ["收款人", "Payee"]}
    act["fields"] = FIELDS | {
        "payees": {"kind": "rows", "text": ["收款人清单", "Payees"], "fields": {"payee": payee}}
    }
    act["openings"] = {made: json.loads(msgspec.json.encode(opening))}
    show(page, site, config(book, [act]))
    text = page.inner_text("shanhai-sign")
    for words in (
        "张某（模拟） （与承诺相符）",
        "此处没有明文",
        "99999999 99999999",
        "付⟨U+202E⟩钱⟨U+200B⟩",
    ):
        assert words in text, text


def test_an_sm_ledger_is_not_signed_here(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    show(page, site, config(Book(), [sheet(Book(), key["kid"])], suite="sm"), "en")
    expect(page.locator(".sh-panel-bad")).to_contain_text(
        "SM ledgers are never signed in a web page"
    )


def test_another_key_of_the_officer_asks_for_bytes_for_it(
    plain: BrowserContext, site: Site
) -> None:
    page, key = enrolled(plain, site)
    site.pages["/form"] = "<!doctype html><title>form</title>"
    acts = [sheet(Book(), "d" * 64)]
    page.goto(
        site.put(
            "/sign", "shanhai-sign", config(Book(), acts, kids=[key["kid"]], key_url="/form?kid=")
        )
    )
    page.wait_for_url(f"**/form?kid={key['kid']}")


def test_another_key_is_asked_for_by_the_page_s_form(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    settings = config(Book(), [sheet(Book(), "d" * 64)], kids=[key["kid"]], key_form="again")
    url = site.put("/sign", "shanhai-sign", settings)
    form = '<form id="again" action="/form"><input type="hidden" name="kid" value=""></form>'
    site.pages["/sign"] = site.pages["/sign"].replace("<h1>", form + "<h1>")
    site.pages["/form"] = "<!doctype html><title>form</title>"
    page.goto(url)
    page.wait_for_url(f"**/form?kid={key['kid']}")
    site.pages["/sign"] = site.pages["/sign"].replace('value=""', f'value="{key["kid"]}"')
    page.goto(url)
    expect(page.locator(".sh-panel-bad")).to_contain_text("本浏览器没有办理所需的密钥")


@pytest.mark.parametrize(
    ("status", "data", "words"),
    [
        (
            409,
            {"code": "claim.over_cap", "zh": "超出上限 5.00 元", "en": "over"},
            ["未受理，未写入任何内容", "超出上限 5.00 元", "返回修改"],
        ),
        (
            403,
            {"code": "authority.role", "zh": "您的岗位无权办理", "en": "no"},
            ["无权办理，未受理", "您的岗位无权办理"],
        ),
        (
            409,
            {"code": "subject.changed", "zh": "对象已变化", "en": "changed"},
            ["对象在此期间已有变化", "查看最新内容并重新核对"],
        ),
        (
            409,
            {
                "checks": [
                    {"code": "a", "zh": "理由一", "en": "one"},
                    {"code": "b", "zh": "理由二", "en": "two"},
                ]
            },
            ["理由一", "理由二"],
        ),
    ],
)
def test_says_why_it_was_refused(
    plain: BrowserContext, site: Site, status: int, data: dict[str, Any], words: list[str]
) -> None:
    page, key = enrolled(plain, site)
    site.answer = lambda _path, _data: (status, data)
    show(page, site, config(Book(), [sheet(Book(), key["kid"])], stale=["subject.changed"]))
    page.get_by_role("button", name="签名并提交").click()
    for sentence in words:
        expect(page.locator(".sh-panel-bad")).to_contain_text(sentence)
    expect(page.locator(".sh-panel-bad")).to_be_focused()


def test_a_lost_answer_is_asked_for_again_with_the_same_signature(
    plain: BrowserContext, site: Site
) -> None:
    page, key = enrolled(plain, site)
    done = {"receipt": {"index": 3, "time_ms": START_MS}}
    answers = iter([(503, {"zh": "稍后再试", "en": "later"}), (200, done)])
    site.answer = lambda _path, _data: next(answers)
    show(page, site, config(Book(), [sheet(Book(), key["kid"])]))
    button = page.get_by_role("button", name="签名并提交")
    page.route("**/submit", lambda route: route.abort())
    button.click()
    expect(page.locator(".sh-panel-bad")).to_contain_text("同一份签名不会重复入账")
    page.unroute("**/submit")
    button.click()
    expect(page.locator(".sh-panel-bad")).to_contain_text("稍后再试")
    button.click()
    expect(page.locator(".sh-panel-good")).to_contain_text("第 3 条")
    assert site.posted[0] == site.posted[1]


def test_expired_bytes_cannot_be_signed(plain: BrowserContext, site: Site) -> None:
    page, key = enrolled(plain, site)
    late = {"now_ms": START_MS + 15 * MINUTE}
    show(page, site, config(Book(), [sheet(Book(), key["kid"])], **late))
    expect(page.locator(".sh-clock")).to_have_text("已过有效期，请刷新页面")
    expect(page.get_by_role("button", name="签名并提交")).to_be_disabled()
