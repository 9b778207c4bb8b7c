"""What the server loads. Refuses to start on a database that may lose an acknowledged act, or on a ledger that fails its checks."""

import gc
import os
import sys
import time
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.db import connection

from shanhai.config.database import assert_durable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanhai.config.settings")


def open_ledger() -> None:
    """Open the ledger once, so that a clock behind it or an anchor ahead of it stops the start, not a visitor.

    Raises:
        SystemExit: With what is wrong, in both languages.
    """
    from shanhai.domains.book.handle import node  # noqa: PLC0415 - models load after the apps
    from shanhai.domains.continuity.vault import replay_erasures  # noqa: PLC0415 - as above
    from shanhai.kernel.errors import ShanhaiError  # noqa: PLC0415 - beside its user

    try:
        replay_erasures(node().constants.ledger)  # a crash may have come between register and vault
    except ShanhaiError as error:
        if error.code != "genesis.missing":  # pages say how to found one
            sys.exit(error.told)


def announce(began: str) -> None:
    """Say that requests are answered from now on, and what the start took.

    Args:
        began: When the command began (`time.monotonic()`), and the CPU seconds it had used itself; "" says nothing.
    """
    if began:
        started, used = map(float, began.split())
        wall, cpu = time.monotonic() - started, used + time.process_time()
        sys.stdout.write(f"已启动 serving  {wall:.1f} s（CPU {cpu:.1f} s）\n")
        sys.stdout.flush()


def gather_cosignatures() -> None:
    """Let a consortium's node gather the others' cosignatures beside its pages."""
    from django.conf import settings  # noqa: PLC0415 - beside its user

    from shanhai.node import following, rounds  # noqa: PLC0415 - as above

    if following.is_member(folder := Path(settings.DATA_DIR)):
        rounds.start(folder)


application = get_wsgi_application()
assert_durable(connection)
open_ledger()
connection.close()
gc.freeze()  # what is loaded stays: collections need not walk it
gc.enable()
gather_cosignatures()
announce(os.environ.pop("SHANHAI_STARTED", ""))
