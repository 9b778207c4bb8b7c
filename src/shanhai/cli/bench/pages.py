"""`shanhai bench pages`: what pages cost as the tables grow a hundredfold, by CPU time and by queries.

Projects, 20 contracts each, 20 claims each: 80, 1,600 and 32,000 rows, then 10 and 100 times that (`--scale
full`; the small scale begins with 8 projects and ends at 80). Each size is visited by a fresh process through
the whole stack: middleware, access table, selectors, templates. The answer compares p95 by kind of page.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.cli.bench import _rows
from shanhai.cli.bench._visits import p95

READY = "from pathlib import Path; import sys; from shanhai.cli._django import ready; ready(Path(sys.argv[1]))"


class Size(NamedTuple):
    """Projects at each size, visits a page, requests before memory is read."""

    projects: tuple[int, ...]
    visits: int
    total: int


SCALES = {"small": Size((8, 80), 12, 300), "full": Size((80, 800, 8_000), 60, 10_000)}
KINDS = ("list", "detail", "timeline")


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    size = SCALES[scale]
    with tempfile.TemporaryDirectory() as name:
        return measure(Path(name), size)


def measure(place: Path, size: Size) -> dict[str, Any]:
    """Grow the tables and visit the pages at each size."""
    folder = place / "data"
    environ = os.environ | {"SHANHAI_ANCHORS": str(place / "anchors"), "SHANHAI_LOG": "ERROR"}
    environ.pop("DATABASE_URL", None)
    started = perf_counter()
    _python(["-c", READY, str(folder)], environ)
    county = _rows.found(folder, dict(environ))
    found, before = {}, 0
    for projects in size.projects:
        _rows.fill(folder, county, before, projects)
        before, last = projects, projects == size.projects[-1]
        asked = [str(folder), str(projects), str(size.visits), str(size.total if last else 0)]
        answer = _python(["-m", "shanhai.cli.bench._visits", *asked], environ)
        found[projects] = json.loads(answer)
    return figures(size, found) | {"wall_s": round(perf_counter() - started)}


def figures(size: Size, found: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Put the sizes side by side."""
    smallest, largest = found[size.projects[0]]["pages"], found[size.projects[-1]]["pages"]
    times = size.projects[-1] // size.projects[0]
    ratios = {k: round(_p95(largest, k) / _p95(smallest, k), 2) for k in KINDS}
    queries = {name: [one["pages"][name]["queries"] for one in found.values()] for name in largest}
    return {
        "projects": list(size.projects),
        "claims": [one * _rows.CHILDREN**2 for one in size.projects],
        f"p95_ratio_{times}x": max(ratios.values()),
        f"p95_ratio_{times}x_by_kind": ratios,
        f"p95_cpu_ms_{times}x": max(page["p95_ms"] for page in largest.values()),
        "max_queries": max(max(counts) for counts in queries.values()),
        "queries_grow": sorted(name for name, counts in queries.items() if counts[-1] > counts[0]),
        "rss_mb": found[size.projects[-1]]["rss_mb"],
        "requests": found[size.projects[-1]]["requests"],
        "engines_imported": found[size.projects[-1]]["engines"],
        "pages": {
            name: {
                "p95_ms": [one["pages"][name]["p95_ms"] for one in found.values()],
                "queries": counts,
            }
            for name, counts in queries.items()
        },
    }


def _p95(pages: dict[str, Any], kind: str) -> float:
    return p95([ms for page in pages.values() if page["kind"] == kind for ms in page["ms"]])


def _python(arguments: Iterable[str], environ: dict[str, str]) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().rpartition("\n")[2]
