"""Typst runs outside the web process, and a job that fails says so in words."""

import subprocess
import sys

import pytest

from shanhai.domains.documents import fonts, press
from shanhai.kernel.errors import StorageError

PROBE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings_for_tests")
import django; django.setup()
from shanhai.domains.documents import fonts
assert fonts.chosen()
print("typst" in sys.modules)
"""


def test_the_web_process_never_loads_typst() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False"]


def test_a_template_that_fails_is_an_error_in_words() -> None:
    with pytest.raises(StorageError, match=r"document\.failed") as failed:
        fonts.press({"template": "#nothing", "inputs": {}, "ppi": 10})
    assert "unknown variable" in failed.value.say("en")


def test_the_press_is_limited() -> None:
    assert press.MAX_SECONDS < fonts.SECONDS
