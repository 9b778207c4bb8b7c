"""Cryptographic longterm keys (CLK): fuzzy linkage through a unit that sees no names.

Each record becomes one Bloom filter of 1024 bits: the bigrams of every field set bits chosen by keyed hashes.
Two filters are compared by their Dice coefficient, 2 |a ∧ b| / (|a| + |b|). Only pairs that share a block key
are compared; block keys are keyed hashes too. Source: Schnell, Bachteler and Reiher (2009, 2011);
Kirsch and Mitzenmacher (2006) for the double hashing.

What the unit learns: how alike any two records are, and which block keys are frequent. Filters of names
can be attacked through frequent bigrams, so they are never published; `flip` adds noise (BLIP, Alaggan et al.
2012) at some cost of accuracy.
"""

import hashlib
import hmac
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.linkage.tokens import project_key

BITS: Final = 1024
BYTES: Final = BITS // 8
SLICE: Final = 20_000
"""Values whose bits are made at once."""
_STEPS: Final = 1 << 16
_NOISY: Final = 4_096
"""Records whose noise is drawn at once: 8 MiB."""
Filters = NDArray[np.uint8]
Ints = NDArray[np.int64]


class Field(NamedTuple):
    """A field of the filter: its column, how many bits a value sets at most, and the n of its n-grams."""

    column: str
    bits: int = 200
    grams: int = 2
    positional: bool = False
    """Whether an n-gram counts only at its place, as in dates and numbers."""


class Encoded(NamedTuple):
    """What goes to the linkage unit."""

    filters: Filters
    """Shape (n, 128): 1024 bits a record."""
    blocks: list[list[bytes]]
    """For each blocking rule, a key a record; empty bytes where a value is missing."""


def encode(
    records: Any,
    fields: tuple[Field, ...],
    blocks: tuple[tuple[str, ...], ...],
    key: bytes,
    project: str,
) -> Encoded:
    """Encode a prepared table.

    Args:
        records: A `pyarrow.Table` of strings, shape (n rows, k columns).
        fields: What goes into the filter.
        blocks: Column sets; a record's block key is a keyed hash of their values. `column:3` takes the
            first three characters.
        key: The shared secret, which the linkage unit must not have.
        project: The project's name, part of the key.
    """
    filters = np.zeros((records.num_rows, BYTES), dtype=np.uint8)
    for field in fields:
        secret = project_key(key, project, f"clk {field.column}")
        column = records[field.column].combine_chunks().dictionary_encode()
        values = column.dictionary.to_pylist()
        parts = [
            _filters(values[at : at + SLICE], field, secret) for at in range(0, len(values), SLICE)
        ]
        table = np.vstack([*parts, np.zeros((1, BYTES), dtype=np.uint8)])
        filters |= table[np.asarray(column.indices.fill_null(len(values)), dtype=np.int64)]
    return Encoded(filters, [_keys(records, one, key, project) for one in blocks])


def _filters(values: list[str], field: Field, secret: bytes) -> Filters:
    """Return the bits of values, shape (n, 128): each n-gram sets bits / (number of n-grams) of them."""
    seeds: dict[str, tuple[int, int]] = {}
    rows: list[tuple[int, int, int, int]] = []
    for at, value in enumerate(values):
        grams = _grams(value, field)
        each = max(1, round(field.bits / max(len(grams), 1)))
        for gram in grams:
            if gram not in seeds:
                digest = hmac.digest(secret, gram.encode(), hashlib.sha256)
                start, step = int.from_bytes(digest[:6], "big"), int.from_bytes(digest[6:12], "big")
                seeds[gram] = start % BITS, (step | 1) % BITS
            rows.append((at, each, *seeds[gram]))
    place, each_of, starts, steps = np.array(rows, dtype=np.int64).T
    total = int(each_of.sum())
    turn = np.arange(total) - np.repeat(np.cumsum(each_of) - each_of, each_of)
    bit = (np.repeat(starts, each_of) + np.repeat(steps, each_of) * turn) % BITS
    bits = np.zeros((len(values), BITS), dtype=np.uint8)
    bits[np.repeat(place, each_of), bit] = 1
    return np.packbits(bits, axis=1)


def _grams(value: str, field: Field) -> list[str]:
    padded = value if field.positional else f" {value} "
    grams = [padded[at : at + field.grams] for at in range(max(len(padded) - field.grams + 1, 1))]
    return (
        [f"{at}{gram}" for at, gram in enumerate(grams)] if field.positional else sorted({*grams})
    )


def _keys(records: Any, rule: tuple[str, ...], key: bytes, project: str) -> list[bytes]:
    secret = project_key(key, project, f"block {' '.join(rule)}")
    columns = []
    for part in rule:
        name, _, length = part.partition(":")
        values = records[name].to_pylist()
        columns.append([v if v is None or not length else v[: int(length)] for v in values])
    return [
        b"" if None in row else hmac.digest(secret, "\0".join(row).encode(), hashlib.sha256)[:12]
        for row in zip(*columns, strict=True)
    ]


def flip(filters: Filters, share: float, ids: list[str], key: bytes, project: str) -> Filters:
    """Return filters with each bit flipped with a probability: noise against attacks on frequencies (BLIP).

    The noise of a record comes from the key, its id and its filter (SHAKE-128): records alike get noise of their own, while
    the same record encoded again gets the same, so nobody can average it away. A bit keeps `ln((1 - share) / share)` as its
    epsilon (randomised response, Warner 1965); filters that differ in k bits, k times that. Block keys carry no noise.

    Args:
        filters: Shape (n, 128).
        share: Probability, 0 to 0.5, in steps of 2**-16.
        ids: One a record.
        key: The shared secret, which the linkage unit must not have.
        project: The project's name, part of the key.
    """
    secret, least = project_key(key, project, "clk noise"), round(share * _STEPS)
    made = filters.copy()
    for at in range(0, len(filters), _NOISY):
        rows = filters[at : at + _NOISY]
        drawn = b"".join(
            hashlib.shake_128(secret + row.tobytes() + one.encode()).digest(2 * BITS)
            for row, one in zip(rows, ids[at : at + _NOISY], strict=True)
        )
        noise = np.frombuffer(drawn, "<u2").reshape(-1, BITS) < least
        made[at : at + _NOISY] ^= np.packbits(noise, axis=1)
    return made


def candidates(left: Encoded, right: Encoded) -> tuple[Ints, Ints]:
    """Return the pairs that share a block key, each once, in order: positions, shape (k,) twice."""
    codes: list[int] = []
    for a, b in zip(left.blocks, right.blocks, strict=True):
        place: dict[bytes, list[int]] = {}
        for at, one in enumerate(a):
            if one:
                place.setdefault(one, []).append(at)
        for at, one in enumerate(b):
            codes.extend(other * len(b) + at for other in place.get(one, ()))
    unique = np.unique(np.array(codes, dtype=np.int64))
    size = max(len(right.filters), 1)
    return unique // size, unique % size


def dice(left: Filters, right: Filters) -> NDArray[np.float64]:
    """Return the Dice coefficient of filters row by row, shape (k,); 0 where both are empty."""
    counts = [np.bitwise_count(x).sum(axis=1, dtype=np.int64) for x in (left & right, left, right)]
    found: NDArray[np.float64] = 2 * counts[0] / np.maximum(counts[1] + counts[2], 1)
    return found


def match(
    left: Encoded, right: Encoded, threshold: float = 0.6
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Link one to one: the most alike pair first, then the next whose records are both free.

    Args:
        left: One department's records.
        right: The other's, encoded with the same key, project, fields and blocks.
        threshold: The least Dice coefficient.

    Returns:
        Positions left, positions right, and their Dice coefficients, in order of the first.
    """
    a, b = candidates(left, right)
    alike = dice(left.filters[a], right.filters[b])
    keep = alike >= threshold
    a, b, alike = a[keep], b[keep], alike[keep]
    order = np.lexsort((b, a, -alike))
    taken_a, taken_b, chosen = set[int](), set[int](), []
    for at in order.tolist():
        one, other = int(a[at]), int(b[at])
        if one not in taken_a and other not in taken_b:
            taken_a.add(one)
            taken_b.add(other)
            chosen.append(at)
    picked = np.array(chosen, dtype=np.int64)
    picked = picked[np.argsort(a[picked])]
    return a[picked], b[picked], alike[picked]


FEBRL_FIELDS: Final = (
    Field("given_name"),
    Field("surname"),
    Field("date_of_birth", positional=True),
    Field("postcode", bits=100, positional=True),
    Field("soc_sec_id", positional=True),
)
"""What goes into the filter for addresses in Latin letters."""
FEBRL_BLOCKS: Final = (
    ("soc_sec_id",),
    ("soc_sec_id:4",),
    ("date_of_birth",),
    ("given_name", "surname"),
    ("postcode", "surname"),
    ("postcode", "given_name"),
    ("postcode", "street_number"),
    ("address_1", "street_number"),
    ("suburb", "surname"),
    ("suburb", "given_name"),
    ("surname", "street_number"),
)
PERSON_FIELDS: Final = (
    Field("name", grams=1),
    Field("name_sound"),
    Field("birth", positional=True),
    Field("id_no", positional=True),
    Field("phone", bits=100, positional=True),
)
"""What goes into the filter for people in Chinese registers; columns of `prepare`."""
PERSON_BLOCKS: Final = (
    ("id_no",),
    ("id_no:14",),
    ("birth", "name_surname"),
    ("name", "region:6"),
    ("birth", "region:6"),
    ("phone",),
)
