"""The application's process: what was committed is sealed a moment later, once, and before it ends."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from shanhai.kernel.errors import Halt, ProofError
from shanhai.node.service import FAILED, STOPPED, Service

T = TypeVar("T")


def alone(run: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run on a thread of its own: a test with a browser leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def test_several_blocks_are_sealed_once(tmp_path: Path) -> None:
    sealed: list[int] = []

    async def run() -> None:
        service, done = Service(tmp_path), asyncio.Event()

        def seal() -> None:
            sealed.append(len(sealed))
            done.set()

        for _ in range(3):
            service.soon(seal)
        assert sealed == []
        await done.wait()
        assert sealed == [0]
        service.soon(seal)
        service.seal()  # as it ends
        service.seal()

    alone(run)
    assert sealed == [0, 1]


@pytest.mark.parametrize(
    ("error", "code"),
    [(ProofError("seal.differs", index=3), STOPPED), (Halt("disk full"), FAILED)],
)
def test_a_seal_that_fails_ends_the_process(
    tmp_path: Path, error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise error

    async def run() -> int:
        service = Service(tmp_path)
        service.soon(fails)
        service.seal()
        return service.code

    assert alone(run) == code
    assert capsys.readouterr().err
