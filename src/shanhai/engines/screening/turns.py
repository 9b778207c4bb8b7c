"""Do several things at a time and take what they yield in their order, with little waiting to be taken."""

from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import count
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

_WAITING = 2
"""Pieces of one job that may wait to be taken; its thread rests until then."""
_SECONDS = 0.1
"""How often a thread that rests looks whether it is to end."""
_END = object()
T = TypeVar("T")


def in_turn(jobs: Sequence[Callable[[], Iterable[T]]], threads: int) -> Generator[T, None, None]:
    """Yield what the first job yields, then the second and so on, while the next ones are under way.

    Args:
        jobs: Each gives its pieces one by one; it runs on a thread of its own from its first piece to its last.
        threads: How many at a time.

    Yields:
        The pieces in the order of jobs.

    Raises:
        BaseException: What a job raises, in its turn; the others are ended. Closing the iterator ends them too.
    """
    waiting: list[Queue[Any]] = [Queue(_WAITING) for _ in jobs]
    numbers, ended = count(), Event()

    def work() -> None:
        while not ended.is_set() and (number := next(numbers)) < len(jobs):
            _run(jobs[number], waiting[number], ended)

    workers = [Thread(target=work, daemon=True) for _ in range(min(threads, len(jobs)))]
    for worker in workers:
        worker.start()
    try:
        for pieces in waiting:
            while (piece := pieces.get()) is not _END:
                if isinstance(piece, _Raised):
                    raise piece.error
                yield piece
    finally:
        ended.set()
        for worker in workers:
            worker.join()


class _Raised:
    """What a job raised."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _run(job: Callable[[], Iterable[Any]], pieces: Queue[Any], ended: Event) -> None:
    """Put a job's pieces, or what it raises, where they are taken from; end early if that is asked."""
    try:
        for piece in job():
            if not _put(pieces, piece, ended):
                return
    except BaseException as error:  # noqa: BLE001 - it is raised again where the pieces are taken
        _put(pieces, _Raised(error), ended)
    else:
        _put(pieces, _END, ended)


def _put(pieces: Queue[Any], piece: Any, ended: Event) -> bool:
    while not ended.is_set():
        try:
            pieces.put(piece, timeout=_SECONDS)
        except Full:
            continue
        return True
    return False
