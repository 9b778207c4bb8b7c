"""Openings against a log: those that match are counted, missing ones too, and a stray one is named."""

import io
from pathlib import Path

import pytest

from node.test_verify import Sealed
from node.world import made_id
from shanhai.acts.officer import RegisterPerson
from shanhai.kernel.errors import ProofError
from shanhai.ledger.commitment import Opening, commitment_of, make_opening, salt
from shanhai.node.memory import Memory
from shanhai.node.openings import check_openings, export_openings

PEOPLE = 3


class Vault:
    """Three registered people, and the openings of their names."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed, self.suite = sealed, sealed.node.constants.suite
        self.kept: dict[str, Opening] = {}
        for number in range(PEOPLE):
            self.register(made_id("per", 70 + number), f"模拟人员{number}")

    def register(self, person: str, name: str) -> None:
        """Register a person by a commitment to their name."""
        world = self.sealed.world
        mixed = salt(person.encode(), "name", self.suite)
        ledger = self.sealed.node.constants.ledger
        made = make_opening(ledger, person, person, "name", name, mixed)
        commitment = commitment_of(self.suite, made)
        self.kept[commitment] = made
        act = RegisterPerson(organisation=made_id("org", 1), name=commitment, unique=True)
        assert world.submit(act, person).receipt is not None

    def file(self) -> bytes:
        """Return the openings file of what is kept."""
        out = io.BytesIO()
        export_openings(self.sealed.node, self.sealed.sealer, self.kept.get, out)
        return out.getvalue()

    def check(self, raw: bytes) -> str:
        """Return what verification says."""
        log = io.BytesIO(self.sealed.export())
        return check_openings(log, io.BytesIO(raw)).line


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    sealed = Sealed(Memory(), tmp_path)
    return Vault(sealed)


def closed(vault: Vault) -> int:
    """Return how many commitments genesis holds; nobody kept their openings."""
    out = io.BytesIO()
    done = export_openings(vault.sealed.node, vault.sealed.sealer, vault.kept.get, out)
    return done.commitments - PEOPLE


def test_openings_that_match_are_counted(vault: Vault) -> None:
    more = closed(vault)
    told = f"openings {PEOPLE} of {PEOPLE + more} commitments match, {more} missing or erased"
    assert vault.check(vault.file()) == told


def test_an_erased_one_is_counted_and_never_passed(vault: Vault) -> None:
    more = closed(vault)
    del vault.kept[next(iter(vault.kept))]
    told = vault.check(vault.file())
    assert told.startswith(f"openings {PEOPLE - 1} of {PEOPLE + more} ")
    assert f"{more + 1} missing" in told


def test_a_changed_value_is_named(vault: Vault) -> None:
    raw = vault.file().replace("模拟人员1".encode(), "模拟人员9".encode())
    with pytest.raises(ProofError) as refused:
        vault.check(raw)
    assert refused.value.code == "openings.stray"
    assert refused.value.facts["number"] == 2
    assert "name" in refused.value.say("en")


def test_openings_of_another_ledger_are_refused(vault: Vault, tmp_path: Path) -> None:
    raw = vault.file()
    start = raw.index(b'"ledger":"') + len(b'"ledger":"')
    other = raw[:start] + bytes([raw[start] ^ 1]) + raw[start + 1 :]
    with pytest.raises(ProofError) as refused:
        vault.check(other)
    assert refused.value.code in {"openings.ledger", "log.header"}
