"""What every browser test stands on: the signing bundle of the sources under test."""

import pytest

import build_signing


@pytest.fixture(scope="session", autouse=True)
def bundle() -> None:
    """Build the signing bundle; equal files keep their time, which a data folder's stamp remembers."""
    build_signing.write()
