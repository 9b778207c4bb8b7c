"""A witnessed ledger in the browser: officers approve and pay, the public verifies, then the sequencer lies.

One served ledger, four mirror processes with keys of their own, three of four make final. First everybody is honest.
Then an entry is rewritten on its way to the mirrors. Then the sequencer runs two ledgers under one key, and shows two
mirrors the one, two the other. Each time the mirrors refuse, and neither the proof page nor `verify.html` calls the
entry final.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import build_signing
import databases
from demo_world import DemoFolder, DemoSite, dropped, serving
from e2e.desk.conftest import Enter
from e2e.journey.officer import Officer
from e2e.witness.mirrors import NAMES, Witnessed, ask, untouched, watching
from shanhai.acts.claim import Claim, ClaimState
from shanhai.acts.hold import HoldTarget
from shanhai.acts.payment import Payment, PaymentState
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.book.models import Entry
from shanhai.domains.rows import row_of
from web.workbench.village_world import World

pytestmark = pytest.mark.e2e
Open = Callable[..., BrowserContext]


def index_of(act: str) -> int:
    """Return the place of an act in the log."""
    found: int = Entry.objects.values_list("index", flat=True).get(act_id=act)
    return found


def approvable() -> str:
    """Return a claim that waits for county finance and that no hold stops."""
    held = row_of(HoldTarget).objects.filter(active=1).values_list("target", flat=True)
    claims = row_of(Claim).objects.filter(state=ClaimState.ENDORSED.value)
    found: str = claims.exclude(contract__in=list(held)).values_list("id", flat=True)[0]
    return found


def approve_and_pay(enter: Enter, papers: Path) -> str:
    """County finance approves one claim; the posted cadre gives a payment its second key; return that act."""
    finance, cadre = (Officer(enter(part), papers) for part in ("finance", "cadre"))
    finance.sign(f"/claim/{approvable()}/check", {"payable_fen": "100.00"}, {"opinion": "checked"})
    payment = row_of(Payment).objects.get(state=PaymentState.PROPOSED.value).pk
    return cadre.sign(f"/payment/{payment}/countersign", {})


def shown(context: BrowserContext, url: str, act: str) -> Page:
    """Open an entry's proof page as a member of the public who was never here."""
    page = context.new_page()
    page.goto(f"{url}/proof/{act}")
    expect(page.locator("shanhai-proof")).to_have_attribute("data-verdict", "ok")
    return page


def from_disk(context: BrowserContext, folder: Path, proof: bytes, policy: str) -> Page:
    """Verify a proof file in `verify.html` from disk, by a policy the reader brings, without a network."""
    path = folder / "verify.html"
    path.write_bytes(build_signing.build()["verify.html"])
    page = context.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto(path.as_uri())
    page.locator("summary").first.click()
    page.fill("#vf-witnesses", policy)
    given = [{"name": "entry.tlog-proof", "mimeType": "text/plain", "buffer": proof}]
    page.set_input_files('input[type="file"]', given)  # type: ignore[arg-type]  # as Playwright documents
    page.wait_for_selector("body[data-ready='1']")
    return page


def expect_final(open_context: Open, folder: Path, net: Witnessed, act: str) -> None:
    """An entry is final on its page and from disk; both say which collusion that does not cover."""
    page = shown(open_context(), net.url, act)
    expect(page.locator("main")).to_contain_text("已最终确认")
    expect(page.locator("main")).to_contain_text("不能防范")
    expect(page.locator("shanhai-proof")).to_contain_text("见证单位联署")
    expect(page.locator("shanhai-proof")).not_to_contain_text("NOT-FINAL")
    proof = ask(net.url, "GET", f"/ledger/proof/{act}")
    panel = from_disk(open_context(), folder, proof, net.policy).locator(".sh-panel-good")
    expect(panel).to_contain_text("见证单位联署")
    expect(panel).to_contain_text("不能防范运行单位与其中任意")
    expect(panel).not_to_contain_text("NOT-FINAL")


def expect_open(open_context: Open, folder: Path, net: Witnessed, url: str, act: str) -> None:
    """An entry is final nowhere, and both say what is missing."""
    page = shown(open_context(), url, act)
    expect(page.locator("main")).to_contain_text("尚未最终确认")
    expect(page.locator("main")).not_to_contain_text("已最终确认")
    expect(page.locator("shanhai-proof")).to_contain_text("NOT-FINAL")
    proof = ask(url, "GET", f"/ledger/proof/{act}")
    panel = from_disk(open_context(), folder, proof, net.policy).locator(".sh-panel-good")
    expect(panel.locator("h2")).to_contain_text("尚未最终确认")
    expect(panel).to_contain_text("需 3 个")


def rewritten(world: World, net: Witnessed) -> str:
    """Enter an act and let the sequencer hand out another text of it; every mirror refuses. Return the act's id."""
    said, told = "送出时是这样", "收到时不一样"

    def meddle(_name: str, _path: str, raw: bytes) -> bytes:
        return raw.replace(said.encode(), told.encode())

    net.board.meddle = meddle
    act = declared(world, f"模拟：{said}")
    net.until(lambda: all(net.status(name)["refused"] == "witness.altered" for name in NAMES))
    assert net.final_size() <= index_of(act)
    return act


def declared(world: World, name: str) -> str:
    """Let the cast's village declare a project, now; return the act's id."""
    index = world.node.head().size
    world.now = ledger_now_ms() + 1_000
    world.declare(name=name)
    found: str = Entry.objects.values_list("act_id", flat=True).get(pk=index)
    return found


def doubled(site: DemoSite, root: Path) -> DemoFolder:
    """Copy the sequencer's folder with its key: a second ledger that begins where the first stands."""
    database = databases.twin(site.folder.database)
    made = DemoFolder(root / "data", root / "anchors", database)
    shutil.copytree(site.folder.data, made.data, symlinks=True)
    shutil.copytree(site.folder.anchors, made.anchors)
    return made


def test_officers_pay_the_public_verifies_and_the_sequencer_lies(
    enter: Enter, world: World, site: DemoSite, open_context: Open, tmp_path: Path
) -> None:
    with watching(site.url, tmp_path / "witnesses", site.folder.data) as net:
        paid = approve_and_pay(enter, tmp_path)
        net.until(lambda: net.final_size() > index_of(paid))
        expect_final(open_context, tmp_path, net, paid)

        altered = rewritten(world, net)
        expect_open(open_context, tmp_path, net, site.url, altered)
        net.board.meddle = untouched
        net.until(lambda: net.final_size() > index_of(altered))
        net.until(
            lambda: {net.status(name)["cosigned_size"] for name in NAMES} == {net.final_size()}
        )

        final = net.final_size()
        with dropped(doubled(site, tmp_path / "other")) as folder, serving(folder) as other:
            net.board.shown |= dict.fromkeys(NAMES[2:], other.url)
            own = declared(world, "模拟：给东部和西部看的")
            assert index_of(own) == final
            come_in(other, open_context)
            net.until(lambda: all(net.status(name)["alarms"] for name in NAMES))
            assert net.final_size() == final == net.final_size(other.url)
            for url in (site.url, other.url):
                expect_open(open_context, tmp_path, net, url, str(final))
        for name, one in net.mirrors.items():
            assert "witness.split" in one.said(), name
            kept = sorted(path.name for path in (one.folder / "witness/evidence").iterdir())
            assert [path.rpartition("-")[2] for path in kept] == ["ours", "theirs"]
        assert index_of(paid) < final
        expect_final(open_context, tmp_path, net, paid)


def come_in(other: DemoSite, open_context: Open) -> None:
    """Come in by the door of the second ledger, which enrols an officer in its log alone."""
    page = open_context().new_page()
    page.goto(f"{other.url}/demo")
    page.click('form:has(input[name="part"][value="office"]) button')
    page.locator("[data-enrol][data-ready]").wait_for()
    page.click('[data-enrol-kind="browser"]')
    page.wait_for_url("**/workbench")
