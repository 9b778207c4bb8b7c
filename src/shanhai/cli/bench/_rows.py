"""Rows for the page benchmark: projects, 20 contracts each, 20 claims each, straight into the state tables.

Nothing is signed here: pages read tables, and millions of signatures would measure something else. Names
carry 模拟; ids follow from numbers, so a folder grows without asking what is in it.
"""

import hashlib
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from shanhai.acts.claim import Claim, ClaimState, PayStage
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.machine import Object
from shanhai.acts.machine.sample import sample
from shanhai.acts.project import Project, ProjectState, Sector
from shanhai.acts.project_declare import Amend
from shanhai.cli._chain import PAIR, YEAR, begin
from shanhai.cli._county import EAST, PAPER, START_MS, VILLAGE, WAN, WEST, County, made_id
from shanhai.kernel.canonical import encode
from shanhai.kernel.periods import DAY_MS
from shanhai.ledger.body import Body
from shanhai.ledger.entry import Entry, pack
from shanhai.node import schema
from shanhai.node.block import search_text
from shanhai.node.folder import make_log_key, open_storage, sealer
from shanhai.node.loop import Node
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import Table, insert_sql, upsert_sql

CHILDREN = 20
LONG = 5
"""So many projects have a timeline longer than a page shows."""
EVENTS_LONG, EVENTS = 300, 12
CHUNK = 20_000
UNSAFE = ("synchronous = OFF", "cache_size = -2000000", "wal_autocheckpoint = 100000")
"""A filling that a power cut spoils is begun again; what is measured opens the folder anew."""
FIRST_ENTRY = 1_000
"""Entries below are the ledger's own."""


def found(folder: Path, environ: dict[str, str]) -> County:
    """Found a ledger whose officers may look at the rows, with its pair and funding line."""
    county = County()
    make_log_key(folder, "intl", b"\x01" * 32)
    storage = open_storage(folder, environ)
    keeper = sealer(folder, county.constants.ledger, environ)
    node = Node.found(storage, county.genesis, START_MS, keeper)
    now = START_MS + 60_000
    for by, act, subject in begin(county, 500 * WAN, now):
        node.submit(county.signed(node, by, act, subject, now), now)
    storage.connection.close()
    return county


def fill(folder: Path, county: County, start: int, stop: int) -> None:
    """Add projects [start, stop) with everything below them."""
    storage = open_storage(folder, {})
    for pragma in UNSAFE:
        storage.connection.execute(f"PRAGMA {pragma}")
    objects = _objects(county, start, stop)
    while some := list(islice(objects, CHUNK)):
        with storage.transaction():
            storage.write(some)
            _write(storage, schema.SEARCH, [_found(one) for one in some])
            _events(storage, county, some)
    storage.connection.execute("ANALYZE")
    storage.connection.close()


def ids(noun: str, projects: int, count: int, seed: int) -> list[str]:
    """Return ids of existing objects of a noun, drawn at random."""
    draw = random.Random(seed)  # noqa: S311 - a benchmark repeats itself
    many = {"prj": 1, "con": CHILDREN, "clm": CHILDREN * CHILDREN}[noun] * projects
    return [made_id(noun, draw.randrange(many)) for _ in range(count)]


def _objects(county: County, start: int, stop: int) -> Iterator[Object]:
    for number in range(start, stop):
        yield _project(county, number)
        yield _lot(county, number)
        for contract in range(number * CHILDREN, (number + 1) * CHILDREN):
            yield _contract(county, number, contract)
            for claim in range(contract * CHILDREN, (contract + 1) * CHILDREN):
                yield _claim(county, number, contract, claim)


def _shared(number: int) -> dict[str, Any]:
    return {"project": made_id("prj", number), "region": VILLAGE, "east_region": EAST}


def _project(county: County, number: int) -> Project:
    states = (ProjectState.EXECUTING, ProjectState.APPROVED, ProjectState.WARRANTY)
    return Project(
        id=made_id("prj", number),
        name=f"模拟项目{number}",
        region=VILLAGE,
        east_region=EAST,
        pairing=PAIR,
        year=YEAR,
        category="种植业",
        sector=Sector.INDUSTRY,
        place="模拟村三组",
        content="大棚 50 个（模拟）",
        owner=county.bodies["owner"],
        department=county.bodies["agriculture"],
        planned_fen=500 * WAN + number,
        approved_fen=500 * WAN,
        households=120,
        people=430,
        declared_ms=START_MS + number,
        state=states[number % len(states)],
    )


def _lot(county: County, number: int) -> Lot:
    return Lot(
        id=made_id("lot", number),
        owner=county.bodies["owner"],
        name="模拟标段",
        kind=LotKind.WORKS,
        estimate_fen=450 * WAN,
        state=LotState.STARTED,
        **_shared(number),
    )


def _contract(county: County, project: int, number: int) -> Contract:
    return Contract(
        id=made_id("con", number),
        lot=made_id("lot", project),
        award=made_id("awd", number),
        year=YEAR,
        owner=county.bodies["owner"],
        contractor=county.bodies["builder"],
        number=f"模拟合同{number}",
        price_fen=20 * WAN + number,
        account=PAPER,
        account_proof=PAPER,
        document=PAPER,
        signed_ms=START_MS + number,
        state=ContractState.REGISTERED,
        **_shared(project),
    )


def _claim(county: County, project: int, contract: int, number: int) -> Claim:
    states = (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.PAID, ClaimState.PAID)
    return Claim(
        id=made_id("clm", number),
        contract=made_id("con", contract),
        lot=made_id("lot", project),
        year=YEAR,
        owner=county.bodies["owner"],
        claimant=county.bodies["builder"],
        stage=PayStage.PROGRESS,
        invoice=f"模拟{number:016}",
        invoice_digest=PAPER,
        claimed_fen=WAN + number,
        document=PAPER,
        submitted_ms=START_MS + number,
        state=states[number % len(states)],
        **_shared(project),
    )


def _found(one: Object) -> tuple[Any, ...]:
    return one.id, one.noun, VILLAGE, search_text(one)


def _events(storage: SqlStorage, county: County, some: list[Object]) -> None:
    """Write what the timelines of these objects show: an entry row and where it touched them."""
    post, person = county.officers["finance"].post, county.persons["finance"]
    (last,) = storage.connection.execute('SELECT max("index") FROM "entry"').fetchone()
    first = max(FIRST_ENTRY, last + 1)
    entries, timeline, said = [], [], (_amended(post, "一"), _amended(post, "二"))
    for index, one in enumerate(_touched(some), first):
        act_id = hashlib.sha256(b"%d" % index).hexdigest()
        names = ("project.amend/1", one.id, post, person)
        entries.append(
            (index, act_id, START_MS + DAY_MS, *names, said[index % 2], b"", schema.act_key(act_id))
        )
        timeline.append((index << schema.TOUCHED_BITS, one.noun, one.id))
    _write(storage, schema.ENTRY, entries)
    _write(storage, schema.TIMELINE, timeline)


def _amended(post: str, name: str) -> bytes:
    """Return an entry whose body can be read, for pages that show what changed; nobody signed it."""
    payload = msgspec.structs.replace(sample(Amend), name=f"模拟项目{name}")
    zero = "0" * 64
    body = Body(
        act=payload.row.name,
        kid=zero,
        ledger=zero,
        made_ms=START_MS,
        nonce="0" * 32,
        not_after_ms=START_MS + 1,
        on=zero,
        payload=msgspec.Raw(encode(payload)),
        post=post,
        subject=made_id("prj", 0),
    )
    return pack(Entry(encode(body), b"{}", b"{}"))


def _touched(some: list[Object]) -> Iterator[Object]:
    long = {made_id("prj", number) for number in range(LONG)}
    for one in some:
        if isinstance(one, Project):
            yield from (one for _ in range(EVENTS_LONG if one.id in long else EVENTS))
        else:
            yield one


def _write(storage: SqlStorage, table: Table, rows: list[tuple[Any, ...]]) -> None:
    statement = insert_sql if table is not schema.SEARCH else upsert_sql
    storage.connection.executemany(statement(storage.dialect, table), rows)


__all__ = ["CHILDREN", "LONG", "WEST", "fill", "found", "ids"]
