"""`shanhai intake`: nothing waits, a root on the ledger, and what a node without its key is told."""

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo_world import DemoFolder

HAND = """
from shanhai.cli import _django; _django.ready(None)
from shanhai.domains.intake.services import Concern, submission_take
from shanhai.domains.intake.content import IntakeKind
from shanhai.domains.book.handle import ledger_now_ms, node
submission_take(suite=node().constants.suite, kind=IntakeKind.COMPLAINT, text="模拟举报，内容不少于十个字。",
                about=Concern(region="510000"), now_ms=ledger_now_ms())
"""


def test_commits_once_and_then_nothing_waits(demo_folder: "DemoFolder") -> None:

    assert "nothing waits" in demo_folder.run("intake").stdout
    done = subprocess.run([sys.executable, "-c", HAND], env=demo_folder.environ, check=False)
    assert done.returncode == 0
    committed = demo_folder.run("intake")
    assert "1 件 submissions, root " in committed.stdout, committed.stderr
    assert "nothing waits" in demo_folder.run("intake").stdout
