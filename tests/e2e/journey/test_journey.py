"""One project from declaration to audit as seven officers with seven keys, then one payment proved.

The officers declare, publicise, review, approve, order, countersign, accept and audit in browsers of
their own; the cast's software keys do the steps between. The payment is then proved on the public page,
in `verify.html` from disk and by `shanhai verify`, which refuses the log with one byte changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import build_signing
from demo_world import DemoSite
from e2e.desk.conftest import Enter
from e2e.desk.test_desk import declare
from e2e.journey.officer import Officer
from shanhai.acts.claim import Claim, PayStage
from shanhai.acts.finding import FindingKind
from shanhai.acts.line import FundingLine, LineState
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.machine import Post
from shanhai.acts.notice import Notice, Stage
from shanhai.acts.payment import Payment, PaymentState
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_review import CHECKLIST
from shanhai.acts.roles import Role
from shanhai.domains import clock
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.demo.story.walk import Walk
from shanhai.domains.demo.story.whole import Story
from shanhai.domains.demo.story.works import Spec
from shanhai.domains.rows import row_of
from web.workbench.village_world import World

pytestmark = pytest.mark.e2e
PARTS = ("village", "town", "leaders", "finance", "cadre", "panel", "auditor")
WAN = 1_000_000
NAME = "模拟：石桥村冷库建设"


class Scene(NamedTuple):
    """The seven, and the ledger they share."""

    world: World
    site: DemoSite
    officers: dict[str, Officer]

    def object(self, kind: type[Any], id: str) -> Any:  # noqa: A002 - the field's name
        """Return an object as it stands now, whoever wrote it."""
        self.world.node.head()
        return self.world.object(kind, id)

    @contextmanager
    def cast(self) -> Iterator[Story]:
        """Let the cast act on, then set the clock where they stopped."""
        self.world.node.head()  # drops what the server's process made stale
        story = Story(self.world.node, self.world.actors, ledger_now_ms() + 1_000)
        story.pair = self.world.pair
        yield story
        clock.set_offset(self.site.folder.data, story.now + 1_000 - clock.machine_ms())


@pytest.fixture
def scene(enter: Enter, world: World, site: DemoSite, tmp_path: Path) -> Scene:
    """Have the seven come in by the door, each with a key made in a browser of their own."""
    return Scene(world, site, {part: Officer(enter(part), tmp_path) for part in PARTS})


def project_of(name: str) -> str:
    found: str = row_of(Project).objects.get(name=name).pk
    return found


def newcomer(role: Role) -> str:
    """Return the person who came in by the door in a role: the last to be granted such a post."""
    posts = row_of(Post).objects.filter(role=role.value).order_by("-granted_ms")
    found: str = posts.values_list("person", flat=True)[0]
    return found


def publicise(scene: Scene) -> str:
    """S0–S2: the village declares, hangs its notice out for the whole period, and reports."""
    village = scene.officers["village"]
    declare(village.page, scene.world, village.paper)
    village.page.click("a:has-text('核对并提交')")
    village.page.locator("shanhai-sign[data-ready]").wait_for()
    village.page.click("shanhai-sign .sh-primary")
    village.page.click("shanhai-sign a:has-text('继续')")
    expect(village.page.locator(".panel__number")).to_contain_text("519901-")
    project = project_of(NAME)
    opened = {"stage": "village", "channel": "board", "place": "石桥村公开栏（模拟）"}
    opened["organ"] = scene.world.body("town")
    papers = {"page": "notice", "photo": "up"}
    village.sign(f"/notice/new/open?project={project}", opened, papers)
    village.forward(11)
    village.page.goto(f"{village.base}/workbench")
    village.page.locator("a[href*='/notice/'][href$='/close']").first.wait_for()
    found = row_of(Notice).objects.get(project=project, stage=Stage.VILLAGE.value).pk
    village.sign(f"/notice/{found}/close", {}, {"page": "notice", "photo": "down"})
    passed = {"notice": found}
    village.sign(f"/project/{project}/village_pass", passed, {"minutes": "minutes"})
    return project


def approve(scene: Scene, project: str) -> None:
    """S2–S6: the township reviews, the county appraises and plans, the leaders approve."""
    checked = dict.fromkeys(CHECKLIST, "1")
    papers = {"opinion": "review", "photo": "site"}
    scene.officers["town"].sign(f"/project/{project}/township_review", checked, papers)
    with scene.cast() as story:
        story.walk({project: ProjectState.CONFIRMED})
    people = scene.world.actors.persons
    approved = {
        "number": "模拟山农领复〔2026〕88号",
        "approved_fen": "1205000",
        "drafter": people["finance3"].id,
        "reviewer": people["panel"].id,
        "signer": newcomer(Role.COUNTY_LEADERS),
    }
    papers = {"document": "approval"}
    scene.officers["leaders"].sign(f"/project/{project}/approve", approved, papers)


def build_and_claim(scene: Scene, project: str) -> tuple[str, str]:
    """S7–S9: bought, contracted and begun; an advance claimed and checked by five desks."""
    with scene.cast() as story:
        Walk.announce(story, [project])
        story.projects["journey"] = project
        lines = row_of(FundingLine).objects.filter(year=2026, state=LineState.OPEN.value)
        story.lines["open"] = lines.order_by("-issued_fen").values_list("id", flat=True)[0]
        story.assign("journey", "open", 120 * WAN)
        story.add_lots(cold=Spec("journey", "石桥村冷库", 118))
        story.build({"cold": LotState.STARTED})
        story.later(days=16)
        story.claim("cold", PayStage.ADVANCE, 30 * WAN)
        return story.lots["cold"], story.claims["cold"]


def pay(scene: Scene, claim: str) -> str:
    """Two keys: county finance orders, the posted cadre countersigns; the bank's receipt follows."""
    scene.officers["finance"].sign(f"/payment/new/order?claim={claim}", {})
    payment = row_of(Payment).objects.get(claim=claim).pk
    act = scene.officers["cadre"].sign(f"/payment/{payment}/countersign", {})
    assert scene.object(Payment, payment).state is PaymentState.ORDERED
    return act


def accept(scene: Scene, lot: str) -> None:
    """S10–S11: built, accepted by the township, then by the county's panel."""
    with scene.cast() as story:
        story.lots["cold"], story.specs["cold"] = lot, Spec("journey", "石桥村冷库", 118)
        story.build({"cold": LotState.TOWNSHIP_ACCEPTED})
    people = scene.world.actors.persons
    panel = scene.officers["panel"]
    panel.page.goto(f"{panel.base}/lot/{lot}/accept_county")
    values = {"measured": "1", "defects_mended": "1", "panel": people["panel2"].id}
    panel.sign(f"/lot/{lot}/accept_county", values, {"form": "accepted", "images": "images"})
    assert scene.object(Lot, lot).state is LotState.ACCEPTED


def audit(scene: Scene, project: str) -> None:
    """The auditor takes evidence of a suspicion."""
    audited = scene.object(Project, project)
    found = {
        "region": audited.region,
        "east_region": audited.east_region,
        "kind": next(iter(FindingKind)).value,
        "number": "模拟取证〔2026〕9号",
        "statement": "公示照片拍摄时间早于公示开始（模拟）",
        "auditee": scene.world.body("owner"),
    }
    raised = f"/finding/new/raise?project={project}"
    scene.officers["auditor"].sign(raised, found | {"project": project}, {"evidence": "evidence"})


def prove(scene: Scene, act: str, context: BrowserContext, tmp_path: Path, pictures: Path) -> None:
    """The public page, `verify.html` away from every server, and the command line."""
    page: Page = context.new_page()
    page.goto(f"{scene.site.url}/proof/{act}")
    expect(page.locator("shanhai-proof")).to_have_attribute("data-verdict", "ok")
    page.screenshot(path=pictures / "journey-proof.png", full_page=True)
    proof = page.request.get(f"{scene.site.url}/ledger/proof/{act}").body()
    vkey = page.request.get(f"{scene.site.url}/ledger/vkey").text().strip()
    offline(context, tmp_path, proof, vkey)
    log = tmp_path / "ledger.log"
    assert scene.site.folder.run("ledger", "export", str(log)).returncode == 0
    whole = scene.site.folder.run("verify", str(log))
    assert whole.returncode == 0, whole.stdout
    assert whole.stdout.strip().splitlines()[-1].endswith("OK")
    raw = bytearray(log.read_bytes())
    raw[len(raw) * 2 // 3] ^= 1
    log.write_bytes(raw)
    assert scene.site.folder.run("verify", str(log)).returncode == 1


def offline(context: BrowserContext, tmp_path: Path, proof: bytes, vkey: str) -> None:
    """Open verify.html from disk with every server out of reach."""
    path = tmp_path / "verify.html"
    path.write_bytes(build_signing.build()["verify.html"])
    page = context.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto(path.as_uri())
    page.locator("summary").first.click()
    page.fill("#vf-vkey", vkey)
    given = [{"name": "payment.tlog-proof", "mimeType": "text/plain", "buffer": proof}]
    page.set_input_files('input[type="file"]', given)  # type: ignore[arg-type]  # as Playwright documents
    expect(page.locator(".sh-panel-good h2")).to_contain_text("成立")


def test_one_project_from_declaration_to_audit(
    scene: Scene,
    open_context: Callable[..., BrowserContext],
    tmp_path: Path,
    pictures: Path,
) -> None:
    project = publicise(scene)
    approve(scene, project)
    lot, claim = build_and_claim(scene, project)
    act = pay(scene, claim)
    accept(scene, lot)
    audit(scene, project)
    assert row_of(Claim).objects.get(pk=claim).project == project
    prove(scene, act, open_context(), tmp_path, pictures)
