"""Loading the demonstration: everything in one database transaction, so that it stands whole or not at all.

A run that is broken off leaves an empty database behind; the next one begins again. What lies outside the
database is written before it: the keys are used again, the clock is written again.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.db import transaction

from shanhai.data import regions
from shanhai.domains import clock
from shanhai.domains.book.handle import node, storage
from shanhai.domains.demo import founding
from shanhai.domains.demo.cast import CAST, FOUNDERS, REGION_NAMES, cast, id_of, name_of
from shanhai.domains.demo.papers import Papers
from shanhai.domains.demo.story import CHAPTERS, Chapter
from shanhai.domains.demo.story.beginning import FOUNDED
from shanhai.domains.demo.story.rules import settings
from shanhai.domains.demo.story.teller import at
from shanhai.domains.demo.story.whole import Story
from shanhai.domains.vault.services import LedgerMark, values_seal
from shanhai.kernel.periods import iso
from shanhai.kernel.suite import INTL
from shanhai.ledger.commitment import GENESIS_LEDGER
from shanhai.node.folder import LOG_KEY, make_log_key
from shanhai.node.loop import Node

ORIGIN = "demo.shanhai.invalid"
Say = Callable[[str], None]


class Loaded(NamedTuple):
    """What was loaded: entries of the ledger, and how long it took."""

    acts: int
    seconds: float


def load(data_dir: Path, say: Say, web_origins: tuple[str, ...]) -> Loaded:
    """Load the demonstration into a data folder without a ledger.

    Args:
        data_dir: The data folder; Django stands on it, its tables are up to date.
        say: Told each step as it is done.
        web_origins: Addresses at which browsers will sign.

    Raises:
        InvalidInputError: `genesis.present`, if there is a ledger.
    """
    started = time.monotonic()
    name_regions(data_dir)
    with transaction.atomic():
        story = found(data_dir, web_origins)
        tell(story, data_dir, say)
        clock.set_offset(data_dir, story.now - clock.machine_ms())
    book = node()  # opening it signs the head and anchors it
    return Loaded(book.head().size, time.monotonic() - started)


def name_regions(data_dir: Path) -> None:
    """Write the names of regions, the 模拟 ones among them, where the folder has none."""
    path = data_dir / regions.FILE_NAME
    table = regions.load(data_dir) if path.is_file() else regions.build(data_dir)
    if REGION_NAMES.items() - table.names.items():
        made = regions.RegionTable(table.source, table.names | REGION_NAMES)
        path.write_bytes(msgspec.json.encode(made))


def found(data_dir: Path, web_origins: tuple[str, ...]) -> Story:
    """Found the 模拟 ledger; the founders' names lie in the vault."""
    time_ms, seed = at(FOUNDED), founding.seed(data_dir)
    if not (data_dir / LOG_KEY).exists():
        make_log_key(data_dir, INTL.name, os.urandom(32))
    names = {
        part.name: values_seal(
            mark=LedgerMark(GENESIS_LEDGER, INTL),
            object_id=(person := id_of("per", time_ms, seed, part.name)),
            committer=person,
            values={"name": name_of(part)},
            person=person,
        )["name"]
        for part in CAST
        if part.name in FOUNDERS
    }
    actors = cast(INTL, seed, time_ms, names)
    payload = founding.genesis(
        actors,
        settings(),
        origin=f"{ORIGIN}/{seed[:4].hex()}",
        web_origins=web_origins,
        rp_id="localhost",
    )
    signed = founding.signed_genesis(actors, payload, time_ms)
    return Story(Node.found(storage(), signed, time_ms), actors, time_ms)


def tell(story: Story, data_dir: Path, say: Say, chapters: tuple[Chapter, ...] = CHAPTERS) -> None:
    """Play the chapters in order and say how long each took."""
    story.data_dir = data_dir
    story.papers = Papers(data_dir, story.suite, story.person("desk"))
    for place, chapter in enumerate(chapters, 1):
        before, started = story.count, time.monotonic()
        chapter.play(story)
        took = time.monotonic() - started
        count = story.count - before
        until = iso(story.now)[:10]
        say(f"[{place}/{len(chapters)}] {until} {chapter.title}  {count} 项 acts  {took:.1f} s")
    story.papers.register()
