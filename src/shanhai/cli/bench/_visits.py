"""Visits of the page benchmark, in a process of their own that does nothing but serve.

`python -m shanhai.cli.bench._visits FOLDER PROJECTS VISITS TOTAL` prints one JSON object: milliseconds of CPU and
queries of each page, and the memory after TOTAL requests in all.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from time import thread_time
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from shanhai.cli._django import ready

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

WARM = 3


class Page(NamedTuple):
    """A page: the kind it counts with, its name, and an address for each visit."""

    kind: str
    name: str
    addresses: list[str]


def main(folder: Path, projects: int, visits: int, total: int) -> dict[str, Any]:
    """Visit every page and return what it cost."""
    ready(folder, environ={"SHANHAI_DEBUG": ""})
    client = _client()
    pages = list(_pages(projects, visits))
    found = {page.name: _visit(client, page) for page in pages}
    done = sum(len(page.addresses) + WARM for page in pages)
    while done < total:
        for page in pages:
            client.get(page.addresses[done % len(page.addresses)])
            done += 1
    return {
        "pages": found,
        "requests": done,
        "rss_mb": rss_mb(),
        "engines": sorted(name for name in sys.modules if name.startswith("shanhai.engines")),
    }


def _client() -> "Client":
    """Return a browser in which the county's finance officer is signed in."""
    from django.test import Client

    from shanhai.cli._county import County
    from shanhai.domains.accounts.selectors import account_of_person
    from shanhai.domains.accounts.services import account_open

    person = County().persons["finance"]
    account = account_of_person(person)
    user = (
        account.user
        if account is not None
        else account_open(person=person, name="模拟", username="finance", password="")
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(cast("User", user), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _deep() -> str:
    """Return the address of a page deep in the longest list, by the marker that its links carry."""
    from shanhai.cli._county import made_id
    from shanhai.kernel.canonical import encode, to_base64

    middle = made_id("clm", 1_000)
    return "/claim?after=" + to_base64(encode([middle, middle]))


def _pages(projects: int, visits: int) -> Iterator[Page]:
    from shanhai.cli._county import made_id
    from shanhai.cli.bench._rows import LONG, ids

    def each(kind: str, name: str, address: str) -> Page:
        return Page(kind, name, [address] * visits)

    yield each("list", "projects", "/project")
    yield each("list", "projects in a state", "/project?state=warranty")
    yield each("list", "contracts", "/contract")
    yield each("list", "claims", "/claim")
    yield each("list", "claims, deep", _deep())
    yield each("list", "claims in a state", "/claim?state=submitted&region=519901")
    yield each("list", "portal's projects", "/projects")
    for noun, kind in (("project", "prj"), ("contract", "con"), ("claim", "clm")):
        drawn = [f"/{noun}/{one}" for one in ids(kind, projects, visits, 1)]
        yield Page("detail", noun, drawn)
    long = [f"/project/{made_id('prj', number % min(LONG, projects))}" for number in range(visits)]
    yield Page("timeline", "long timeline", long)
    yield each("portal", "portal", "/")
    yield each("portal", "money", "/money")
    yield each("portal", "workbench", "/workbench")


def _visit(client: "Client", page: Page) -> dict[str, Any]:
    for address in page.addresses[:WARM]:
        client.get(address)
    spent, most = [], 0
    for address in page.addresses:
        with counting() as queries:
            started = thread_time()
            answer = client.get(address)
            b"".join(answer) if answer.streaming else answer.content
            spent.append((thread_time() - started) * 1e3)
        most = max(most, queries[0])
        if answer.status_code != 200:  # noqa: PLR2004 - HTTP
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return {"kind": page.kind, "ms": spent, "p95_ms": round(p95(spent), 1), "queries": most}


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1]


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count the queries of Django's connection."""
    from django.db import connection

    count = [0]

    def counted(execute: Any, *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        yield count


def rss_mb() -> float:
    """Return this process's resident memory in MB."""
    import psutil

    used: int = psutil.Process().memory_info().rss
    return round(used / 1e6, 1)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:]))))  # noqa: T201 - its answer
