"""Database settings: SQLite made durable, or PostgreSQL by DATABASE_URL.

`synchronous=NORMAL` loses acknowledged acts when power is cut, and memory-mapped reads let one
process grow by the size of its cache; both were measured, so FULL and 0 are not choices.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

FULL = 2
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; "
    "PRAGMA cache_size=-20000; PRAGMA wal_autocheckpoint=4000; PRAGMA foreign_keys=ON;"
)


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings of a SQLite database at `path`."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
    }


def from_url(url: str) -> dict[str, Any]:
    """Return Django's settings of `postgresql://user:password@host:port/name?sslmode=…`.

    The query says what libpq's does, so that the node and Django read one URL alike: `host` may be a socket's folder.

    Raises:
        ImproperlyConfigured: If the scheme is not PostgreSQL's.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://"
        )
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or "") or asked.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or asked.pop("host", ""),
        "PORT": str(parts.port or asked.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **({"OPTIONS": asked} if asked else {}),
    }


def assert_durable(connection: BaseDatabaseWrapper) -> None:
    """Refuse to start on a SQLite connection that may lose an acknowledged act.

    Raises:
        ImproperlyConfigured: If the journal is not WAL or commits are not synced to disk.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if (journal, level) != ("wal", FULL):
        raise ImproperlyConfigured(
            f"SQLite must run with WAL and synchronous=FULL, not {journal} and {level}"
        )
