"""Storages under test: memory, SQLite, PostgreSQL 15 (a private server on a socket)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["node_storages"]
