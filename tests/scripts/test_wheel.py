"""Whoever installs the wheel needs neither Node nor npm nor a checkout: what commands and pages load is in it."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

import pytest

from demo_world import DemoFolder, serving

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
MADE = {"__pycache__", ".mypy_cache", ".ruff_cache"}
FIRST = ("/", "/demo", "/api/docs")
MOST = 60
"""Pages that are looked at; of one kind, two."""
ID = re.compile(r"/[a-z]{3}01[0-9a-z]{24}")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_carries_every_file_of_the_package(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in (SOURCE / "shanhai").rglob("*") if path.is_file())
    kept = {str(path.relative_to(SOURCE)) for path in files if MADE.isdisjoint(path.parts)}
    assert names == kept
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


def test_pages_of_the_wheel_load_nothing_that_is_not_there(
    unpacked: Path, demo_folder: DemoFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(unpacked))  # it comes before the checkout's own
    monkeypatch.chdir(tmp_path)
    assert _where() == unpacked / "shanhai/__init__.py"
    (demo_folder.data / "static").unlink()  # the checkout's
    assert "no problem" in demo_folder.run("ledger", "fsck").stdout
    with serving(demo_folder) as site:
        found = _visited(site.url)
    assert {path: status for path, status in found.items() if status != 200} == {}
    kinds = {Path(path).suffix for path in found if path.startswith("/static/")}
    assert {".css", ".js", ".svg"} <= kinds
    assert len(found) > MOST


def _where() -> Path:
    command = [sys.executable, "-c", "import shanhai; print(shanhai.__file__)"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return Path(said.stdout.strip())


def _visited(base: str) -> dict[str, int]:
    """Visit pages and everything that they load; return each path's status."""
    found: dict[str, int] = {}
    of_kind: dict[str, int] = {}
    pages, parts = list(FIRST), set[str]()
    while pages and len(of_kind) < MOST:
        page = pages.pop(0)
        kind = ID.sub("/id", page)
        of_kind[kind] = of_kind.get(kind, 0) + 1
        if page in found or of_kind[kind] > 2:
            continue
        found[page], text = _get(base, page)
        named = [urljoin(page, one) for one in re.findall(r'(?:src|href)="([^"#?]+)', text)]
        pages += [one for one in named if re.fullmatch(r"/[^.]*", one)]
        parts |= {one for one in named if one.startswith("/static/")}
    while parts:
        part = parts.pop()
        found[part], text = _get(base, part)
        if part.endswith(".css"):
            named = [urljoin(part, one) for one in re.findall(r"url\(['\"]?([^)'\"#]+)", text)]
            parts |= {one for one in named if one.startswith("/static/")} - found.keys()
    return found


def _get(base: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(base + path, timeout=60) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, ""
