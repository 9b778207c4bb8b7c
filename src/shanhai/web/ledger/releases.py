"""The signing bundle as this site serves it, held against the releases that the ledger records."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders

from shanhai.acts.governance import ProposalState, Release
from shanhai.domains.book import timeline
from shanhai.domains.rows import row_of, structs

FILES = ("proof.js", "sign.js", "verify.html")
SHOWN = 20


class Bundled(NamedTuple):
    """One file of the bundle: its hash as served now, and the confirmed release that names that hash."""

    name: str
    sha256: str
    release: Release | None


class Recorded(NamedTuple):
    """A release in the ledger with the entry that confirmed it, None while only proposed."""

    release: Release
    confirmed: timeline.Event | None


@cache
def _hash(path: Path, _changed_ns: int) -> str:
    return sha256(path.read_bytes()).hexdigest()


def served() -> list[tuple[str, str]]:
    """Return name and SHA-256 of each file as it is served."""
    made = []
    for name in FILES:
        found = finders.find(f"signing/{name}")
        if isinstance(found, str):
            path = Path(found)
            made.append((name, _hash(path, path.stat().st_mtime_ns)))
    return made


def recorded() -> list[Recorded]:
    """Return the newest releases, newest first."""
    rows = row_of(Release).objects.order_by("-id")[:SHOWN]
    found = structs(Release, rows)
    confirmed = [one.id for one in found if one.state is ProposalState.CONFIRMED]
    last = timeline.last_of(confirmed)
    return [Recorded(one, last.get(one.id)) for one in found]


def bundled(known: list[Recorded]) -> list[Bundled]:
    """Return each served file with the confirmed release that names its very hash."""
    return [
        Bundled(
            name,
            digest,
            next(
                (
                    one.release
                    for one in known
                    if one.confirmed
                    and any(f.name == name and f.sha256 == digest for f in one.release.files)
                ),
                None,
            ),
        )
        for name, digest in served()
    ]
