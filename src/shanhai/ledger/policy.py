"""The witnesses' policy: whose cosignatures make a checkpoint final.

`n` counts failure domains, not hosts: a province's finance and audit offices share one government and are
one domain. `f` of them may lie; `n ≥ 3f + 1`, and `n − f` cosignatures make a checkpoint final, so that two
conflicting final checkpoints need more than `f` liars. Interests name domains that may act as one (a pair's
two provinces). Source: design §3, ledger reference §7.

The file is TOML; its form is documented in `docs/guide/witnesses.md` and by `shanhai mirror example`.
"""

import tomllib
from typing import Annotated, NamedTuple

import msgspec

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.checkpoint import VKey, parse_vkey

MAX_FILE_BYTES = 256 * 1024
LIARS = 3
"""n must exceed this many times f."""
EXAMPLE = """\
# 见证规则 Witness policy; n = number of [[domain]], final at n - faults cosignatures
ledger = ""                  # the ledger's id, 64 hex digits; empty takes what the log says
log = "example.org/shanhai-moni+…+…"       # the log's verifier key: GET /ledger/vkey
faults = 1                   # f: how many domains may lie; n must be at least 3f + 1

[[domain]]                   # one failure domain: everybody under one government or owner
name = "示例东部省"
[[domain.witness]]
vkey = "east.example+…+…"    # printed by: shanhai mirror init --name east.example
url = "https://east.example"               # where its heads are read; may be left out

[[domain]]
name = "示例西部省"
[[domain.witness]]
vkey = "west.example+…+…"

# … two more domains at least, when faults = 1

[[interest]]                 # domains that may act as one: the certificate says if they are not covered
name = "示例东西部结对"
domains = ["示例东部省", "示例西部省"]
"""
TEXTS |= {
    "policy.malformed": Text(
        "见证规则文件不符合格式（{detail}），请对照 shanhai mirror example",
        "The witness policy does not fit its form ({detail}); compare shanhai mirror example",
    ),
    "policy.quorum": Text(
        "{n} 个故障域最多容忍 {most} 个说谎，文件写的是 {f}；须 n ≥ 3f + 1",
        "{n} failure domains bear at most {most} liars, the file says {f}; n ≥ 3f + 1 is needed",
    ),
    "policy.twice": Text(
        "{name} 在见证规则中出现两次：一个名称或一把公钥只能属于一个故障域",
        "{name} occurs twice in the witness policy: a name or key belongs to one failure domain",
    ),
    "policy.key": Text(
        "{name} 的公钥种类不对：log 须为账本公钥，witness 须为联署公钥（shanhai mirror init 打印的）",
        "{name} is the wrong kind of key: `log` is the log's own, `vkey` of a witness the one that shanhai mirror init "
        "prints",
    ),
    "policy.interest": Text(
        "利益相关组 {name} 提到了不存在的故障域", "Interest {name} names a domain that is not there"
    ),
}


class Witness(NamedTuple):
    """A cosigner: its verifier key, and where its heads are read ("" for nowhere)."""

    vkey: VKey
    url: str = ""


class Domain(NamedTuple):
    """A failure domain and its cosigners; one of them speaks for it."""

    name: str
    witnesses: tuple[Witness, ...]


class Interest(NamedTuple):
    """Domains that may act as one."""

    name: str
    domains: tuple[str, ...]


class Policy(NamedTuple):
    """Who may lie, and how many must have seen a checkpoint before it is final."""

    log: VKey
    domains: tuple[Domain, ...]
    faults: int
    interests: tuple[Interest, ...] = ()
    ledger: str = ""

    @property
    def quorum(self) -> int:
        """Return how many domains must cosign: n − f."""
        return len(self.domains) - self.faults

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """Return every cosigner."""
        return tuple(one for domain in self.domains for one in domain.witnesses)

    @property
    def together(self) -> bool:
        """Return whether the witnesses keep the log together, as a consortium does: its key is one of theirs."""
        return any(one.vkey.public_key == self.log.public_key for one in self.witnesses)

    @property
    def logs(self) -> tuple[VKey, ...]:
        """Return whose signature makes a checkpoint the log's own: one key's, or any node's of a consortium."""
        if not self.together:
            return (self.log,)
        name, kind, _ = self.log
        own = (VKey(name, kind, one.vkey.public_key) for one in self.witnesses)
        return tuple(dict.fromkeys((self.log, *own)))

    def domain_of(self, vkey: VKey) -> str:
        """Return the name of a key's domain, "" for a key that is no witness's."""
        for domain in self.domains:
            if any(one.vkey == vkey for one in domain.witnesses):
                return domain.name
        return ""


class Policies(NamedTuple):
    """The policies of one log, newest first, each with the size that a tree must exceed to be judged by it."""

    steps: tuple[tuple[int, Policy], ...]

    @property
    def newest(self) -> Policy:
        """Return the policy of checkpoints to come."""
        return self.steps[0][1]

    def at(self, size: int) -> Policy:
        """Return the policy that judges checkpoints of a size."""
        return next((policy for since, policy in self.steps if since < size), self.steps[-1][1])

    @property
    def logs(self) -> tuple[VKey, ...]:
        """Return every key that this log's checkpoints ever bore, newest first."""
        return tuple(dict.fromkeys(key for _, policy in self.steps for key in policy.logs))

    def agrees(self, policy: Policy) -> str:
        """Compare a policy that somebody brings with those of the log.

        Returns:
            "" if it is one of them; else what of it is not the newest's: `log`, `ledger`, `faults` or a domain's name.
        """
        found = [_differing(policy, one) for _, one in self.steps]
        return "" if "" in found else found[0]


def _differing(one: Policy, other: Policy) -> str:
    """Return the first thing in which two policies differ, "" for none; addresses and interests are no matter."""
    if one.ledger and other.ledger and one.ledger != other.ledger:
        return "ledger"
    if one.log != other.log:
        return "log"
    if one.faults != other.faults:
        return "faults"
    mine, theirs = _keys(one), _keys(other)
    return next((name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)), "")


def _keys(policy: Policy) -> dict[str, frozenset[VKey]]:
    return {one.name: frozenset(each.vkey for each in one.witnesses) for one in policy.domains}


def single(policy: Policy) -> Policies:
    """Return a policy that was never changed, as a file alone gives it."""
    return Policies(((0, policy),))


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file may hold; an unknown word is refused."""


Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=600)]


class _Witness(_Strict, frozen=True, kw_only=True):
    vkey: Line
    url: Annotated[str, msgspec.Meta(max_length=300)] = ""


class _Domain(_Strict, frozen=True, kw_only=True):
    name: Name
    witness: Annotated[tuple[_Witness, ...], msgspec.Meta(min_length=1, max_length=16)]


class _Interest(_Strict, frozen=True, kw_only=True):
    name: Name
    domains: Annotated[tuple[Name, ...], msgspec.Meta(min_length=2)]


class _File(_Strict, frozen=True, kw_only=True):
    log: Annotated[str, msgspec.Meta(max_length=600)]
    faults: Annotated[int, msgspec.Meta(ge=0, le=20)]
    domain: Annotated[tuple[_Domain, ...], msgspec.Meta(min_length=1, max_length=61)]
    interest: tuple[_Interest, ...] = ()
    ledger: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


def parse_policy(raw: bytes, log: str = "") -> Policy:
    """Read a policy file.

    Args:
        raw: TOML in UTF-8, at most 256 KiB.
        log: The log's verifier key, where the file leaves it empty: of a ledger that is being founded.

    Raises:
        InvalidInputError: `policy.…`, or `note.key` where a verifier key does not read.
    """
    try:
        text = raw.decode() if len(raw) <= MAX_FILE_BYTES else ""
        file = msgspec.convert(tomllib.loads(text), _File)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidInputError("policy.malformed", detail=str(error)) from error
    domains = tuple(Domain(one.name, _witnesses(one)) for one in file.domain)
    interests = tuple(Interest(one.name, one.domains) for one in file.interest)
    return checked(
        Policy(parse_vkey(file.log or log), domains, file.faults, interests, file.ledger)
    )


def written(policy: Policy) -> str:
    """Return a policy as a file that `parse_policy` reads."""
    lines = [f"ledger = {_quoted(policy.ledger)}", f"log = {_quoted(policy.log.line)}"]
    lines.append(f"faults = {policy.faults}")
    for domain in policy.domains:
        lines += ["", "[[domain]]", f"name = {_quoted(domain.name)}"]
        for one in domain.witnesses:
            lines += ["[[domain.witness]]", f"vkey = {_quoted(one.vkey.line)}"]
            lines += [f"url = {_quoted(one.url)}"] if one.url else []
    for interest in policy.interests:
        named = ", ".join(_quoted(name) for name in interest.domains)
        lines += ["", "[[interest]]", f"name = {_quoted(interest.name)}", f"domains = [{named}]"]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _witnesses(domain: _Domain) -> tuple[Witness, ...]:
    return tuple(Witness(parse_vkey(one.vkey), one.url.rstrip("/")) for one in domain.witness)


def checked(policy: Policy) -> Policy:
    """Return a policy that can hold.

    Raises:
        InvalidInputError: `policy.quorum`, `policy.twice`, `policy.key` or `policy.interest`.
    """
    count, faults = len(policy.domains), policy.faults
    if count < LIARS * faults + 1:
        raise InvalidInputError("policy.quorum", n=count, most=(count - 1) // LIARS, f=faults)
    if policy.log.kind.timed:
        raise InvalidInputError("policy.key", name=policy.log.name)
    _distinct([domain.name for domain in policy.domains])
    _distinct([one.vkey.name for one in policy.witnesses])
    _distinct([one.vkey.public_key.hex()[:16] for one in policy.witnesses])
    for one in policy.witnesses:
        if not one.vkey.kind.timed:
            raise InvalidInputError("policy.key", name=one.vkey.name)
    names = {domain.name for domain in policy.domains}
    for interest in policy.interests:
        if not names.issuperset(interest.domains):
            raise InvalidInputError("policy.interest", name=interest.name)
    return policy


def _distinct(given: list[str]) -> None:
    for place, name in enumerate(given):
        if name in given[:place]:
            raise InvalidInputError("policy.twice", name=name)
