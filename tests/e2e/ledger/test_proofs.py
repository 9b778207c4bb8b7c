"""Proofs in Chromium: the proof page, the button in a timeline, and verify.html from disk without a network."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from demo_world import DemoSite

pytestmark = pytest.mark.e2e
ENTRY = 700


def changed(raw: bytes) -> bytes:
    """Return a proof file whose entry says something else: one letter of what travels in it."""
    head, line, rest = raw.split(b"\n", 2)
    at = len(line) // 2
    other = b"A" if line[at : at + 1] != b"A" else b"B"
    return b"\n".join([head, line[:at] + other + line[at + 1 :], rest])


def tamper(page: Page) -> None:
    """Let somebody between server and visitor change every proof."""

    def meddle(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=changed(answer.body()))

    page.route("**/ledger/proof/*", meddle)


def proved(page: Page, site: DemoSite, entry: int = ENTRY) -> Any:
    page.goto(f"{site.url}/proof/{entry}")
    page.wait_for_selector("shanhai-proof[data-ready]")
    return page.locator("shanhai-proof")


def test_the_proof_page_verifies_in_the_visitors_own_browser(
    page: Page, demo_site: DemoSite
) -> None:
    panel = proved(page, demo_site)
    expect(panel).to_have_attribute("data-verdict", "ok")
    for words in ("检查点由账本的密钥签署", "条目包含在日志中", "经办人的签名成立"):
        expect(panel).to_contain_text(words)
    for word in ("SELF-ASSERTED", "UNANCHORED", "UNWITNESSED", "STATED"):
        expect(panel).to_contain_text(word)


def test_the_browser_remembers_the_checkpoint_it_verified(page: Page, demo_site: DemoSite) -> None:
    proved(page, demo_site)
    panel = proved(page, demo_site, 3)
    expect(panel).to_have_attribute("data-verdict", "ok")
    expect(panel).to_contain_text("是另存检查点的延续")
    expect(panel).not_to_contain_text("SELF-ASSERTED")
    expect(panel).not_to_contain_text("UNANCHORED")


def test_a_tampered_proof_is_refused_in_words(page: Page, demo_site: DemoSite) -> None:
    tamper(page)
    panel = proved(page, demo_site)
    expect(panel).not_to_have_attribute("data-verdict", "ok")
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(panel.get_by_role("alert").locator("h2")).to_have_text(re.compile("证明不成立|无法核验"))


def project_page(page: Page, site: DemoSite) -> Page:
    """Open a project's page, whose timeline has verify buttons."""
    answer = page.request.get(f"{site.url}/api/project?size=1&sort=id").json()
    page.goto(f"{site.url}/project/{answer['items'][0]['id']}")
    return page


def test_a_timelines_button_says_the_proof_in_place(page: Page, demo_site: DemoSite) -> None:
    project_page(page, demo_site).locator("a[data-verify]").first.click()
    box = page.locator(".proof--held")
    expect(box).to_contain_text("已验证")
    expect(box).to_contain_text(re.compile(r"第 \d+ 条在 [\d,]+ 条的账本之中"))
    box.locator("summary").click()
    expect(box).to_contain_text("条目包含在日志中")
    expect(page).to_have_url(re.compile("/project/"))


def test_a_timelines_button_says_when_a_proof_fails(page: Page, demo_site: DemoSite) -> None:
    tamper(page)
    project_page(page, demo_site).locator("a[data-verify]").first.click()
    expect(page.locator(".proof--broken, .proof--unknown").last).to_be_visible()
    expect(page.locator(".proof--held")).to_have_count(0)


def test_without_script_the_button_leads_to_the_proof_page(
    open_context: Any, demo_site: DemoSite
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    answer = page.request.get(f"{demo_site.url}/api/project?size=1&sort=id").json()
    page.goto(f"{demo_site.url}/project/{answer['items'][0]['id']}")
    page.locator("a[data-verify]").first.click()
    expect(page).to_have_url(re.compile(r"/proof/[0-9a-f]{64}$"))
    expect(page.locator("noscript .note, .note").first).to_contain_text("JavaScript")


def taken(page: Page, site: DemoSite, folder: Path) -> tuple[Path, Path]:
    """Download verify.html and a proof file from the proof page, as a visitor does."""
    proved(page, site)
    made = []
    for name in ("verify.html", "下载证明文件"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).first.click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        made.append(path)
    return made[0], made[1]


def offline(context: BrowserContext, verifier: Path, *files: Path) -> Page:
    """Open verify.html from disk without any network and give it files."""
    context.set_offline(offline=True)
    page = context.new_page()
    page.goto(verifier.as_uri())
    page.set_input_files("#vf-file", list(files))
    page.wait_for_selector(f"body[data-ready='{len(files)}']")
    return page


def test_a_proof_is_verified_from_disk_without_a_network(
    open_context: Any, demo_site: DemoSite, tmp_path: Path
) -> None:
    verifier, proof = taken(open_context().new_page(), demo_site, tmp_path)
    assert proof.suffix == ".tlog-proof"
    page = offline(open_context(), verifier, proof)
    expect(page.locator(".sh-panel-good")).to_contain_text(f"记入账本第 {ENTRY} 条")
    expect(page.locator(".sh-panel-good")).to_contain_text("SELF-ASSERTED")


def test_a_tampered_file_is_refused_from_disk(
    open_context: Any, demo_site: DemoSite, tmp_path: Path
) -> None:
    verifier, proof = taken(open_context().new_page(), demo_site, tmp_path)
    false = tmp_path / "false.tlog-proof"
    false.write_bytes(changed(proof.read_bytes()))
    page = offline(open_context(), verifier, false)
    expect(page.locator(".sh-panel-bad")).to_be_visible()


def test_the_whole_log_is_verified_from_disk(
    open_context: Any, demo_site: DemoSite, tmp_path: Path
) -> None:
    page = open_context().new_page()
    verifier, _ = taken(page, demo_site, tmp_path)
    log = tmp_path / "shanhai.log"
    log.write_bytes(page.request.get(f"{demo_site.url}/ledger/log").body())
    shown = offline(open_context(), verifier, log)
    expect(shown.locator(".sh-panel-good")).to_contain_text("RULES")
    verified = demo_site.folder.run("verify", str(log))
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.rstrip().endswith("OK")
