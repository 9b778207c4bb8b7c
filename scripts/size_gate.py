"""Hold files and functions to their size limits (style: a module that grows is split by noun).

Counts lines of files as they stand; a function's lines are those of its body and signature without
its docstring.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES = 40


class Limit(NamedTuple):
    """At most `lines` for every file that `pattern` finds and `but` does not exempt."""

    pattern: str
    lines: int
    but: str = ""


LIMITS = (
    Limit("src/shanhai/**/*.py", 400, but="/migrations/"),
    Limit("src/shanhai/kernel/*.py", 200),
    Limit("scripts/*.py", 400),
    Limit("benchmarks/**/*.py", 400),
    Limit("tests/**/*.py", 400),
    Limit("src/shanhai/**/templates/**/*.html", 200),
    Limit(
        "src/shanhai/web/static/**/*.js", 150, but="/static/lib/|/static/shanhai/|/static/signing/"
    ),
    Limit("src/shanhai/web/static/shanhai/**/*.js", 400),
    Limit("src/shanhai/web/signing/**/*.js", 150),
)


def main() -> int:
    """Print every file and function that is too long; return 1 if there is one."""
    found = [*_long_files(), *_long_functions()]
    print("\n".join(found) or "sizes: OK")
    return 1 if found else 0


def _long_files() -> Iterator[str]:
    for limit in LIMITS:
        exempt = limit.but.split("|") if limit.but else []
        for path in sorted(ROOT.glob(limit.pattern)):
            name = path.relative_to(ROOT).as_posix()
            if any(part in f"/{name}" for part in exempt):
                continue
            lines = len(path.read_text("utf-8").splitlines())
            if lines > limit.lines:
                yield f"{name}: {lines} lines, at most {limit.lines}"


def _long_functions() -> Iterator[str]:
    for folder in ("src/shanhai", "scripts", "benchmarks", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = _code_lines(node)
                    if lines > FUNCTION_LINES:
                        name = path.relative_to(ROOT).as_posix()
                        yield f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    end = node.end_lineno or node.lineno
    lines = end - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


if __name__ == "__main__":
    sys.exit(main())
