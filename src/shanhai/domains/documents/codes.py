"""The check code of a printed document: which kind it is, and the act whose decision it prints.

A letter for the kind and the first 80 bits of the act id in Crockford base32, so that nothing has to be
stored for a printed paper to be found again, and the same state always prints the same code. The first
eight characters are short enough for the 用途 of a bank transfer (funds reference §5.8 no. 9).
"""

import re

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = {"approval": "A", "notice": "N", "draft": "D", "payment": "P", "entry": "E"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
DIGITS, HEX_DIGITS, SHORT = 16, 20, 8
_CODE = re.compile(rf"[{''.join(KINDS)}][{ALPHABET}]{{{DIGITS}}}")
_LOOKALIKES = str.maketrans("OIL", "011")
_URL = re.compile(r"/p/([^/?#]+)")
TEXTS["document.code"] = Text(
    "校验码“{text}”不完整或有误，请对照文件页脚重新输入",
    "The check code “{text}” is incomplete or wrong; compare it with the paper and type it again",
)


def code_of(kind: str, act_id: str) -> str:
    """Return the code of a document: kind letter and 16 characters."""
    number = int(act_id[:HEX_DIGITS], 16)
    digits = [ALPHABET[number >> 5 * place & 31] for place in reversed(range(DIGITS))]
    return LETTERS[kind] + "".join(digits)


def grouped(code: str) -> str:
    """Return a code as it is printed, `A 7Q2M-9KZT-…`."""
    body = code[1:]
    return f"{code[0]}-" + "-".join(body[at : at + 4] for at in range(0, DIGITS, 4))


def short_of(code: str) -> str:
    """Return the eight characters that go into the 用途 of a transfer, grouped by four."""
    return f"{code[1:5]}-{code[5 : 1 + SHORT]}"


def parse(text: str) -> tuple[str, str]:
    """Read a code as scanned or typed.

    Args:
        text: The code with or without hyphens, in any case, or an address that ends in `/p/<code>`.

    Returns:
        The document's kind, and the first 20 hex digits of the act id.

    Raises:
        InvalidInputError: `document.code`.
    """
    found = _URL.search(text)
    plain = re.sub(r"[\s\-]", "", found[1] if found else text).upper()
    plain = plain[:1] + plain[1:].translate(_LOOKALIKES)
    if not _CODE.fullmatch(plain):
        raise InvalidInputError("document.code", text=text[:40])
    number = 0
    for digit in plain[1:]:
        number = number << 5 | ALPHABET.index(digit)
    return KINDS[plain[0]], f"{number:0{HEX_DIGITS}x}"
