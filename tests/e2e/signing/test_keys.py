"""Keys made in the browser sign what Python verifies: WebCrypto, its fallback, and a passkey."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page

from e2e.signing.books import Book, body
from e2e.signing.conftest import watched
from e2e.signing.server import Site
from e2e.signing.test_proof import prove
from shanhai.kernel.canonical import encode, from_base64, to_base64
from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import INTL
from shanhai.ledger.entry import SignatureBlock, parse_signature
from shanhai.ledger.signing import Ed25519Signer, WebOrigins, check_public_key, kid_of, verify

pytestmark = pytest.mark.e2e
LEDGER = "a" * 64
BODIES = [b'{"n":1}', b'{"n":2}', b'{"n":3}', b'{"n":4}', b'{"n":5}']
MAKE = """async ([kind, options]) => {
  const { createKey } = await import("/static/signing/sign.js");
  try { return await createKey(kind, options); } catch (e) { return { code: e.code, zh: e.zh, en: e.en }; }
}"""
SIGN = """async ([kid, alg, ledger, bodies]) => {
  const { sign, signedBytes, fromBase64url } = await import("/static/signing/sign.js");
  const messages = bodies.map((body) => signedBytes(ledger, alg, kid, fromBase64url(body)));
  try { return await sign(kid, messages); } catch (e) { return { code: e.code, zh: e.zh, en: e.en }; }
}"""
Passkeys = Callable[[BrowserContext, Page], tuple[CDPSession, str]]


def opened(context: BrowserContext, site: Site) -> Page:
    page = watched(context)
    page.goto(site.url("/"))
    return page


def sign(page: Page, key: dict[str, Any], bodies: list[bytes]) -> Any:
    return page.evaluate(SIGN, [key["kid"], key["alg"], LEDGER, [to_base64(raw) for raw in bodies]])


def check(key: dict[str, Any], block: dict[str, Any], raw: bytes, site: Site) -> SignatureBlock:
    """Verify in Python a block made in the browser, by way of its canonical bytes."""
    parsed = parse_signature(encode(block))
    web = WebOrigins("localhost", (site.origin,))
    public = from_base64(key["publicKey"])
    check_public_key(key["alg"], public)
    assert key["kid"] == kid_of(INTL, public)
    verify(INTL, key["alg"], public, parsed, LEDGER, key["kid"], raw, web)
    return parsed


def test_a_browser_key_signs_for_python(
    context: BrowserContext, site: Site, request: pytest.FixtureRequest
) -> None:
    page = opened(context, site)
    key = page.evaluate(MAKE, ["browser", {}])
    expected = "p256" if "no-ed25519" in request.node.name else "ed25519"
    assert key["alg"] == expected
    for block, raw in zip(sign(page, key, BODIES), BODIES, strict=True):
        check(key, block, raw, site)
        assert set(block) == {"alg", "sig"}


def test_a_browser_key_survives_a_reload_and_cannot_be_exported(
    plain: BrowserContext, site: Site
) -> None:
    page = opened(plain, site)
    key = page.evaluate(MAKE, ["browser", {}])
    page.reload()
    listed = page.evaluate('async () => (await import("/static/signing/sign.js")).listKeys()')
    assert [row["kid"] for row in listed] == [key["kid"]]
    error = page.evaluate(
        """async (kid) => {
      const { keyTable } = await import("/source/store.js");
      const { handle } = await keyTable.get(kid);
      try { await crypto.subtle.exportKey("pkcs8", handle); return "exported"; } catch (e) { return e.name; }
    }""",
        key["kid"],
    )
    assert error == "InvalidAccessError"


def test_a_passkey_signs_one_act(plain: BrowserContext, site: Site, passkeys: Passkeys) -> None:
    page = opened(plain, site)
    passkeys(plain, page)
    options = {"rp": {"id": "localhost", "name": "山海"}, "user": "模拟人员"}
    key = page.evaluate(MAKE, ["passkey", options])
    assert key["alg"] == "webauthn-p256"
    (block,) = sign(page, key, BODIES[:1])
    parsed = check(key, block, BODIES[0], site)
    assert (parsed.index, parsed.size, parsed.path) == (0, 0, ())
    with pytest.raises(ProofError, match=r"signature\.challenge"):
        check(key, block, BODIES[1], site)


@pytest.mark.parametrize("count", [2, 5])
def test_one_gesture_of_a_passkey_signs_a_batch(
    plain: BrowserContext, site: Site, passkeys: Passkeys, count: int
) -> None:
    page = opened(plain, site)
    passkeys(plain, page)
    key = page.evaluate(
        MAKE, ["passkey", {"rp": {"id": "localhost", "name": "山海"}, "user": "模拟"}]
    )
    blocks = sign(page, key, BODIES[:count])
    assert len({block["sig"] for block in blocks}) == 1
    for index, (block, raw) in enumerate(zip(blocks, BODIES, strict=False)):
        parsed = check(key, block, raw, site)
        assert (parsed.index, parsed.size) == (index, count)
    assert page.evaluate(
        """async ([blocks, key, ledger, bodies, web]) => {
      const { verifyBlock } = await import("/source/blocks.js");
      const { fromBase64url } = await import("/source/bytes.js");
      const known = { ...key, publicKey: fromBase64url(key.publicKey) };
      const check = (block, i) => verifyBlock(block, fromBase64url(bodies[i]), ledger, known, web);
      const answers = await Promise.all(blocks.map(check));
      const swapped = await check(blocks[0], 1).catch((error) => error.code);
      return [...answers, swapped];
    }""",
        [
            blocks,
            key,
            LEDGER,
            [to_base64(raw) for raw in BODIES],
            {"rp_id": "localhost", "origins": [site.origin]},
        ],
    ) == [True] * count + ["signature.challenge"]


def test_a_passkey_s_entry_is_proved_where_it_was_signed(
    plain: BrowserContext, site: Site, passkeys: Passkeys
) -> None:
    page = opened(plain, site)
    passkeys(plain, page)
    options = {"rp": {"id": "localhost", "name": "山海"}, "user": "模拟"}
    key = page.evaluate(MAKE, ["passkey", options])
    book = Book(WebOrigins("localhost", (site.origin,)))
    raw = body(book.ledger, key["kid"])
    arguments = [key["kid"], key["alg"], book.ledger, [to_base64(raw)]]
    (block,) = page.evaluate(SIGN, arguments)
    index = book.append(raw, parse_signature(encode(block)))
    proof = book.proof_with_key(index, from_base64(key["publicKey"]))
    trust = book.trust()
    elsewhere = {"rp_id": "localhost", "origins": ["http://other.example"]}
    found = [
        prove(page, [proof], trust | {"web": web})[0] for web in (trust["web"], None, elsewhere)
    ]
    assert [one["ok"] for one in found] == [True, True, False]
    assert ["ORIGIN" in one["unproved"] for one in found[:2]] == [False, True]


def test_a_passkey_that_does_not_verify_its_user_signs_nothing(
    plain: BrowserContext, site: Site, passkeys: Passkeys
) -> None:
    page = opened(plain, site)
    session, authenticator = passkeys(plain, page)
    key = page.evaluate(
        MAKE, ["passkey", {"rp": {"id": "localhost", "name": "山海"}, "user": "模拟"}]
    )
    state = {"authenticatorId": authenticator, "isUserVerified": False}
    session.send("WebAuthn.setUserVerified", state)
    assert sign(page, key, BODIES[:1])["code"] == "gesture.cancelled"


def test_an_unknown_key_is_said_to_be_elsewhere(page: Page) -> None:
    answer = sign(page, {"kid": "f" * 64, "alg": "ed25519"}, BODIES[:1])
    assert answer["code"] == "key.elsewhere"
    assert "登记时的设备" in answer["zh"]


@pytest.mark.parametrize("arguments", [["sm2", {}], ["browser", {"suite": "sm"}]])
def test_sm2_is_never_signed_in_javascript(page: Page, arguments: list[Any]) -> None:
    answer = page.evaluate(MAKE, arguments)
    assert answer["code"] == "suite.sm"
    assert "UKey" in answer["zh"]
    assert "UKey" in answer["en"]


ADOPT = """async ([seed, key]) => {
  const { adoptSeed } = await import("/static/signing/sign.js");
  try { return await adoptSeed(seed, key); } catch (e) { return { zh: e.zh, name: e.name }; }
}"""


def test_a_founder_s_seed_becomes_a_key_of_this_browser(plain: BrowserContext, site: Site) -> None:
    signer = Ed25519Signer(bytes(range(32)))
    key = {
        "alg": "ed25519",
        "publicKey": to_base64(signer.public_key),
        "kid": kid_of(INTL, signer.public_key),
    }
    page = opened(plain, site)
    assert page.evaluate(ADOPT, [bytes(range(32)).hex() + "\n", key["publicKey"]]) == key["kid"]
    (block,) = sign(page, key, BODIES[:1])
    check(key, block, BODIES[0], site)


@pytest.mark.parametrize("seed", ["00" * 32, "ff", "not hex"])
def test_a_seed_of_another_key_is_not_taken_in(
    plain: BrowserContext, site: Site, seed: str
) -> None:
    page = opened(plain, site)
    public = to_base64(Ed25519Signer(bytes(range(32))).public_key)
    assert "zh" in page.evaluate(ADOPT, [seed, public])
    listed = page.evaluate('async () => (await import("/static/signing/sign.js")).listKeys()')
    assert listed == []
