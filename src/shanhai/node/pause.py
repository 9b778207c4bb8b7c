"""Pausing Python's cycle collector: a run of acts makes many objects and no cycles to collect."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Collect no cycles until the end of the block; nested and in several threads it ends collecting."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
