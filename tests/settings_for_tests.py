"""The platform's settings on a data folder of the test run's own, with nothing from the environment."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from shanhai.config.folder import prepare

_FOLDER = tempfile.mkdtemp(prefix="shanhai-test-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
prepare(Path(_FOLDER))
os.environ["SHANHAI_DATA_DIR"] = _FOLDER
for _name in ("DATABASE_URL", "SHANHAI_STATIC", "SHANHAI_DEBUG", "SHANHAI_HTTPS", "SHANHAI_HOSTS"):
    os.environ.pop(_name, None)
os.environ.setdefault("SHANHAI_LOG", "ERROR")

from shanhai.config.settings import *  # noqa: E402, F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, for invented people
