"""A claim that waits for its approval on a network of four organisations, and officers who sign in at their own node.

The project was running before the ledger began, so that no notice period has to pass: it is entered as an opening
balance and confirmed by a second officer. Everything up to the browsers is done with the founders' keys.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import BrowserContext, expect

from e2e.journey.officer import Officer
from network_world import PATIENCE_S, Network
from shanhai.acts.claim import PayStage
from shanhai.acts.claim_flow import CertifyClaim, EndorseClaim, ReviewClaim, SubmitClaim
from shanhai.acts.clocks import ACCOUNT_DAYS
from shanhai.acts.governance import ConfirmParameter, ProposeParameter
from shanhai.acts.line import LineKind
from shanhai.acts.lot import LotKind, LotState
from shanhai.acts.machine import Act, Dated
from shanhai.acts.machine.values import Standing
from shanhai.acts.opening_balance import ConfirmOpening, OpenProject, Stage
from shanhai.acts.opening_rows import OpeningBudget, OpeningContract, OpeningLine, OpeningLot
from shanhai.acts.project import Sector
from shanhai.acts.year_end import OpenYear
from shanhai.cli import _members
from shanhai.cli._chain import BOOKS, PAIR, YEAR, begin
from shanhai.cli._county import PAPER, PARTS, VILLAGE, WAN, WEST
from shanhai.cli._load_acts import now_ms
from shanhai.node.folder import open_node
from shanhai.node.sql import SqlStorage

PASSWORD = "huanghua-shiqiao-2026"
ACCOUNTS = """
import json, sys
from pathlib import Path
from shanhai.cli import _django
folder, people, account = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
_django.choose(Path(folder))
_django.load()
from shanhai.domains.accounts.services import account_open
from shanhai.domains.book.desk import mark
from shanhai.domains.vault.services import values_seal
for name, person in people.items():
    account_open(person=person, name=name, username=name, password="huanghua-shiqiao-2026")
print(values_seal(mark=mark(), object_id="con", committer="", values={"account": account})["account"])
"""
Planned = tuple[str, Act, str]


class County:
    """The 模拟 county of a network, acting through its first node."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.officers = _members.read_officers(network.folder)
        self.county = self.officers.county()
        environ = _members.environment(network.folder, "node0")
        self.node = open_node(network.data(0), lambda _: now_ms(), environ)

    def do(self, *planned: Planned) -> None:
        """Submit acts that do not build on each other, and wait until all are final."""
        now = now_ms()
        signed = [self.county.signed(self.node, by, act, on, now) for by, act, on in planned]
        outcomes = self.node.submit_many(signed, now)
        assert [one.refusals for one in outcomes] == [()] * len(signed)

    def accounts(self, at: int, *names: str) -> str:
        """Open officers' accounts at a node; return the commitment to an account that its vault now keeps."""
        people = msgspec.json.encode({name: self.county.persons[name] for name in names})
        environ = dict(_members.environment(self.network.folder, f"node{at}"))
        environ.pop("DJANGO_SETTINGS_MODULE", None)
        folder, account = str(self.network.data(at)), "模拟账户 6222"
        command = [sys.executable, "-c", ACCOUNTS, folder, people.decode(), account]
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def found(self, noun: str, by: str, id: str) -> str:  # noqa: A002 - the field's name
        """Return the id of the only object of a noun that names another object."""
        assert isinstance(self.node.storage, SqlStorage)
        asked = f'SELECT "id" FROM "{noun}" WHERE "{by}" = ?'  # noqa: S608 - names of our own
        ((only,),) = self.node.storage.connection.execute(asked, (id,)).fetchall()
        return str(only)

    def claim(self, account: str) -> str:
        """Bring a claim to where finance approves it; return its id."""
        since = self._pair_and_rules()
        project, claim = self.county.id("prj", since), self.county.id("clm", since)
        self.do(("office", self._opening(since, account), project))
        second = ConfirmOpening(openings=(self.found("opening", "project", project),))
        self.do(("leaders2", second, project))
        contract = self.found("contract", "project", project)
        asked = SubmitClaim(
            contract=contract,
            stage=PayStage.PROGRESS,
            invoice="模拟发票1号",
            invoice_digest=PAPER,
            claimed_fen=150 * WAN,
            document=PAPER,
        )
        self.do(("builder", asked, claim))
        self.do(("supervisor", CertifyClaim(certified_fen=200 * WAN, report=PAPER), claim))
        self.do(("owner2", ReviewClaim(opinion=PAPER), claim))
        self.do(("agriculture", EndorseClaim(opinion=PAPER), claim))
        return claim

    def _pair_and_rules(self) -> int:
        """Bring the pair about, open the year, and let an account be paid on its first day; return since when."""
        pair = list(begin(self.county, WAN, now_ms()))[:2]
        since, change = now_ms(), self.county.id("pch", now_ms())
        dated = Dated(since_ms=since, value=0, basis="模拟", standing=Standing.EXAMPLE)
        rule = ProposeParameter(parameter=ACCOUNT_DAYS.id, region=WEST, dated=(dated,))
        self.do(
            (pair[0].by, pair[0].act, PAIR),
            ("finance", OpenYear(region=WEST, year=YEAR), BOOKS),
            ("rulemaker", rule, change),
        )
        self.do((pair[1].by, pair[1].act, PAIR), ("rulekeeper", ConfirmParameter(), change))
        return since

    def _rows(self, since: int, account: str) -> dict[str, Any]:
        """Return what was agreed and funded before the ledger began."""
        bodies = self.county.bodies
        contract = OpeningContract(
            lot=1,
            number="模拟期初合同",
            contractor=bodies["builder"],
            price_fen=280 * WAN,
            account=account,
            account_proof=PAPER,
            document=PAPER,
            signed_ms=since,
        )
        line = OpeningLine(
            number="模拟财农〔2026〕3号",
            subject="2130599",
            kind=LineKind.EAST_WEST,
            origin_year=YEAR,
            year=YEAR,
            issued_fen=500 * WAN,
            department=bodies["agriculture"],
        )
        works = LotKind.WORKS
        lot = OpeningLot(
            name="期初标段", kind=works, estimate_fen=300 * WAN, state=LotState.STARTED
        )
        budget = OpeningBudget(place=1, amount_fen=400 * WAN, number="模拟预算1号")
        return {"lots": (lot,), "lines": (line,), "contracts": (contract,), "budgets": (budget,)}

    def _opening(self, since: int, account: str) -> OpenProject:
        bodies = self.county.bodies
        given: dict[str, Any] = {"region": VILLAGE, "pairing": PAIR, "year": YEAR}
        return OpenProject(
            **given,
            name="模拟：石桥村冷库",
            category="种植业",
            sector=Sector.INDUSTRY,
            place="模拟村三组",
            content="冷库一座（模拟）",
            owner=bodies["owner"],
            department=bodies["agriculture"],
            approver=bodies["leaders"],
            number="模拟农领复〔2026〕1号",
            approved_ms=since,
            approved_fen=500 * WAN,
            stage=Stage.EXECUTING,
            basis="模拟期初清单",
            document=PAPER,
            **self._rows(since, account),
        )

    def close(self) -> None:
        """Close the database."""
        assert isinstance(self.node.storage, SqlStorage)
        self.node.storage.connection.close()

    def sign_in(self, context: BrowserContext, at: int, name: str, papers: Path) -> Officer:
        """Sign an officer in at a node by password, and let the browser take their founding key in."""
        page, url = context.new_page(), self.network.url(at)
        page.goto(f"{url}/accounts/login/")
        page.locator("#id_login").fill(name)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("form.account__form button[type=submit]").click()
        page.wait_for_url(lambda address: "/login/" not in address)
        seed = int(self.officers.first_key, 16) + list(PARTS).index(name)
        kept = papers / f"{name}.seed"
        kept.write_text(seed.to_bytes(32, "big").hex())
        page.goto(f"{url}/account")
        page.locator("[data-adopt] input").set_input_files(kept)
        expect(page.locator("[data-here]:not([hidden])")).to_have_count(1)
        return Officer(page, papers)
