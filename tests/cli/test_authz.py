"""The authz drill: a sample of its questions holds, and a planted hole is found."""

import os
import re
import subprocess
import sys
from pathlib import Path

SHANHAI = str(Path(sys.executable).parent / "shanhai")


def drill(*options: str) -> tuple[int, str]:
    environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    command = [SHANHAI, "drill", "authz", *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ)
    return done.returncode, done.stdout + done.stderr


def test_every_asker_gets_what_the_table_says() -> None:
    code, said = drill("--n", "1200")
    assert code == 0, said
    assert re.search(r"^authz: [1-9]\d* passed, 0 failed, [1-9]\d* fired$", said, re.MULTILINE)


def test_open_act_pages_and_a_lost_scope_are_found() -> None:
    code, said = drill("--n", "1200", "--plant")
    assert code == 1, said
