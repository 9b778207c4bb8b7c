"""Short ways to run a scheme on a table in tests."""

import csv
import io
from collections.abc import Mapping, Sequence

from shanhai.engines.indicators import Run, Table, read_scheme, read_table, run

HEAD = '[scheme]\nname = "t"\n'


def table_text(columns: Mapping[str, Sequence[object]]) -> str:
    """Return a CSV of columns; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def scheme_text(codes: Sequence[str], rest: str = "", directions: str = "", own: str = "") -> str:
    """Return a flat scheme: indicators `codes`, directions as a string of + and -, more TOML in `rest`."""
    rows = []
    for at, code in enumerate(codes):
        sign = -1 if directions and directions[at] == "-" else 1
        rows.append(f'[[indicators]]\ncode = "{code}"\ndirection = {sign}\n{own}')
    return HEAD + "\n".join(rows) + "\n" + rest


def ran(text: str, data: str) -> Run:
    """Run a scheme on a CSV."""
    scheme = read_scheme(text)
    return run(scheme, read_table(data, scheme))


def read(text: str, data: str) -> Table:
    """Read a CSV for a scheme."""
    return read_table(data, read_scheme(text))


def matrix_text(
    rows: Sequence[Sequence[float]], codes: Sequence[str] = ()
) -> tuple[str, list[str]]:
    """Return a decision matrix as CSV with units a1, a2 … and criteria c1, c2 …, and the codes."""
    names = list(codes) or [f"c{j + 1}" for j in range(len(rows[0]))]
    columns: dict[str, Sequence[object]] = {"unit": [f"a{i + 1:02}" for i in range(len(rows))]}
    columns |= {name: [row[j] for row in rows] for j, name in enumerate(names)}
    return table_text(columns), names
