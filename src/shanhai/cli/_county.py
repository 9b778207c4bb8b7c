"""A 模拟 county whose officers are all founders: for benchmarks and drills that need every role and no enrolment.

Regions carry codes that GB/T 2260 does not use. Keys, ids and nonces depend on numbers only, so that every
run signs the same acts.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from shanhai.acts import clocks
from shanhai.acts.genesis import Clock, Genesis, Publication
from shanhai.acts.machine import Act, Key, KeyState, Parameter, Person, Post, Setting
from shanhai.acts.machine.values import KEY_DELAY, Dated, Standing
from shanhai.acts.officer import Organisation, OrganisationKind
from shanhai.acts.roles import Role
from shanhai.acts.validator import Seat
from shanhai.acts.witness_policy import WitnessPolicy
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.ids import new_id
from shanhai.kernel.regions import COUNTRY
from shanhai.kernel.suite import INTL, Suite
from shanhai.ledger.body import Seen, parse_body
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer, kid_of
from shanhai.node.admission import Signed
from shanhai.node.client import Officer, draft, sign, sign_genesis
from shanhai.node.founding import Constants, check_genesis
from shanhai.node.loop import Node

START_MS = 1_780_243_200_000  # 2026-06-01 00:00 UTC+8
ORIGIN = "example.org/moni"
WEST, EAST = "519901", "339901"
TOWN, VILLAGE = "519901101", "519901101201"
WAN = 1_000_000  # 万元 in fen
PAPER = "5a" * 32
"""Stands for the hash of any 模拟 document."""
K, R = OrganisationKind, Role


class Part(NamedTuple):
    """One officer: role, kind of organisation, region."""

    role: Role
    kind: OrganisationKind
    region: str


PARTS = {
    "registrar": Part(R.REGISTRAR, K.GOVERNMENT, COUNTRY),
    "rulemaker": Part(R.RULEMAKER, K.GOVERNMENT, COUNTRY),
    "rulekeeper": Part(R.RULEKEEPER, K.GOVERNMENT, COUNTRY),
    "desk": Part(R.DATA_DESK, K.INSTITUTION, COUNTRY),
    "village": Part(R.VILLAGE, K.VILLAGE, VILLAGE),
    "town": Part(R.TOWNSHIP, K.GOVERNMENT, TOWN),
    "agriculture": Part(R.COUNTY_DEPARTMENT, K.GOVERNMENT, WEST),
    "resources": Part(R.COUNTY_DEPARTMENT, K.GOVERNMENT, WEST),
    "office": Part(R.COUNTY_OFFICE, K.GOVERNMENT, WEST),
    "leaders": Part(R.COUNTY_LEADERS, K.GOVERNMENT, WEST),
    "leaders2": Part(R.COUNTY_LEADERS, K.GOVERNMENT, WEST),
    "finance": Part(R.COUNTY_FINANCE, K.GOVERNMENT, WEST),
    "finance2": Part(R.COUNTY_FINANCE, K.GOVERNMENT, WEST),
    "finance3": Part(R.COUNTY_FINANCE, K.GOVERNMENT, WEST),
    "treasury": Part(R.COUNTY_TREASURY, K.INSTITUTION, WEST),
    "reconciler": Part(R.COUNTY_RECONCILER, K.INSTITUTION, WEST),
    "owner": Part(R.OWNER, K.INSTITUTION, WEST),
    "owner2": Part(R.OWNER, K.INSTITUTION, WEST),
    "owner_finance": Part(R.OWNER_FINANCE, K.INSTITUTION, WEST),
    "builder": Part(R.CONTRACTOR, K.COMPANY, WEST),
    "supervisor": Part(R.SUPERVISOR, K.COMPANY, WEST),
    "province_finance": Part(R.PROVINCE_FINANCE, K.GOVERNMENT, "510000"),
    "cadre": Part(R.EAST_CADRE, K.GOVERNMENT, EAST),
    "east_finance": Part(R.EAST_FINANCE, K.GOVERNMENT, EAST),
    "east_office": Part(R.EAST_OFFICE, K.GOVERNMENT, EAST),
    "moonlighter": Part(R.COUNTY_FINANCE, K.GOVERNMENT, WEST),
    "deputy": Part(R.COUNTY_FINANCE, K.GOVERNMENT, WEST),
    "node": Part(R.NODE, K.INSTITUTION, COUNTRY),
}
SAME_HOUSE = {
    "leaders2": "leaders",
    "finance2": "finance",
    "finance3": "finance",
    "owner2": "owner",
    "owner_finance": "owner",
    "reconciler": "treasury",
    "moonlighter": "finance",
    "deputy": "finance",
}
"""Officers who share an organisation with another."""
SAME_PERSON = {"moonlighter": "agriculture"}
"""Second posts: both belong to one human."""
PRINCIPALS = {"deputy": "finance2"}
"""Posts held for somebody else."""
NUMBERS: dict[Parameter, int] = {
    KEY_DELAY: 24,
    clocks.NOTICE_DAYS: 10,
    clocks.CANDIDATES_DAYS: 3,
    clocks.ANSWER_DAYS: 15,
    clocks.REVIEW_DAYS: 5,
    clocks.ACCEPTANCE_DAYS: 20,
    clocks.TARGETS_REQUIRED: 1,
    clocks.START_MONTHS: 6,
    clocks.WORKS_LIMIT: 400 * WAN,
    clocks.GOODS_LIMIT: 200 * WAN,
    clocks.SERVICES_LIMIT: 100 * WAN,
    clocks.DIRECT_LIMIT: 30 * WAN,
    clocks.BID_DAYS: 20,
    clocks.ANNOUNCE_DAYS: 5,
    clocks.MATERIAL_SHARE: 100,
    clocks.REPLY_DAYS: 10,
    clocks.RETENTION_CAP: 30,
    clocks.ADVANCE_CAP: 300,
    clocks.PROGRESS_CAP: 800,
    clocks.CERTIFIED_SHARE: 900,
    clocks.ACCOUNT_DAYS: 15,
}
LISTS: dict[Parameter, tuple[str, ...]] = {
    clocks.NEGATIVE_LIST: ("单位基本支出", "修建楼堂馆所"),
    clocks.PAIR_NEGATIVE_LIST: ("弥补企业亏损",),
    clocks.PLAN_CONFIRMER: ("cadre",),
    clocks.COUNTERSIGNER: ("cadre",),
}
CLEARED = LISTS[clocks.NEGATIVE_LIST] + LISTS[clocks.PAIR_NEGATIVE_LIST]


@lru_cache(4096)
def made_id(prefix: str, number: int, time_ms: int = START_MS) -> str:
    """Return the number-th id of a noun, the same in every run."""
    return new_id(prefix, time_ms, number.to_bytes(10, "big"))


def _setting(one: Parameter, dated: Dated) -> Setting:
    return Setting(id=f"{one.id}/", parameter=one.id, region=COUNTRY, dated=(dated,))


def _settings() -> Iterable[Setting]:
    given = {"basis": "示例", "standing": Standing.EXAMPLE}
    for one, value in NUMBERS.items():
        yield _setting(one, Dated(value=value, **given))  # type: ignore[arg-type]  # basis and standing
    for one, words in LISTS.items():
        yield _setting(one, Dated(words=words, **given))  # type: ignore[arg-type]  # basis and standing


class County:
    """The officers, their keys, and the signed genesis that names them all."""

    def __init__(
        self,
        suite: Suite = INTL,
        first_key: int = 1,
        start_ms: int = START_MS,
        validators: tuple[Seat, ...] = (),
        witnesses: tuple[WitnessPolicy, ...] = (),
    ) -> None:
        """Make officers and genesis.

        Args:
            suite: The ledger's hash and signatures.
            first_key: The first officer's seed as a number, the others' follow; random where keys must be secret.
            start_ms: When the ledger begins, epoch ms.
            validators: The nodes that vote, for a consortium.
            witnesses: The policy by which checkpoints are final, none for a ledger without.
        """
        self.suite, self.made, self._validators = suite, 0, validators
        self._witnesses = witnesses
        self.bodies: dict[str, str] = {}
        self.persons: dict[str, str] = {}
        self.officers: dict[str, Officer] = {}
        self.seeds: dict[str, bytes] = {}
        places = {name: number for number, name in enumerate(PARTS)}
        for name, number in places.items():
            human = places[SAME_PERSON.get(name, name)]
            seed = (first_key + human).to_bytes(32, "big")
            signer: Signer = Sm2Signer(seed) if suite.name == "sm" else Ed25519Signer(seed)
            self.seeds[name] = seed
            self.persons[name] = made_id("per", human)
            self.bodies[name] = made_id("org", places[SAME_HOUSE.get(name, name)])
            self.officers[name] = Officer(made_id("pst", number), signer)
        signers = [one.signer for name, one in self.officers.items() if name not in SAME_PERSON]
        self.public = {kid_of(suite, one.public_key): one.public_key for one in signers}
        self.genesis = sign_genesis(self._genesis(), signers, suite, start_ms, bytes(16))
        self.constants: Constants = check_genesis(*self.genesis).constants

    def _genesis(self) -> Genesis:
        humans = {name: part for name, part in PARTS.items() if name not in SAME_PERSON}
        return Genesis(
            name="模拟账本",
            suite=self.suite.name,
            origin=ORIGIN,
            clock=Clock.SIMULATED,
            publication=Publication.OPEN,
            rp_id="localhost",
            web_origins=("http://localhost:8000",),
            organisations=tuple(
                Organisation(
                    id=self.bodies[name], name=f"模拟{name}", kind=part.kind, region=part.region
                )
                for name, part in PARTS.items()
                if name not in SAME_HOUSE
            ),
            persons=tuple(self._person(name, part) for name, part in humans.items()),
            posts=tuple(self._post(name, part) for name, part in PARTS.items()),
            keys=tuple(self._key(name, part) for name, part in humans.items()),
            settings=tuple(_settings()),
            rules=1,
            validators=self._validators,
            witnesses=self._witnesses,
        )

    def _person(self, name: str, part: Part) -> Person:
        home, region = self.bodies[name], part.region
        return Person(id=self.persons[name], organisation=home, region=region, name=PAPER)

    def _post(self, name: str, part: Part) -> Post:
        return Post(
            id=self.officers[name].post,
            person=self.persons[name],
            role=part.role,
            organisation=self.bodies[name],
            region=part.region,
            principal=self.persons[PRINCIPALS[name]] if name in PRINCIPALS else "",
        )

    def _key(self, name: str, part: Part) -> Key:
        signer = self.officers[name].signer
        return Key(
            id=kid_of(self.suite, signer.public_key),
            person=self.persons[name],
            region=part.region,
            alg=signer.alg,
            public=to_base64(signer.public_key),
            state=KeyState.ACTIVE,
        )

    def paper(self, title: str) -> str:
        """Return the hash of a 模拟 document named by its title."""
        return self.suite.digest(f"模拟材料：{title}".encode())

    def id(self, prefix: str, time_ms: int) -> str:
        """Return a fresh id."""
        self.made += 1
        return made_id(prefix, 1_000 + self.made, time_ms)

    def again(self, signed: Signed) -> Signed:
        """Return the same act signed once more, by the same key on the state it was signed on."""
        self.made += 1
        body = parse_body(signed.body)
        signer = next(
            one.signer for one in self.officers.values() if one.kid(self.suite) == body.kid
        )
        return sign(msgspec.structs.replace(body, nonce=f"{self.made:032x}"), signer)

    def signed(self, node: Node, name: str, payload: Act, subject: str, now: int) -> Signed:
        """Return an act signed by one officer who has just verified the node's head."""
        self.made += 1
        officer, head = self.officers[name], node.head()
        body = draft(
            self.constants,
            node.storage,
            officer,
            payload,
            subject,
            made_ms=now,
            nonce=self.made.to_bytes(16, "big"),
            seen=Seen(head.size, head.root.hex()),
        )
        return sign(body, officer.signer)
