"""Uploading and printing in a browser: hashed here, sent in pieces, stopped, resumed, refused, printed."""

import os
import re
from hashlib import sha256
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from e2e.files.conftest import Enter
from shanhai.acts.project import ProjectState
from shanhai.domains.files.models import Document, Upload
from viewports import DESKTOP, PHONE
from web.workbench.village_world import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MIB = 2**20


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A PDF of 20 MiB of noise."""
    path = tmp_path / "模拟 大文件.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(20 * MIB - 9))
    return path


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def result(page: Page) -> Locator:
    return page.locator("[data-upload-result]")


def test_a_large_file_goes_up_with_progress_and_its_hash_agrees(
    enter: Enter, large: Path, pictures: Path
) -> None:
    page = enter("village")
    page.goto("/files/")
    page.evaluate(
        """() => { window.seen = []; const bar = document.querySelector("[data-upload-progress]");
        new MutationObserver(() => window.seen.push(bar.value)).observe(bar, { attributes: true }); }"""
    )
    page.set_input_files("#document-file", large)
    page.locator("[data-upload-bar]:not([hidden])").wait_for()
    page.screenshot(path=pictures / "upload-running.png")
    expect(result(page)).to_contain_text(digest(large))
    assert page.locator("#document").input_value() == digest(large)
    assert len(page.evaluate("window.seen")) > 10
    page.screenshot(path=pictures / "upload-done.png")
    assert Document.objects.get(pk=digest(large)).size == 20 * MIB


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("病毒.exe", b"MZ", "不是可接受的文件"),
        ("假.pdf", b"MZ not a pdf at all", "内容与扩展名不符"),
        ("空.pdf", b"", "文件是空的"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    enter: Enter, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    page = enter("village")
    page.goto("/files/")
    page.set_input_files("#document-file", path)
    expect(result(page)).to_contain_text(words)
    assert page.locator("#document").input_value() == ""


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(enter: Enter) -> None:
    page = enter("village")
    page.goto("/files/")
    page.evaluate(
        """() => { const file = new File(["x"], "大.pdf");
        Object.defineProperty(file, "size", { value: 300 * 2 ** 20 });
        const moved = new DataTransfer(); const event = new DragEvent("drop", { bubbles: true, dataTransfer: moved });
        Object.defineProperty(event, "dataTransfer", { value: { files: [file] } });
        document.querySelector("[data-upload-zone]").dispatchEvent(event); }"""
    )
    expect(result(page)).to_contain_text("300.0 MB")
    assert not Upload.objects.exists()


def test_a_broken_connection_is_resumed_where_it_stopped(enter: Enter, large: Path) -> None:
    page = enter("village")
    page.goto("/files/")
    pieces: list[int] = []

    def line(route: Route) -> None:
        offset = re.search(r"offset=(\d+)", route.request.url)
        pieces.append(int(offset[1]) if offset else -1)
        if len(pieces) == 4:
            route.abort()
        else:
            route.continue_()

    page.route("**/files/uploads/*?offset=*", line)
    page.set_input_files("#document-file", large)
    expect(result(page)).to_contain_text(digest(large))
    assert pieces.count(pieces[3]) == 2  # sent again, once
    assert Document.objects.filter(pk=digest(large)).exists()


def test_cancelling_drops_what_was_sent_and_the_form_waits_meanwhile(
    enter: Enter, large: Path
) -> None:
    page = enter("village")
    page.goto("/files/")
    page.route("**/files/uploads/*?offset=*", lambda _route: None)  # hangs
    page.set_input_files("#document-file", large)
    expect(result(page)).to_contain_text("正在上传")
    page.get_by_role("button", name="取消").click()
    expect(result(page)).to_contain_text("已取消")
    expect(page.locator("[data-upload-bar]")).to_be_hidden()
    page.wait_for_timeout(500)
    assert not Upload.objects.exists()


def test_the_incremental_hash_is_sha256_for_any_pieces(enter: Enter) -> None:
    page = enter("village")
    page.goto("/files/")
    for length in (0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_001):
        data = bytes(n * 7 % 256 for n in range(length))
        for step in (1 if length < 200 else 977, 64, 100_000):
            found = page.evaluate(
                """([data, step]) => { const h = new Sha256(), bytes = new Uint8Array(data);
                for (let at = 0; at < bytes.length; at += step) h.update(bytes.subarray(at, at + step));
                return h.hex(); }""",
                [list(data), step],
            )
            assert found == sha256(data).hexdigest(), (length, step)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_of_files_and_documents_are_accessible_and_fit(
    enter: Enter, world: World, language: str, size: dict[str, int], pictures: Path
) -> None:
    project = world.reach(ProjectState.APPROVED)
    world.set_clock()
    page = enter("leaders", language, viewport=size, bypass_csp=True)
    for name, address in (
        ("files", "/files/"),
        ("document", f"/documents/approval/{project}"),
        ("scan", "/documents/scan"),
        ("check", "/p/"),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]
        page.screenshot(path=pictures / f"{name}-{language}-{size['width']}.png", full_page=True)


def test_the_pdf_opens_to_be_printed(enter: Enter, world: World) -> None:
    project = world.reach(ProjectState.APPROVED)
    world.set_clock()
    page = enter("leaders")
    page.goto(f"/documents/approval/{project}")
    link = page.get_by_role("link", name="打开 PDF 打印")
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    assert page.locator(".document__sheet img").evaluate("image => image.naturalWidth") > 500
