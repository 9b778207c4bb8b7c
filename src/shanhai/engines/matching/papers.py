"""From files to a market and back: EDGES, CAPACITY, the result F, the certificate K and its prices."""

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shanhai.engines.matching import tables
from shanhai.engines.matching.assign import MODES, Ask, assign, check_ask
from shanhai.engines.matching.check import Found, Papers, check
from shanhai.engines.matching.lottery import LEFT, RIGHT, keys
from shanhai.engines.matching.market import LIMIT, Market, Sides, from_pairs
from shanhai.engines.matching.near import Opening
from shanhai.engines.matching.result import Certificate, Matching
from shanhai.kernel.errors import InvalidInputError

_UNITS = 2**20
"""Units a point of prices to start from; finer ones are rounded down."""
ONE, TWO = ("left", "right", "score"), ("left", "right", "left_score", "right_score")


class Files(NamedTuple):
    """Where a run reads; `capacity` and `demand` default to 1 for everybody.

    Attributes:
        edges: Columns left,right,score or left,right,left_score,right_score; CSV or Parquet.
        capacity: Columns right,capacity.
        demand: Columns left,capacity: how many different rights a left takes.
        prices: Columns right,price, points: of an earlier run, for the auction to start from.
    """

    edges: Path
    capacity: Path | None = None
    demand: Path | None = None
    prices: Path | None = None


class Read(NamedTuple):
    """A market and the ids of its sides, each in order of lottery key."""

    market: Market
    lefts: list[str]
    rights: list[str]


def read_market(files: Files, mode: str, seed: int) -> Read:
    """Read a market.

    Raises:
        InvalidInputError: A file cannot be read, lacks columns or holds what is no id or no whole number; a
            right has no capacity, or two.
    """
    table, scores = _edges(files.edges, mode)
    left, lefts = tables.codes(table, "left", files.edges.name)
    right, rights = tables.codes(table, "right", files.edges.name)
    capacity = _amounts(files.capacity, "right", rights, required=True)
    demand = _amounts(files.demand, "left", lefts, required=False)
    left_key, left_rank, lefts = _canonical(lefts, seed, LEFT)
    right_key, right_rank, rights = _canonical(rights, seed, RIGHT)
    sides = Sides(
        capacity[np.argsort(right_rank)], demand[np.argsort(left_rank)], left_key, right_key
    )
    market = from_pairs(left_rank[left], right_rank[right], scores, sides, len(lefts))
    return Read(market, lefts, rights)


def _edges(path: Path, mode: str) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the pairs and their scores; stable mode ranks both sides by one score where only one is given."""
    names: tuple[str, ...] = ONE[2:]
    if mode == "stable":
        table = tables.read_table(path, ("left", "right"), ("score", "left_score", "right_score"))
        names = TWO[2:] if "left_score" in table.column_names else ("score", "score")
        table = tables.read_table(path, (*TWO[:2], *dict.fromkeys(names)))
    else:
        table = tables.read_table(path, ONE)
    columns = [tables.whole_numbers(table, name, path.name) for name in names]
    return table.select(["left", "right"]), np.stack(columns, axis=1)


def _canonical(
    ids: list[str], seed: int, side: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32], list[str]]:
    """Order ids by lottery key; return sorted keys, the rank of each id, and the ids in order."""
    drawn = keys(ids, seed, side)
    order = np.argsort(drawn, kind="stable")
    if len(ids) and (np.diff(drawn[order]) == 0).any():  # two ids of one key: by text
        order = np.array(sorted(range(len(ids)), key=lambda k: (drawn[k], ids[k])), np.int64)
    rank = np.empty(len(ids), np.int32)
    rank[order] = np.arange(len(ids), dtype=np.int32)
    return drawn[order], rank, [ids[k] for k in order]


def _amounts(path: Path | None, side: str, ids: list[str], *, required: bool) -> NDArray[np.int64]:
    """Return the capacity of each id; ids without pairs are checked and left out."""
    if path is None:
        return np.ones(len(ids), np.int64)
    known = read_capacity(path, side)
    missing = [one for one in ids if one not in known]
    if missing and required:
        raise InvalidInputError(
            "match.capacity_missing",
            count=len(missing),
            right=min(missing)[:40],
            file=path.name,
            line=_cell(min(missing)[:40]),
        )
    return np.array([known.get(one, 1) for one in ids], np.int64)


def _cell(text: str) -> str:
    """Return an id as it is written in a CSV file."""
    return '"' + text.replace('"', '""') + '"' if any(one in text for one in ',"\r\n') else text


def read_capacity(path: Path, side: str) -> dict[str, int]:
    """Return capacities by id.

    Raises:
        InvalidInputError: A capacity is no whole number from 0 to `LIMIT`, or an id has two different ones.
    """
    table = tables.read_table(path, (side, "capacity"))
    index, ids = tables.codes(table, side, path.name)
    amounts = tables.whole_numbers(table, "capacity", path.name)
    found: dict[str, int] = {}
    for at, amount in zip(index.tolist(), amounts.tolist(), strict=True):
        one = ids[at]
        if amount < 0:
            raise InvalidInputError("match.capacity_bad", right=one, value=amount, limit=LIMIT)
        if found.setdefault(one, amount) != amount:
            raise InvalidInputError(
                "match.capacity_twice", right=one, first=found[one], second=amount
            )
    return found


def assign_files(files: Files, ask: Ask, out: Path, certificate: Path | None = None) -> Matching:
    """Match the pairs of a file; write the matching, its prices and its certificate.

    Args:
        files: What to read.
        ask: How to match.
        out: Written: left,right,score, sorted by left and right; in stable mode the left's score.
        certificate: Written beside a file of prices, where there are prices.

    Returns:
        The matching.

    Raises:
        InvalidInputError: As `read_market` and `assign`.
    """
    check_ask(ask)
    if files.prices is not None and ask.mode != "optimal":
        raise InvalidInputError("match.prices_unfit", mode=ask.mode)
    read = read_market(files, ask.mode, ask.seed)
    if files.prices is not None:
        ask = ask._replace(opening=read_opening(files.prices, read.rights))
    matching = assign(read.market, ask)
    _write_matching(read, matching, out)
    if certificate is not None:
        _write_certificate(read, matching, certificate)
    return matching


def _write_matching(read: Read, matching: Matching, out: Path) -> None:
    answer = matching.answer
    rows = [
        (read.lefts[left], read.rights[right], score)
        for left, right, score in zip(
            answer.left.tolist(), answer.right.tolist(), matching.score.tolist(), strict=True
        )
    ]
    rows.sort()
    tables.write_table(
        out,
        {
            "left": [row[0] for row in rows],
            "right": [row[1] for row in rows],
            "score": [row[2] for row in rows],
        },
    )


def _write_certificate(read: Read, matching: Matching, path: Path) -> None:
    answer, paper = matching.answer, matching.certificate
    name = f"{path.stem}.prices.csv"
    path.with_name(name).unlink(missing_ok=True)  # of an earlier run
    if answer.price is not None:
        paid = sorted((read.rights[k], int(answer.price[k])) for k in np.flatnonzero(answer.price))
        columns = {
            "right": [one for one, _ in paid],
            "price": [_decimal(units, answer.scale) for _, units in paid],
        }
        tables.write_table(path.with_name(name), columns)
        paper = msgspec.structs.replace(paper, prices=name)
    tables.write_bytes(path, msgspec.json.format(msgspec.json.encode(paper), indent=2) + b"\n")


def _decimal(units: int, scale: int) -> str:
    """Return units of 1/scale point in points; scales are powers of two, so the decimal ends."""
    whole, part = divmod(units, scale)
    digits = scale.bit_length() - 1
    return (
        f"{whole}.{part * 10**digits // scale:0{digits}}".rstrip("0").rstrip(".")
        if part
        else str(whole)
    )


def read_certificate(path: Path) -> Certificate:
    """Read a certificate.

    Raises:
        InvalidInputError: The file is missing or no certificate.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Certificate)
    except OSError as error:
        raise InvalidInputError("match.file", file=path.name, detail=str(error)) from error
    except msgspec.MsgspecError as error:
        raise InvalidInputError(
            "match.certificate_bad", file=path.name, detail=str(error)
        ) from error


def check_files(files: Files, made: Path, certificate: Path) -> tuple[Found, list[str]]:
    """Recompute a result from its files.

    Returns:
        What was found, and the names of the figures in which certificate and files differ, or that show the
        matching is not allowed; empty when everything holds.

    Raises:
        InvalidInputError: A file cannot be read.
    """
    paper = read_certificate(certificate)
    found = check(_papers(files, made, certificate, paper))
    wrong = [name for name, count in found.faults.items() if count]
    wrong += _claims(paper, found)
    if found.primal != paper.primal:
        wrong.append("primal")
    if (found.dual is None) != (paper.dual is None) or (
        found.dual is not None and float(found.dual) != float(paper.dual or 0)
    ):
        wrong.append("dual")
    if found.dual is not None and found.dual < found.primal:
        wrong.append("dual_below_primal")
    if found.dual is not None and _gap(found.dual, found.primal) != paper.gap:
        wrong.append("gap")
    return found, wrong


def _claims(paper: Certificate, found: Found) -> list[str]:
    """Return which claims beside the sums do not hold: an optimum without prices is not proven."""
    wrong = {
        "mode": paper.mode not in MODES,
        "prices": paper.mode == "optimal" and paper.prices is None,
        "matched": paper.matched != found.matched,
        "blocking_pairs": paper.blocking_pairs != found.blocking or bool(found.blocking),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _gap(dual: Fraction, primal: int) -> float | None:
    if primal == 0:
        return 0.0 if dual == 0 else None
    return float((dual - primal) / primal)


def _papers(files: Files, made: Path, certificate: Path, paper: Certificate) -> Papers:
    table, scores = _edges(files.edges, paper.mode)
    edges = _text(table, ("left", "right"), "lr")
    edges = edges.append_column("s", pa.array(scores[:, 0])).append_column(
        "t", pa.array(scores[:, -1])
    )
    result = tables.read_table(made, ONE)
    pairs = _text(result, ("left", "right"), "lr")
    pairs = pairs.append_column("s", pa.array(tables.whole_numbers(result, "score", made.name)))
    if files.capacity is None:
        ids = edges["r"].unique()
        takes = pa.table({"r": ids, "c": pa.array(np.ones(len(ids), np.int64))})
    else:
        takes = _amount_table(read_capacity(files.capacity, "right"), "r", "c")
    wants = _amount_table(read_capacity(files.demand, "left") if files.demand else {}, "l", "d")
    price, scale = None, 1
    if paper.prices is not None:
        price, scale = _prices(certificate.with_name(Path(paper.prices).name))
    return Papers(edges, takes, wants, pairs, price, scale, paper.mode == "stable")


def _text(table: pa.Table, columns: tuple[str, ...], names: str) -> pa.Table:
    return pa.table(
        {new: table[old].cast(pa.string()) for new, old in zip(names, columns, strict=True)}
    )


def _amount_table(amounts: dict[str, int], key: str, value: str) -> pa.Table:
    ids, numbers = pa.array(amounts, pa.string()), pa.array(amounts.values(), pa.int64())
    return pa.table({key: ids, value: numbers})


def read_prices(path: Path) -> dict[str, float]:
    """Return prices by right, in points.

    Raises:
        InvalidInputError: The file cannot be read.
    """
    table, scale = _prices(path)
    paid = zip(table["r"].to_pylist(), table["p"].to_pylist(), strict=True)
    return {str(one): units / scale for one, units in paid}


def read_opening(path: Path, rights: list[str]) -> Opening:
    """Return prices to start from; rights without one start at 0, prices of other ids are left out.

    Raises:
        InvalidInputError: The file cannot be read, or a right's price is negative or there twice.
    """
    table, scale = _prices(path)
    place, price, seen = {one: k for k, one in enumerate(rights)}, [0] * len(rights), set[str]()
    for one, units in zip(table["r"].to_pylist(), table["p"].to_pylist(), strict=True):
        if units < 0:
            raise InvalidInputError(
                "match.price_bad", file=path.name, right=str(one)[:40], value=str(units / scale)
            )
        if one in seen:
            raise InvalidInputError("match.price_twice", file=path.name, right=str(one)[:40])
        seen.add(one)
        if one in place:
            price[place[one]] = min(units * _UNITS // scale, LIMIT * _UNITS)
    return Opening(np.array(price, np.int64), _UNITS)


def _prices(path: Path) -> tuple[pa.Table, int]:
    """Return prices in whole units and how many units make a point."""
    table = tables.read_table(path, ("right", "price"))
    try:
        exact = [Fraction(str(one)) for one in table["price"].to_pylist()]
        scale = max((one.denominator for one in exact), default=1)
        units = pa.array([int(one * scale) for one in exact], pa.int64())
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise InvalidInputError("match.file", file=path.name, detail=str(error)) from error
    if any((one * scale).denominator != 1 for one in exact):
        raise InvalidInputError("match.file", file=path.name, detail="prices of no common unit")
    return pa.table({"r": table["right"].cast(pa.string()), "p": units}), scale
