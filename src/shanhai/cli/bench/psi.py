"""`shanhai bench psi`: the private intersection of two lists of numbers, checked against the open one.

Both parties run on this machine, each step in as many processes as there are cores. At scale `small`
`seconds_100k` is measured with fewer numbers: see `numbers`.
"""

import os
from time import perf_counter
from typing import Any

SCALES = {"small": 2_000, "full": 100_000}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    from shanhai.engines.linkage.people import departments
    from shanhai.engines.linkage.psi import Client, Server

    count, workers = SCALES[scale], os.cpu_count() or 1
    made = departments(count, 77, overlap=0.5)
    theirs = made.left["id_no"].to_pylist()
    ours = [one for one in made.right["id_no"].to_pylist() if one]
    found: dict[str, Any] = {"numbers": count, "workers": workers}
    started = perf_counter()
    server = Server(theirs, reveal=True, workers=workers)
    client = Client(ours, reveal=True, workers=workers)
    requests = client.requests()
    setups = server.setup(len(client.numbers))
    common = client.intersection(setups, server.answer(requests))
    found["seconds_100k"] = round(perf_counter() - started, 2)
    found["common"] = len(common)
    found["exact"] = common == sorted(set(theirs) & set(ours))
    found["sent_mb"] = round((sum(map(len, requests)) + sum(map(len, setups))) / 1e6, 2)
    found["load"] = round(os.getloadavg()[0], 1)
    return found
