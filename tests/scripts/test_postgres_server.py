"""The server that other tests stand on."""

import psycopg
import pytest


@pytest.mark.postgres
def test_server_answers_and_sorts_by_bytes(postgres_dsn: str) -> None:
    with psycopg.connect(f"{postgres_dsn} dbname=postgres") as connection:
        version, smaller = (
            connection.execute(
                "SELECT current_setting('server_version_num')::int, 'B' < 'a'"
            ).fetchone()
            or ()
        )
    assert version >= 150_000
    assert smaller
