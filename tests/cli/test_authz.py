"""The authz drill: a sample of its questions holds, and a planted hole is found."""

import re
import subprocess
import sys
from pathlib import Path

SHANHAI = str(Path(sys.executable).parent / "shanhai")


def drill(*options: str) -> tuple[int, str]:
    done = subprocess.run(
        [SHANHAI, "drill", "authz", *options], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_every_asker_gets_what_the_table_says() -> None:
    code, said = drill("--n", "1200")
    assert code == 0, said
    assert re.search(r"^authz: [1-9]\d* passed, 0 failed, [1-9]\d* fired$", said, re.MULTILINE)


def test_open_act_pages_and_a_lost_scope_are_found() -> None:
    code, said = drill("--n", "1200", "--plant")
    assert code == 1, said
