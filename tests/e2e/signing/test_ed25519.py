"""Our Ed25519 verifier, the browser's behind our checks, and libsodium give one answer each time."""

import random

import pytest
from playwright.sync_api import Page

from shanhai.kernel.canonical import to_base64
from shanhai.ledger.signing import Ed25519Signer, ed25519

pytestmark = pytest.mark.e2e
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
ORDER_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
VERIFY = """async (cases) => {
  const { verifyOwn, verifyEd25519 } = await import("/source/ed25519.js");
  const { fromBase64url } = await import("/source/bytes.js");
  const answers = [];
  for (const one of cases) {
    const [key, signature, message] = one.map(fromBase64url);
    answers.push([await verifyOwn(key, signature, message), await verifyEd25519(key, signature, message)]);
  }
  return answers;
}"""
Case = tuple[bytes, bytes, bytes]


def honest_and_altered() -> list[Case]:
    """Return signatures that hold, and each with one bit changed in key, signature or message."""
    source = random.Random(3)  # noqa: S311 - a sample, no secret
    cases: list[Case] = []
    for number in range(6):
        signer = Ed25519Signer(bytes([number + 1]) * 32)
        message = source.randbytes(number * 13 + 1)
        case = (signer.public_key, signer.sign(message), message)
        cases.append(case)
        for part in range(3):
            changed = list(case)
            at = source.randrange(len(case[part]))
            changed[part] = case[part][:at] + bytes([case[part][at] ^ 4]) + case[part][at + 1 :]
            cases.append((changed[0], changed[1], changed[2]))
    return cases


def strange() -> list[Case]:
    """Return what verifiers are known to disagree on: S too large, small order, non-canonical."""
    signer = Ed25519Signer(b"\x07" * 32)
    good = signer.sign(b"m")
    larger = (int.from_bytes(good[32:], "little") + L).to_bytes(32, "little")
    points = [n.to_bytes(32, "little") for n in (0, 1, 2, P - 1, P, P + 1, 2**255 - 1)]
    points += [ORDER_8, (P - int.from_bytes(ORDER_8, "little")).to_bytes(32, "little")]
    points += [point[:31] + bytes([point[31] | 0x80]) for point in points]
    zero = bytes(32)
    cases = [(signer.public_key, good[:32] + larger, b"m"), (signer.public_key, good, b"")]
    cases += [(signer.public_key, good[:63], b"m"), (signer.public_key[:31], good, b"m")]
    for point in points:
        cases += [
            (point, point + zero, b"m"),
            (point, good, b"m"),
            (signer.public_key, point + good[32:], b"m"),
        ]
        cases += [(point, (1).to_bytes(32, "little") + zero, b"m")]
    return cases


@pytest.mark.parametrize("cases", [honest_and_altered(), strange()], ids=["honest", "strange"])
def test_agrees_with_libsodium(page: Page, cases: list[Case]) -> None:
    expected = [ed25519.verify(*case) for case in cases]
    found = page.evaluate(VERIFY, [[to_base64(part) for part in case] for case in cases])
    assert found == [[one, one] for one in expected]


def test_some_hold_and_some_do_not() -> None:
    answers = [ed25519.verify(*case) for case in honest_and_altered()]
    assert answers.count(True) == 6
    assert not any(ed25519.verify(*case) for case in strange())
