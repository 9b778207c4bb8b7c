"""A command that is told to end in the middle leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shanhai.cli import _ending


def test_a_screening_that_is_ended_leaves_no_file(tmp_path: Path) -> None:
    lines = [f"h{at},520102,{at % 9},{at}00" for at in range(300_000)]
    head = "household_id,region,persons,income_12m"
    (tmp_path / "d.csv").write_text("\n".join([head, *lines]) + "\n")
    folder = tmp_path / "out"
    args = ["screen", "d.csv", "--set", "line=8500", "--out", "out/f.csv"]
    running = subprocess.Popen([sys.executable, "-m", "shanhai.cli", *args], cwd=tmp_path)
    while running.poll() is None and not (folder.exists() and list(folder.iterdir())):
        time.sleep(0.01)
    running.send_signal(signal.SIGTERM)
    assert running.wait(120) == 128 + signal.SIGTERM
    assert list(folder.iterdir()) == []


def test_handlers_of_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(signal, "getsignal", lambda _: signal.SIG_IGN)
    monkeypatch.setattr(signal, "signal", lambda number, _: asked.append(number))
    _ending.tidily()
    assert asked == []
