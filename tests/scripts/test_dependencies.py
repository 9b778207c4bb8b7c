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
ENGINE_EXTRAS = {"screening": ("spark",), "matching": ("occupations", "embeddings")}
"""Extras that an engine uses beside the one that has its name."""


def imported(source: str) -> Iterator[str]:
    """Yield the top-level names of everything imported, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def normal(requirement: str) -> str:
    """Return a requirement's or distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=;~!]", requirement)[0]).lower()


def allowed(path: str, extras: dict[str, set[str]]) -> set[str]:
    """Return what a file may import beside the dependencies: an engine its extras, a benchmark any."""
    parts = path.split("/")
    if parts[0] == "engines" and len(parts) > 1:
        names = {parts[1], *ENGINE_EXTRAS.get(parts[1], ())}
    elif parts[:2] == ["cli", "bench"]:
        names = set(extras)
    else:
        names = set()
    return {one for name in names for one in extras.get(name, set())}


def unknown_imports(root: Path) -> Iterator[str]:
    """Yield every import that nothing declared brings."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {normal(one) for one in told["project"]["dependencies"]}
    optional = told["project"]["optional-dependencies"] | {"dev": told["dependency-groups"]["dev"]}
    extras = {name: {normal(one) for one in ones} for name, ones in optional.items()}
    brought = packages_distributions()
    for file in sorted(root.rglob("*.py")):
        path = file.relative_to(root).as_posix()
        names = set(imported(file.read_text(encoding="utf-8")))
        for name in sorted(names - sys.stdlib_module_names - {"shanhai"}):
            known = needed | allowed(path, extras) | extras.get(GUARDED.get(name, ""), set())
            if not {normal(one) for one in brought.get(name, [name])} & known:
                yield f"{path}: {name}"


def test_every_import_is_a_dependency() -> None:
    assert list(unknown_imports(ROOT / "src/shanhai")) == []


def test_a_missing_dependency_would_be_found() -> None:
    assert set(imported("def f():\n    import pytest\n    from docx.shared import Pt")) == {
        "pytest",
        "docx",
    }
