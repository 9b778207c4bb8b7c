"""Private set intersection of two lists of numbers (ECDH), by `openmined-psi`.

The client learns which of its numbers the server has too, or only how many; the server learns how many
numbers the client asked about; a third party that sees the messages learns the sizes. Neither side
sees a number that the other does not have. The answers are exact (no Bloom filter): curve points are
compared. Semi-honest parties are assumed: a client may ask about numbers it invents, so the server limits
and records requests.

Source: Huberman, Franklin and Hogg (1999); Meadows (1986).
"""

import importlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")
CHUNK: Final = 5_000
"""Numbers encrypted by one task."""
LIBRARY: Final = "private_set_intersection.python"


def _library() -> Any:
    return importlib.import_module(LIBRARY)


class Server:
    """The party that answers: holds its numbers and a key made for this exchange."""

    def __init__(self, numbers: Sequence[str], *, reveal: bool, workers: int = 1) -> None:
        self.numbers, self.reveal, self.workers = sorted(set(numbers)), reveal, workers
        self._key: bytes = _library().server.CreateWithNewKey(reveal).GetPrivateKeyBytes()

    def setup(self, asked: int) -> list[bytes]:
        """Return the messages with the server's own numbers, encrypted.

        Args:
            asked: How many numbers the client will ask about.
        """
        parts = [(self._key, self.reveal, asked, part) for part in chunks(self.numbers)]
        return run(_setup, parts, self.workers)

    def answer(self, requests: Sequence[bytes]) -> bytes:
        """Return the client's requests, encrypted a second time.

        Where only the size is to be revealed they are sorted, so that the client cannot tell which of
        its numbers is which.
        """
        parts = [(self._key, self.reveal, one) for one in requests]
        whole = _library().Response()
        for part in run(_answer, parts, self.workers):
            one = _library().Response()
            one.ParseFromString(part)
            whole.encrypted_elements.extend(one.encrypted_elements)
        if not self.reveal:
            points = sorted(whole.encrypted_elements)
            del whole.encrypted_elements[:]
            whole.encrypted_elements.extend(points)
        return bytes(whole.SerializeToString())


class Client:
    """The party that asks."""

    def __init__(
        self, numbers: Sequence[str], *, reveal: bool, workers: int = 1, key: bytes | None = None
    ) -> None:
        """Begin an exchange; or go on with one whose `key` and numbers were kept."""
        self.numbers, self.reveal, self.workers = sorted(set(numbers)), reveal, workers
        made = key or _library().client.CreateWithNewKey(reveal).GetPrivateKeyBytes()
        self.key: bytes = made

    def requests(self) -> list[bytes]:
        """Return the messages that ask about the client's numbers, encrypted."""
        parts = [(self.key, self.reveal, part) for part in chunks(self.numbers)]
        return run(_request, parts, self.workers)

    def intersection(self, setups: Sequence[bytes], answer: bytes) -> list[str]:
        """Return the numbers that both have, in order.

        Raises:
            ValueError: If the exchange was made to reveal only the size.
        """
        if not self.reveal:
            raise ValueError("this exchange reveals only the size")
        places = self._compare("GetIntersection", setups, answer)
        return [self.numbers[at] for at in sorted(places)]

    def size(self, setups: Sequence[bytes], answer: bytes) -> int:
        """Return how many numbers both have."""
        if self.reveal:
            return len(self.intersection(setups, answer))
        return len(self._compare("GetIntersectionSize", setups, answer))

    def _compare(self, name: str, setups: Sequence[bytes], answer: bytes) -> list[int]:
        """Return the places of the common numbers; where only the size is revealed, places that mean nothing."""
        response = _library().Response()
        response.ParseFromString(answer)
        points, whole = list(response.encrypted_elements), _joined(setups).SerializeToString()
        parts = [
            (self.key, self.reveal, name, whole, points[at : at + CHUNK])
            for at in range(0, max(len(points), 1), CHUNK)
        ]
        found = run(_compared, parts, self.workers)
        return [at * CHUNK + place for at, places in enumerate(found) for place in places]


def _joined(setups: Sequence[bytes]) -> Any:
    """Return the parts of a setup as one: the encrypted numbers of all, sorted as the library wants them."""
    whole = _library().ServerSetup()
    whole.ParseFromString(setups[0])
    points = set(whole.raw.encrypted_elements)
    for part in setups[1:]:
        one = _library().ServerSetup()
        one.ParseFromString(part)
        points |= set(one.raw.encrypted_elements)
    del whole.raw.encrypted_elements[:]
    whole.raw.encrypted_elements.extend(sorted(points))
    return whole


def chunks(numbers: Sequence[str]) -> list[list[str]]:
    """Cut a list for parallel work; an empty list is one empty chunk."""
    return [list(numbers[at : at + CHUNK]) for at in range(0, max(len(numbers), 1), CHUNK)]


def run(function: Callable[[Any], T], parts: Sequence[Any], workers: int) -> list[T]:
    """Call a function on each part, in processes if there are several workers; results in order."""
    if workers <= 1 or len(parts) <= 1:
        return [function(part) for part in parts]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(function, parts))


def _setup(part: tuple[bytes, bool, int, list[str]]) -> bytes:
    key, reveal, asked, numbers = part
    library = _library()
    server = library.server.CreateFromKey(key, reveal)
    made = server.CreateSetupMessage(0.0, max(asked, 1), numbers, library.DataStructure.RAW)
    return bytes(made.SerializeToString())


def _request(part: tuple[bytes, bool, list[str]]) -> bytes:
    key, reveal, numbers = part
    made = _library().client.CreateFromKey(key, reveal).CreateRequest(numbers)
    return bytes(made.SerializeToString())


def _answer(part: tuple[bytes, bool, bytes]) -> bytes:
    key, reveal, request = part
    library = _library()
    asked = library.Request()
    asked.ParseFromString(request)
    made = library.server.CreateFromKey(key, reveal).ProcessRequest(asked)
    return bytes(made.SerializeToString())


def _compared(part: tuple[bytes, bool, str, bytes, list[bytes]]) -> list[int]:
    key, reveal, name, setup, points = part
    library = _library()
    theirs, ours = library.ServerSetup(), library.Response()
    theirs.ParseFromString(setup)
    ours.encrypted_elements.extend(points)
    found = getattr(library.client.CreateFromKey(key, reveal), name)(theirs, ours)
    return list(found) if reveal else list(range(found))
