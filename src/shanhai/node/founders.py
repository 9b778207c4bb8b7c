"""The founders' file: from a short TOML text to a signed genesis.

Organisations, persons and posts are named by labels of the file's own; a person's name is committed to, its
opening goes back to the caller for the vault. Keys are software keys: generated, or read as a seed of 32
bytes in hex. The form is documented in `docs/guide/` and by `shanhai ledger init --example`.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from shanhai.acts.genesis import Clock, Genesis, Publication
from shanhai.acts.governance import ProposalState
from shanhai.acts.machine import Key, KeyState, Person, Post, Setting
from shanhai.acts.machine.values import Dated, Standing
from shanhai.acts.officer import Organisation, OrganisationKind
from shanhai.acts.roles import Role
from shanhai.acts.validator import Seat
from shanhai.acts.witness_policy import WitnessPolicy, rows_of
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.ids import new_id
from shanhai.kernel.regions import COUNTRY, stem
from shanhai.kernel.suite import Suite, suite_named
from shanhai.ledger.commitment import (
    GENESIS_LEDGER,
    Opening,
    commitment_of,
    make_opening,
    salt,
)
from shanhai.ledger.policy import Policy, parse_policy
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer, kid_of
from shanhai.node.admission import Signed
from shanhai.node.client import sign_genesis

FOLDER = Path("keys/founders")
"""Where founding leaves the founders' seeds and openings, below the data folder."""
EXAMPLE = """\
name = "模拟协作账本"
origin = "example.org/shanhai-moni"
suite = "intl"               # or "sm": SM2 and SM3 throughout
clock = "simulated"          # or "real"; a simulated ledger is marked 模拟 everywhere
publication = "open"         # or "members"
rp_id = "localhost"
web_origins = ["http://localhost:8000"]
# witnesses = "policy.toml"  # for a witnessed ledger: shanhai mirror example, with `log` and `ledger` left empty

[organisations.office]
name = "模拟登记中心"
kind = "government"
region = "000000"

[persons.registrar]          # its key is written to <data folder>/keys/founders/registrar
organisation = "office"
name = "模拟登记员"
posts = [{ role = "registrar", region = "000000" }]

[persons.admin]
organisation = "office"
name = "模拟管理员"
posts = [{ role = "admin", region = "000000" }]

[persons.node]               # the machine's own: commits to what is handed in, signs what a restore lost
organisation = "office"
name = "模拟节点"
posts = [{ role = "node", region = "000000" }]

[[settings]]
parameter = "K1"             # hours before a new key or post may approve or pay
region = "000000"
value = 24
basis = "平台规则（示例）"
standing = "example"
"""
Label = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{1,40}$")]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a founders' file may hold; an unknown word is refused."""


class FounderOrganisation(_Strict, frozen=True, kw_only=True):
    """A founding organisation."""

    name: str
    kind: OrganisationKind
    region: str
    code: str = ""


class FounderPost(_Strict, frozen=True, kw_only=True):
    """A founding post; the organisation is the person's unless named."""

    role: Role
    region: str
    organisation: str = ""


class FounderPerson(_Strict, frozen=True, kw_only=True):
    """A founder with posts and a key: `generate`, or a seed file's path."""

    organisation: str
    name: str
    posts: tuple[FounderPost, ...]
    region: str = ""
    key: str = "generate"


class FounderSetting(_Strict, frozen=True, kw_only=True):
    """A first parameter value."""

    parameter: str
    region: str
    basis: str
    value: int = 0
    words: tuple[str, ...] = ()
    since_ms: int = 0
    until_ms: int = 0
    standing: Standing = Standing.CONFIRMED


class Founders(_Strict, frozen=True, kw_only=True):
    """The whole file."""

    name: str
    origin: str
    organisations: dict[Label, FounderOrganisation]
    persons: dict[Label, FounderPerson]
    settings: tuple[FounderSetting, ...] = ()
    suite: str = "intl"
    clock: Clock = Clock.REAL
    publication: Publication = Publication.OPEN
    rp_id: str = "localhost"
    web_origins: tuple[str, ...] = ("http://localhost:8000",)
    rules: int = 1
    witnesses: str = ""


class Founded(NamedTuple):
    """A signed genesis, and what must be kept apart from it: seeds and openings by person's label."""

    signed: Signed
    suite: Suite
    seeds: dict[str, bytes]
    openings: dict[str, Opening]


def read_founders(text: str) -> Founders:
    """Read a founders' file.

    Raises:
        InvalidInputError: `genesis.invalid`, with what does not fit and where.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Founders)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidInputError("genesis.invalid", detail=str(error)) from error


def found(
    founders: Founders,
    time_ms: int,
    random: Callable[[int], bytes],
    folder: Path = Path(),
    validators: tuple[Seat, ...] = (),
    log: str = "",
    nodes: Policy | None = None,
) -> Founded:
    """Make the genesis that a founders' file describes.

    Args:
        founders: The file.
        time_ms: When, epoch ms.
        random: Gives that many random bytes.
        folder: Where seed files and a policy file named in the file lie.
        validators: The nodes that vote, for a consortium.
        log: The log's verifier key, for the witness policy.
        nodes: The policy of a consortium's nodes, where the file names none.

    Raises:
        InvalidInputError: `genesis.invalid`, or what a key or field is refused for.
    """
    suite = suite_named(founders.suite)
    ids = {label: new_id("org", time_ms, random(10)) for label in founders.organisations}
    persons = {label: new_id("per", time_ms, random(10)) for label in founders.persons}
    seeds = {
        label: random(32) if one.key == "generate" else _seed(folder / one.key)
        for label, one in founders.persons.items()
    }
    signers = {label: _signer(suite, seed) for label, seed in seeds.items()}
    people = founders.persons.items()
    openings = {k: _name_opening(persons[k], v.name, random(32), suite) for k, v in people}
    payload = Genesis(
        **{f: getattr(founders, f) for f in _PLAIN},
        organisations=tuple(_organisation(ids[k], v) for k, v in founders.organisations.items()),
        persons=tuple(
            _person(persons[k], v, _named(ids, v.organisation), commitment_of(suite, openings[k]))
            for k, v in people
        ),
        posts=tuple(
            _post(new_id("pst", time_ms, random(10)), persons[k], post, ids, v.organisation)
            for k, v in people
            for post in v.posts
        ),
        keys=tuple(
            _key(suite, signers[k], persons[k], v.region or v.posts[0].region) for k, v in people
        ),
        settings=tuple(_setting(one) for one in founders.settings),
        validators=validators,
        witnesses=_policies(founders, folder, log, new_id("wpo", time_ms, random(10)), nodes),
    )
    signed = sign_genesis(payload, signers.values(), suite, time_ms, random(16))
    return Founded(signed, suite, seeds, openings)


def _policies(
    founders: Founders,
    folder: Path,
    log: str,
    id: str,  # noqa: A002 - the field's name
    nodes: Policy | None,
) -> tuple[WitnessPolicy, ...]:
    """Return the first witness policy: of the file that the founders name, else of the nodes, else none."""
    if not founders.witnesses:
        return (first_policy(nodes, id),) if nodes is not None else ()
    try:
        policy = parse_policy((folder / founders.witnesses).read_bytes(), log)
    except OSError as error:
        detail = f"witnesses {founders.witnesses}"
        raise InvalidInputError("genesis.invalid", detail=detail) from error
    if policy.log.line != log:
        raise InvalidInputError(
            "genesis.invalid", detail="witnesses: log, ledger; leave both empty"
        )
    return (first_policy(policy, id),)


def first_policy(policy: Policy, id: str) -> WitnessPolicy:  # noqa: A002 - the field's name
    """Return a policy as genesis holds it."""
    state, log = ProposalState.CONFIRMED, policy.log.line
    return WitnessPolicy(id=id, region=COUNTRY, log=log, state=state, **rows_of(policy))


def _name_opening(person: str, name: str, secret: bytes, suite: Suite) -> Opening:
    return make_opening(GENESIS_LEDGER, person, person, "name", name, salt(secret, "name", suite))


_PLAIN = ("name", "suite", "origin", "clock", "publication", "rp_id", "web_origins", "rules")


def _named(ids: Mapping[str, str], label: str) -> str:
    if label not in ids:
        raise InvalidInputError("genesis.invalid", detail=f"organisation {label}")
    return ids[label]


def _seed(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise InvalidInputError("genesis.invalid", detail=f"seed {path}") from error


def _signer(suite: Suite, seed: bytes) -> Signer:
    return Sm2Signer(seed) if suite.name == "sm" else Ed25519Signer(seed)


def _organisation(id: str, one: FounderOrganisation) -> Organisation:  # noqa: A002 - the field's name
    return Organisation(id=id, name=one.name, kind=one.kind, region=one.region, code=one.code)


def _person(id: str, one: FounderPerson, organisation: str, name: str) -> Person:  # noqa: A002 - the field's name
    region = one.region or (one.posts[0].region if one.posts else "")
    return Person(id=id, organisation=organisation, region=region, name=name)


def _post(
    id: str,  # noqa: A002 - the field's name
    person: str,
    one: FounderPost,
    organisations: Mapping[str, str],
    home: str,
) -> Post:
    organisation = _named(organisations, one.organisation or home)
    return Post(id=id, person=person, role=one.role, organisation=organisation, region=one.region)


def _key(suite: Suite, signer: Signer, person: str, region: str) -> Key:
    fields: dict[str, Any] = {"alg": signer.alg, "public": to_base64(signer.public_key)}
    kid = kid_of(suite, signer.public_key)
    return Key(id=kid, person=person, region=region, state=KeyState.ACTIVE, **fields)


def _setting(one: FounderSetting) -> Setting:
    dated = Dated(
        since_ms=one.since_ms,
        until_ms=one.until_ms,
        value=one.value,
        words=one.words,
        basis=one.basis,
        standing=one.standing,
    )
    key = f"{one.parameter}/{stem(one.region)}"
    return Setting(id=key, parameter=one.parameter, region=one.region, dated=(dated,))
