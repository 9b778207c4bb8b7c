"""Refuse what would make two nodes disagree: floats, clocks, randomness, locale, set order, environment.

Replay on another machine must give the same bytes, so `ledger` and `acts` may not use them at all.
A line that is sound all the same ends with `# determinism: ` and its reason.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src/shanhai/ledger", "src/shanhai/acts")
MODULES = frozenset(
    [
        "time",
        "random",
        "secrets",
        "uuid",
        "os",
        "locale",
        "socket",
        "sys",
        "platform",
        "threading",
        "multiprocessing",
        "asyncio",
        "subprocess",
        "decimal",
        "math",
        "statistics",
        "unicodedata",
        "pathlib",
        "tempfile",
        "shutil",
        "urllib",
        "http",
        "ssl",
    ]
)
CALLS = frozenset({"hash", "id", "float", "open", "input"})
METHODS = frozenset({"now", "today", "utcnow", "fromtimestamp", "astimezone"})
ALLOWED = "# determinism: "


def main() -> int:
    """Print every offence; return 1 if there is one."""
    found = [line for folder in FOLDERS for path in _modules(folder) for line in check(path)]
    print("\n".join(found) or "determinism: OK")
    return 1 if found else 0


def check(path: Path) -> Iterator[str]:
    """Yield `file:line: reason` for each offence in one module."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    sets = _set_names(tree)
    for node in ast.walk(tree):
        reason = _offence(node, sets)
        if reason is None:
            continue
        line = getattr(node, "lineno", 1)
        if ALLOWED not in lines[line - 1]:
            yield f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{line}: {reason}"


def _modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def _offence(node: ast.AST, sets: frozenset[str]) -> str | None:
    return _number(node) or _import(node) or _call(node) or _order(node, sets)


def _set_names(tree: ast.AST) -> frozenset[str]:
    """Return the names that a module ever gives to a set; a name used for a list elsewhere counts too."""
    found = set[str]()
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and value is not None and _is_set(value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update(one.id for one in targets if isinstance(one, ast.Name))
    return frozenset(found)


def _number(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        return f"float {node.value}"
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
        return "true division; use // on integers"
    return None


def _import(node: ast.AST) -> str | None:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    banned = [name for name in names if name.split(".")[0] in MODULES]
    return f"import of {', '.join(banned)}" if banned else None


def _call(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        return f"call of {node.func.id}()"
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in METHODS
    ):
        return f"call of .{node.func.attr}(): reads the clock or the local zone"
    return None


def _order(node: ast.AST, sets: frozenset[str]) -> str | None:
    iterated = node.iter if isinstance(node, ast.For | ast.comprehension) else _listed(node)
    if iterated is None:
        return None
    named = isinstance(iterated, ast.Name) and iterated.id in sets
    return "iteration over a set; sort it" if named or _is_set(iterated) else None


def _listed(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    takes_order = node.func.id in {"list", "tuple", "iter", "enumerate"}
    return node.args[0] if takes_order and node.args else None


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in {"set", "frozenset"}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Subscript):
        return isinstance(node.func.value, ast.Name) and node.func.value.id in {"set", "frozenset"}
    return isinstance(node, ast.Set | ast.SetComp)


if __name__ == "__main__":
    sys.exit(main())
