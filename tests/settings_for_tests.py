"""The platform's settings on a data folder of the test run's own, with nothing from the environment.

SHANHAI_TEST_DATABASE_URL puts Django's tests on PostgreSQL (`make test-postgres` starts a server and sets it).
"""

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
if _URL_FOR_TESTS := os.environ.get("SHANHAI_TEST_DATABASE_URL"):
    from shanhai.config.database import from_url

    DATABASES = {"default": {**from_url(_URL_FOR_TESTS), "CONN_MAX_AGE": 0}}
