"""Take the picture of the running portal that the README shows.

Starts `shanhai demo` in a folder of its own, so that it shows what a new user sees.

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

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/img"
SIZE: ViewportSize = {"width": 1280, "height": 860}
WAIT_S = 120
PICTURES = {"portal.png": "/"}


def main() -> int:
    """Take every picture; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    port = parser.parse_args().port
    TARGET.mkdir(parents=True, exist_ok=True)
    with demonstration(port) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=1)
        for name, path in PICTURES.items():
            page.goto(address + path, wait_until="networkidle")
            page.screenshot(path=TARGET / name)
            print(f"took {TARGET / name}")
        browser.close()
    return 0


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
