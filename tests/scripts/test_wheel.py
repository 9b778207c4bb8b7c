"""Whoever installs the wheel needs neither Node nor npm: what pages load is in it."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_wheel_carries_what_pages_load(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    web = "shanhai/web/static"
    assert {
        f"{web}/lib/htmx.min.js",
        f"{web}/lib/LICENSE-htmx",
        f"{web}/lib/NOTICE-echarts",
        f"{web}/lib/manifest.json",
        f"{web}/shanhai/shell.css",
        "shanhai/web/templates/base.html",
        "shanhai/locale/en/LC_MESSAGES/django.mo",
        "shanhai/py.typed",
    } <= names
    assert not any(
        b"sourceMappingURL" in zipfile.ZipFile(wheel).read(n) for n in names if "/static/lib/" in n
    )
