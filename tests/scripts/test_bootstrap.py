"""Set-up takes the quicker Python where there are two, and the chosen one where somebody chose."""

import sys
import sysconfig
from pathlib import Path

import pytest

import bootstrap


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system's Python as new as this one, beside this one built without optimisation."""
    python = tmp_path / "python3"
    answering(python, f"{sys.version_info[0]} {sys.version_info[1]}")
    monkeypatch.setattr(bootstrap, "SYSTEM_PYTHON", str(python))
    monkeypatch.delenv("SHANHAI_PYTHON", raising=False)
    built(monkeypatch, "'--prefix=/opt'")
    return python


def answering(python: Path, version: str, code: int = 0) -> None:
    python.write_text(f"#!/bin/sh\necho {version}\nexit {code}\n")
    python.chmod(0o755)


def built(monkeypatch: pytest.MonkeyPatch, arguments: str | None) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: arguments)


def test_the_systems_python_is_taken_where_ours_was_built_without_optimisation(
    system: Path,
) -> None:
    assert bootstrap.interpreter() == str(system)


def test_an_optimised_python_is_kept(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(monkeypatch, "'--enable-optimizations' '--with-lto'")
    assert bootstrap.interpreter() == sys.executable


def test_a_chosen_python_is_kept(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANHAI_PYTHON", "/opt/bin/python3")
    assert bootstrap.interpreter() == sys.executable


@pytest.mark.parametrize(("version", "code"), [("3 10", 0), ("", 1), ("3 99", 1)])
def test_an_older_or_incomplete_system_python_is_left(
    system: Path, version: str, code: int
) -> None:
    answering(system, version, code)
    assert bootstrap.interpreter() == sys.executable


def test_without_a_system_python_ours_is_kept(system: Path) -> None:
    system.unlink()
    assert bootstrap.interpreter() == sys.executable
