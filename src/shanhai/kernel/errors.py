"""The few errors of the platform. Rules refuse with `Refused`; everything else is one of these.

Delivery maps them once: `authority.*` → 403, other refusals → 409, the rest → 422.
"""

from shanhai.kernel.text import TEXTS, Facts, Text


class ShanhaiError(Exception):
    """An error with a code, facts, and a sentence in both languages that says how to mend it."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts

    def say(self, lang: str) -> str:
        """Return the sentence in `zh` or `en`."""
        return TEXTS[self.code].say(lang, self.facts)

    @property
    def told(self) -> str:
        """Return code and sentence, a line in each language."""
        return f"{self.code}: {self.say('zh')}\n{self.say('en')}"

    def __str__(self) -> str:
        return f"{self.code}: {self.say('en')}"


class Refused(ShanhaiError):  # noqa: N818 - a refusal is an answer, not an error
    """A rule says no."""

    @property
    def check(self) -> tuple[str, Facts]:
        """Return the pair that a verdict lists."""
        return self.code, self.facts


class InvalidInputError(ShanhaiError):
    """What came in is not what it claims to be."""


class ProofError(ShanhaiError):
    """A proof, checkpoint or log does not hold."""


class Halt(BaseException):
    """Storage failed under a rule: stop here, for a rule that went on would fork the nodes.

    No `Exception`, so that nothing which catches a rule's bugs can swallow it; the node turns it into
    a `StorageError` once the transaction is rolled back.
    """


class StorageError(ShanhaiError):
    """The database failed; nothing was written."""


TEXTS |= {
    "storage.failed": Text(
        "数据库暂时无法读写（{detail}），本次未记账，请稍后重试或联系维护人员",
        "The database cannot be read or written now ({detail}); nothing was written, try again or call the maintainers",
    ),
    "bytes.invalid": Text("内容格式不正确：{detail}", "The content is malformed: {detail}"),
    "bytes.not_canonical": Text(
        "内容不是规范编码，请用本平台的页面或接口重新生成",
        "The bytes are not canonical; make them again with this platform's page or API",
    ),
    "bytes.base64": Text("base64 编码不规范", "Not canonical base64url"),
    "bytes.hex": Text("十六进制编码不规范", "Not canonical lower-case hex of the expected length"),
    "suite.unknown": Text("不认识的密码套件 {name}", "Unknown suite {name}; use intl or sm"),
}
