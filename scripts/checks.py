"""Run the checks of the house, all or by name, and end with a table of what failed.

checks.py                 every check
checks.py mypy layers     these
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
PYTHON = str(BIN / "python")
DOCUMENTED = ("kernel", "ledger", "acts", "node", "engines")


def commands() -> dict[str, list[str]]:
    """Return each check's name and command line."""
    documented = [
        f"src/shanhai/{name}" for name in DOCUMENTED if (ROOT / "src/shanhai" / name).is_dir()
    ]
    return {
        "lock": [str(ROOT / ".build/uv/bin/uv"), "lock", "--check", "--quiet"],
        "lint": [str(BIN / "ruff"), "check", "--quiet"],
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
        "templates": [str(BIN / "djlint"), "src/shanhai", "--lint", "--quiet"],
        "container": [str(BIN / "hadolint"), "deploy/Containerfile"],
        "compose": [
            str(BIN / "check-jsonschema"),
            "--builtin-schema",
            "vendor.compose-spec",
            "--quiet",
            "deploy/compose.yaml",
        ],
        "size": [PYTHON, "scripts/size_gate.py"],
        "determinism": [PYTHON, "scripts/determinism_gate.py"],
        "messages": [PYTHON, "scripts/messages.py", "check"],
        "tables": [PYTHON, "scripts/print_tables.py", "--check"],
        "layers": [str(BIN / "lint-imports"), "--no-logo"],
        "docstrings": [str(BIN / "interrogate"), *documented],
        "mypy": [str(BIN / "mypy")],
        "routes": [PYTHON, "-m", "django", "check", "--settings", "shanhai.config.settings"],
        "migrations": [
            PYTHON,
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
            "--settings",
            "shanhai.config.settings",
        ],
    }


def main(names: list[str]) -> int:
    """Run the named checks, or all; return how many failed."""
    known = commands()
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"unknown check {', '.join(unknown)}; known: {', '.join(known)}")
    failed = []
    for name in names or known:
        started = time.monotonic()
        done = subprocess.run(known[name], cwd=ROOT, check=False, capture_output=True, text=True)
        print(
            f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print(f"checks: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
