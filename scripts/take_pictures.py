"""Take the pictures of the running platform that the READMEs and guides show.

Starts `shanhai demo` in a folder of its own, so that they show what a new user sees. A picture is a place and a
role of the demonstration; a role makes its key in the browser, as a visitor would. Colours are cut to a palette.

    take_pictures.py [--port 8765]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/img"
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
COLOURS = 128
WAIT_S = 120
NEXT = "form button:has-text('下一步')"


class Picture(NamedTuple):
    """One picture: where, as which part of the cast ("" is the public), what to click before, what to await."""

    path: str
    part: str = ""
    clicks: tuple[str, ...] = ()
    awaited: str = "main"
    size: ViewportSize = DESKTOP


PICTURES = {
    "portal.png": Picture("/"),
    "workbench.png": Picture("/workbench", "finance"),
    "sign.png": Picture(
        "/review/payment.countersign",
        "cadre",
        ("[data-review-row] a", "a[href$='/countersign']", NEXT),
        "shanhai-sign[data-ready]",
    ),
    "declare.png": Picture("/declare", "village", ("main form button",), size=PHONE),
    "funds.png": Picture("/funds", "auditor"),
    "proof.png": Picture(
        "/explorer?act=payment.receipt/1",
        clicks=("main tbody a", "main a[href^='/proof/']"),
        awaited="text=已核对的各项成立",
    ),
}


def main() -> int:
    """Take the pictures, all or the named ones; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME.png")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    with demonstration(options.port) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name in options.names or PICTURES:
            take(browser, address, PICTURES[name], TARGET / name)
            print(f"took {TARGET / name}")
        browser.close()
    return 0


def take(browser: Browser, address: str, picture: Picture, target: Path) -> None:
    """Go where a picture is, in a browser context of its own, and keep it in few colours."""
    context = browser.new_context(viewport=picture.size, device_scale_factor=1, locale="zh-CN")
    page = context.new_page()
    if picture.part:
        enter(page, address, picture.part)
    page.goto(address + picture.path, wait_until="networkidle")
    for selector in picture.clicks:
        page.click(selector)
        page.wait_for_load_state("networkidle")
    page.wait_for_selector(picture.awaited)
    page.screenshot(path=target)
    context.close()
    with Image.open(target) as image:
        image.convert("RGB").quantize(COLOURS).save(target, optimize=True)


def enter(page: Page, address: str, part: str) -> None:
    """Choose a role at the demonstration's door, make a key, let a day pass so that it may approve."""
    page.goto(f"{address}/demo")
    page.click(f'form:has(input[name="part"][value="{part}"]) button')
    page.click("[data-enrol][data-ready] [data-enrol-kind='browser']")
    page.wait_for_url("**/workbench")
    page.click(".banner__clock summary")
    page.click(".banner__clock button >> nth=0")
    page.wait_for_load_state("networkidle")


def chromium() -> str:
    """Return the system's Chromium."""
    found = (
        os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    return found or sys.exit("Chromium is missing: apt-get install chromium")


@contextmanager
def demonstration(port: int) -> Iterator[str]:
    """Serve the demonstration and yield its address."""
    address = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory(prefix="shanhai-pictures-") as folder:
        command = [
            str(ROOT / ".venv/bin/shanhai"),
            "demo",
            "--data-dir",
            folder,
            "--port",
            str(port),
        ]
        server = subprocess.Popen(command, cwd=ROOT)
        try:
            wait_for(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until the server is ready; give up when it ends or takes too long."""
    for _ in range(WAIT_S * 2):
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.5)
    sys.exit(f"{url} did not answer in {WAIT_S} s")


if __name__ == "__main__":
    sys.exit(main())
