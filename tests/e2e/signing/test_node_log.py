"""A log that the node itself wrote, with real acts under the rules, holds in the browser too."""

import pytest
from playwright.sync_api import Page

from e2e.signing.books import LOG_KEY
from e2e.signing.test_proof import altered, check_logs
from node.world import World
from shanhai.kernel.suite import INTL
from shanhai.ledger.checkpoint import Checkpoint, make_vkey, sign_note
from shanhai.ledger.logfile import log_chunks, make_header
from shanhai.node.memory import Memory

pytestmark = pytest.mark.e2e


def test_a_node_s_log_holds_and_a_changed_byte_does_not(page: Page) -> None:
    world = World(Memory())
    outcomes = world.node.submit_many(world.organisations(0, 12), world.now)
    assert all(outcome.accepted for outcome in outcomes)
    head = world.node.head()
    leaves = list(world.node.storage.packed(0, head.size))
    origin = world.node.constants.origin
    root = world.node.root_at(head.size)
    note = sign_note(Checkpoint(origin, head.size, root).text, origin, LOG_KEY).encode()
    raw = b"".join(log_chunks(make_header(INTL, origin, leaves[0]), leaves, note))
    trust = {"vkey": make_vkey(origin, LOG_KEY).line, "ledger": world.node.constants.ledger}
    whole, *bad = check_logs(page, [raw, *altered(raw, 80)], trust)
    assert whole["ok"], whole["checks"]
    assert (whole["entries"], whole["root"]) == (13, root.hex())
    assert not any(answer["ok"] for answer in bad)
