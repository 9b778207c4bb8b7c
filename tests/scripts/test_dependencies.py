"""A checkout without development packages runs: whatever the package imports is a dependency of its own."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARDED = {"psycopg": "postgres"}
"""Imported only where an installation asks for it, by the extra that brings it."""


def imported(source: str) -> Iterator[str]:
    """Yield the top-level names of everything imported, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def third_party() -> set[str]:
    files = [*(ROOT / "src/shanhai").rglob("*.py"), ROOT / "scripts/messages.py"]
    names = {name for path in files for name in imported(path.read_text(encoding="utf-8"))}
    return names - sys.stdlib_module_names - {"shanhai"}


def normal(requirement: str) -> str:
    """Return a requirement's or distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=;~!]", requirement)[0]).lower()


def test_every_import_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {normal(one) for one in project["dependencies"]}
    extras = {
        name: {normal(one) for one in ones}
        for name, ones in project["optional-dependencies"].items()
    }
    brought = packages_distributions()
    for name in sorted(third_party()):
        allowed = needed | extras.get(GUARDED.get(name, ""), set())
        assert {normal(one) for one in brought[name]} & allowed, f"{name} is no dependency"


def test_a_missing_dependency_would_be_found() -> None:
    assert set(imported("def f():\n    import pytest\n    from docx.shared import Pt")) == {
        "pytest",
        "docx",
    }
