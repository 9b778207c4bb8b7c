"""The 模拟 cast: organisations, officers and their software keys.

The pair's counties carry codes that GB/T 2260 does not use, so that no real county is ever shown with
invented money. Keys are derived from a seed in the data folder; they exist on 模拟 ledgers alone.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from shanhai.acts.machine import Key, KeyState, Person, Post
from shanhai.acts.officer import Organisation, OrganisationKind
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.ids import new_id
from shanhai.kernel.regions import COUNTRY
from shanhai.kernel.suite import Suite
from shanhai.ledger.commitment import commit, salt
from shanhai.ledger.signing import Ed25519Signer, kid_of

WEST_PROVINCE, EAST_PROVINCE = "510000", "330000"
WEST, EAST = "519901", "339901"
TOWN, VILLAGE = "519901101", "519901101201"
REGION_NAMES = {
    WEST: "山前县（模拟）",
    EAST: "海滨区（模拟）",
    TOWN: "清溪镇（模拟）",
    VILLAGE: "石桥村（模拟）",
}
K = OrganisationKind
ORGANISATIONS: dict[str, tuple[str, OrganisationKind, str]] = {
    "registry": ("人员与密钥登记中心（模拟）", K.GOVERNMENT, COUNTRY),
    "rules": ("规则管理组（模拟）", K.GOVERNMENT, COUNTRY),
    "operator": ("平台运行单位（模拟）", K.INSTITUTION, COUNTRY),
    "data": ("数据工作组（模拟）", K.INSTITUTION, COUNTRY),
    "village": ("石桥村村民委员会（模拟）", K.VILLAGE, VILLAGE),
    "town": ("清溪镇人民政府（模拟）", K.GOVERNMENT, TOWN),
    "department": ("山前县农业农村局（模拟）", K.GOVERNMENT, WEST),
    "department2": ("山前县自然资源局（模拟）", K.GOVERNMENT, WEST),
    "office": ("山前县东西部协作办公室（模拟）", K.GOVERNMENT, WEST),
    "leaders": ("山前县农村工作领导小组（模拟）", K.GOVERNMENT, WEST),
    "finance": ("山前县财政局（模拟）", K.GOVERNMENT, WEST),
    "treasury": ("山前县国库支付中心（模拟）", K.INSTITUTION, WEST),
    "owner": ("山前县清溪农业发展中心（模拟）", K.INSTITUTION, WEST),
    "contractor": ("山前惠农建设有限公司（模拟）", K.COMPANY, WEST),
    "contractor2": ("川东冷链设备有限公司（模拟）", K.COMPANY, WEST),
    "supervisor": ("川北工程监理有限公司（模拟）", K.COMPANY, WEST),
    "settler": ("正衡造价咨询有限公司（模拟）", K.COMPANY, WEST),
    "west_office": ("西部省协作办公室（模拟）", K.GOVERNMENT, WEST_PROVINCE),
    "west_finance": ("西部省财政厅（模拟）", K.GOVERNMENT, WEST_PROVINCE),
    "audit": ("山前县审计局（模拟）", K.AUDIT, WEST),
    "east_team": ("海滨区驻山前县工作组（模拟）", K.GOVERNMENT, EAST),
    "east_finance": ("海滨区财政局（模拟）", K.GOVERNMENT, EAST),
    "east_office": ("海滨区对口协作办（模拟）", K.GOVERNMENT, EAST),
    "east_audit": ("海滨区审计局（模拟）", K.AUDIT, EAST),
}


class Part(NamedTuple):
    """One officer of the cast: name in the script, organisation, role and region."""

    name: str
    organisation: str
    role: Role
    region: str


R = Role
CAST = (
    Part("registrar", "registry", R.REGISTRAR, COUNTRY),
    Part("registrar2", "registry", R.REGISTRAR, COUNTRY),
    Part("admin", "operator", R.ADMIN, COUNTRY),
    Part("rulemaker", "rules", R.RULEMAKER, COUNTRY),
    Part("rulekeeper", "rules", R.RULEKEEPER, COUNTRY),
    Part("node", "operator", R.NODE, COUNTRY),
    Part("desk", "data", R.DATA_DESK, COUNTRY),
    Part("village", "village", R.VILLAGE, VILLAGE),
    Part("town", "town", R.TOWNSHIP, TOWN),
    Part("town2", "town", R.TOWNSHIP, TOWN),
    Part("department", "department", R.COUNTY_DEPARTMENT, WEST),
    Part("department2", "department2", R.COUNTY_DEPARTMENT, WEST),
    Part("department3", "department", R.COUNTY_DEPARTMENT, WEST),
    Part("office", "office", R.COUNTY_OFFICE, WEST),
    Part("office2", "office", R.COUNTY_OFFICE, WEST),
    Part("leaders", "leaders", R.COUNTY_LEADERS, WEST),
    Part("leaders2", "leaders", R.COUNTY_LEADERS, WEST),
    Part("finance", "finance", R.COUNTY_FINANCE, WEST),
    Part("finance2", "finance", R.COUNTY_FINANCE, WEST),
    Part("finance3", "finance", R.COUNTY_FINANCE, WEST),
    Part("treasury", "treasury", R.COUNTY_TREASURY, WEST),
    Part("reconciler", "treasury", R.COUNTY_RECONCILER, WEST),
    Part("owner", "owner", R.OWNER, WEST),
    Part("owner2", "owner", R.OWNER, WEST),
    Part("owner_finance", "owner", R.OWNER_FINANCE, WEST),
    Part("contractor", "contractor", R.CONTRACTOR, WEST),
    Part("contractor2", "contractor2", R.CONTRACTOR, WEST),
    Part("supervisor", "supervisor", R.SUPERVISOR, WEST),
    Part("settler", "settler", R.SETTLER, WEST),
    Part("panel", "department2", R.PANEL, WEST),
    Part("panel2", "office", R.PANEL, WEST),
    Part("west_office", "west_office", R.PROVINCE_OFFICE, WEST_PROVINCE),
    Part("west_finance", "west_finance", R.PROVINCE_FINANCE, WEST_PROVINCE),
    Part("auditor", "audit", R.AUDITOR, WEST),
    Part("auditor2", "audit", R.AUDITOR, WEST),
    Part("audit_head", "audit", R.AUDIT_HEAD, WEST),
    Part("cadre", "east_team", R.EAST_CADRE, EAST),
    Part("liaison", "east_team", R.EAST_LIAISON, EAST),
    Part("east_finance", "east_finance", R.EAST_FINANCE, EAST),
    Part("east_office", "east_office", R.EAST_OFFICE, EAST),
    Part("east_office2", "east_office", R.EAST_OFFICE, EAST),
    Part("east_auditor", "east_audit", R.EAST_AUDITOR, EAST),
)


NAMES = (
    "周正平",
    "林晓岚",
    "许文博",
    "沈立行",
    "顾思远",
    "节点一",
    "何知行",
    "陈石生",
    "罗清和",
    "唐月明",
    "梁春生",
    "秦远山",
    "宋长青",
    "杜怀谷",
    "冯一诺",
    "石广田",
    "江海平",
    "钱守中",
    "彭立信",
    "方明达",
    "余清源",
    "葛对平",
    "马开田",
    "田有禾",
    "崔立本",
    "段长河",
    "霍建川",
    "严正清",
    "章平准",
    "乔山月",
    "白云岫",
    "蒋西岭",
    "康厚财",
    "易明审",
    "温如鉴",
    "裴公正",
    "叶向西",
    "楼同舟",
    "盛海财",
    "汪潮生",
    "龚连山",
    "简东明",
)
"""Invented names in the order of CAST; pages show them with （模拟）."""
FOUNDERS = ("registrar", "registrar2", "admin", "rulemaker", "rulekeeper", "node", "desk")
"""Parts that genesis itself names; everyone else is enrolled by acts, as real officers are."""
FOUNDING_BODIES = ("registry", "rules", "operator", "data")


class Actors(NamedTuple):
    """The cast as objects of a ledger, with their signers by script name."""

    organisations: dict[str, Organisation]
    persons: dict[str, Person]
    posts: dict[str, Post]
    keys: dict[str, Key]
    signers: dict[str, Ed25519Signer]


def name_of(part: Part) -> str:
    """Return the invented name of a part."""
    return f"{NAMES[CAST.index(part)]}（模拟）"


def signer(seed: bytes, name: str) -> Ed25519Signer:
    """Return the software key of one part, derived from the data folder's seed."""
    return Ed25519Signer(sha256(b"shanhai/demo\n" + seed + name.encode()).digest())


def id_of(prefix: str, time_ms: int, seed: bytes, name: str) -> str:
    """Return the id of a part's organisation, person or post."""
    return new_id(prefix, time_ms, sha256(seed + prefix.encode() + name.encode()).digest())


def cast(suite: Suite, seed: bytes, time_ms: int, names: Mapping[str, str] | None = None) -> Actors:
    """Make the cast.

    Args:
        suite: The ledger's hash.
        seed: 32 bytes of the data folder.
        time_ms: Time in the ids, epoch ms.
        names: Commitments of names kept in a vault, by part; derived from the seed where absent.
    """
    organisations = {
        key: Organisation(id=id_of("org", time_ms, seed, key), name=name, kind=kind, region=region)
        for key, (name, kind, region) in ORGANISATIONS.items()
    }
    signers = {part.name: signer(seed, part.name) for part in CAST}
    persons, posts, keys = {}, {}, {}
    for part in CAST:
        body, public = organisations[part.organisation], signers[part.name].public_key
        person = id_of("per", time_ms, seed, part.name)
        committed = (names or {}).get(part.name) or commit(
            suite, "", person, person, "name", name_of(part), salt(seed, part.name, suite)
        )
        persons[part.name] = Person(
            id=person, organisation=body.id, region=body.region, name=committed
        )
        posts[part.name] = Post(
            id=id_of("pst", time_ms, seed, part.name),
            person=person,
            role=part.role,
            organisation=body.id,
            region=part.region,
        )
        kid = kid_of(suite, public)
        keys[part.name] = Key(
            id=kid,
            person=person,
            region=body.region,
            alg="ed25519",
            public=to_base64(public),
            state=KeyState.ACTIVE,
        )
    return Actors(organisations, persons, posts, keys, signers)
