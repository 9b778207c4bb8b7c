"""The vault in backups: its ciphertext goes along, the person keys never do."""

import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.vault.models import Record
from shanhai.node.anchor import default_folder
from shanhai.node.backup.cupboard import Cupboard, default_cupboard
from shanhai.node.backup.erasures import Register

CHUNK = 500
WITHOUT_KEYS = {"vault_record": {"wrapped": b""}}
"""Columns that a backup leaves out."""


def register_of(ledger: str) -> Register:
    """Return a ledger's register of erasures."""
    return Register(default_folder(os.environ), ledger)


def cupboard_of(ledger: str) -> Cupboard:
    """Return a ledger's cupboard."""
    return Cupboard(default_cupboard(os.environ), ledger)


def person_keys() -> dict[str, bytes]:
    """Return each record's wrapped secret, as this database has it."""
    rows = Record.objects.values_list("object_id", "wrapped").iterator(chunk_size=CHUNK)
    return {record: bytes(wrapped) for record, wrapped in rows if wrapped}


@transaction.atomic
def put_back(keys: dict[str, bytes]) -> None:
    """Give records their wrapped secrets back, where the cupboard has them."""
    names = iter(Record.objects.values_list("object_id", flat=True).order_by("object_id"))
    while some := list(islice(names, CHUNK)):
        known = [Record(object_id=one, wrapped=keys[one]) for one in some if one in keys]
        Record.objects.bulk_update(known, ["wrapped"])


def closed() -> int:
    """Return how many records stay closed for want of a person key."""
    return Record.objects.filter(wrapped=b"").count()


def _delete(records: Iterable[str]) -> int:
    count, names = 0, iter(sorted(records))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete=ON")
    with transaction.atomic():
        while some := list(islice(names, CHUNK)):
            count += Record.objects.filter(pk__in=some).delete()[1].get("vault.Record", 0)
    return count


def erase(named: Iterable[str]) -> int:
    """Erase records by their id or by the person they concern, here and in every backup.

    The register is written first; then the records and their values go, then the person keys in the cupboard. A backup
    made before holds their ciphertext and no key; what a restore brings back is erased again before anybody is served.

    Args:
        named: Ids of persons or of records.

    Returns:
        How many records were erased.
    """
    wanted = set(named)
    by_person = Record.objects.filter(person__in=wanted).values_list("object_id", flat=True)
    records = {*by_person, *Record.objects.filter(pk__in=wanted).values_list("pk", flat=True)}
    ledger = node().constants.ledger
    if records:
        register_of(ledger).add(sorted(records), ledger_now_ms())
    count = _delete(records)
    cupboard_of(ledger).forget_persons(records)
    return count


def replay_erasures(ledger: str) -> int:
    """Erase what the register names and this database still has; return how many records went."""
    erased = register_of(ledger).read()
    return _delete(erased) if erased else 0


def keep_keys(data_dir: Path, ledger: str) -> list[str]:
    """Bring the cupboard up to date with this folder's keys and person keys; return the keys that lie there."""
    cupboard = cupboard_of(ledger)
    names = cupboard.take_in(data_dir)
    cupboard.keep_persons(person_keys(), register_of(ledger).read())
    return names
