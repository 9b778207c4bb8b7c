"""Lottery numbers: the one seeded rule that breaks every tie, whatever the order of rows.

A side's key is a 64-bit hash of (seed, side, id): FNV-1a over the UTF-8 bytes of the id, started from the
mixed seed, finished by the splitmix64 finaliser. A pair's lottery number mixes both keys. Among equals the
larger number goes first. Source of the finaliser: Steele, Lea and Flood, "Fast splittable pseudorandom
number generators", OOPSLA 2014; of FNV-1a: RFC 9923.
"""

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import kernel

_FNV = np.uint64(0x100000001B3)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
LEFT, RIGHT = 1, 2
"""Sides: the same id on both sides has two keys."""


@kernel
def mix(word: np.uint64) -> np.uint64:
    """Scramble 64 bits, one to one (the splitmix64 finaliser)."""
    word = (word ^ (word >> np.uint64(30))) * _A
    word = (word ^ (word >> np.uint64(27))) * _B
    return word ^ (word >> np.uint64(31))


@kernel
def ticket(left_key: np.uint64, right_key: np.uint64) -> np.uint64:
    """Return a pair's lottery number from the keys of its two sides."""
    return mix(left_key + _GOLDEN * mix(right_key))


@kernel
def _hash(
    offsets: NDArray[np.int64], data: NDArray[np.uint8], begin: np.uint64
) -> NDArray[np.uint64]:
    found = np.empty(len(offsets) - 1, np.uint64)
    for i in range(len(found)):
        word = begin
        for at in range(offsets[i], offsets[i + 1]):
            word = (word ^ np.uint64(data[at])) * _FNV
        found[i] = mix(word)
    return found


def keys(ids: list[str], seed: int, side: int) -> NDArray[np.uint64]:
    """Return the keys of ids.

    Args:
        ids: Ids, distinct.
        seed: The run's seed, 0 ≤ seed < 2⁶³.
        side: `LEFT` or `RIGHT`.

    Returns:
        Shape (len(ids),), 64-bit hashes.
    """
    encoded = [one.encode("utf-8", "surrogatepass") for one in ids]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    return _hash(offsets, data, _begin(seed, side))


def number_keys(count: int, seed: int, side: int) -> NDArray[np.uint64]:
    """Return keys for a side whose ids are the numbers 0 … count − 1."""
    return _hash_numbers(count, _begin(seed, side))


@kernel
def _hash_numbers(count: int, begin: np.uint64) -> NDArray[np.uint64]:
    found = np.empty(count, np.uint64)
    for i in range(count):
        found[i] = mix(begin + _GOLDEN * np.uint64(i + 1))
    return found


@kernel
def tickets(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the lottery numbers of pairs from their keys, both of shape (pairs,)."""
    found = np.empty(len(left), np.uint64)
    for i in range(len(left)):
        found[i] = ticket(left[i], right[i])
    return found


def _begin(seed: int, side: int) -> np.uint64:
    word = (seed * 4 + side) * int(_GOLDEN) % 2**64
    word ^= word >> 30
    return np.uint64(word * int(_A) % 2**64)
