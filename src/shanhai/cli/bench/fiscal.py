"""`shanhai bench fiscal`: a whole run, from the bytes of scheme and data to the bytes of result and trace.

31 provinces by the East–West design on the real data of 2019; 2,843 counties (模拟) with a donor cap, floors, kept order
and growth control; 5,600 entities (模拟) by FUNDEB with its state pools, VAAF and VAAT. A run has one thread: `run…_ms` is its CPU
time, so that a neighbour's load falls out, `run…_wall_ms` the clock's; medians. No peer does the same: the ratio is against
the limit that the platform promises.
"""

import platform
from random import Random
from statistics import median
from time import perf_counter, thread_time
from typing import Any

LIMITS_MS = {"run31": 200, "run2843": 1000, "run5600": 2000}
COUNTY = """
[scheme]
id = "bench-county"
title_zh = "县级基准（模拟）"
valid_from = 2024-01-01
source = "模拟"
status = "示例"
[data]
unit = "county"
[data.columns]
population = { least = 1 }
revenue = { kind = "money", unit = "万元" }
previous = { kind = "money", unit = "万元" }
factor = {}
[parameters]
rate = { value = "10%", article = "模拟" }
cap = { value = "2%", article = "模拟" }
[[need]]
name = "standard"
article = "模拟"
formula = "population * factor * (sum(revenue) / sum(population * factor))"
[[transfer]]
name = "aid"
article = "模拟"
donor = { method = "linear", capacity = "revenue", target = "standard", rate = "rate" }
recipient = { method = "gap_share", capacity = "revenue", target = "standard" }
bounds = [
  { method = "donor_cap", base = "revenue", rate = "cap", excess = "drop" },
  { method = "no_rank_reversal_by_need", capacity = "revenue", need = "standard" },
]
transition = [{ method = "growth", previous = "previous", least = "50%", most = "1000%" }]
[[result]]
name = "per_head"
article = "模拟"
formula = "aid / population"
[report]
capacity = "revenue"
need = "standard"
"""


def counties(count: int) -> str:
    """Return made-up counties, CSV, the same every time."""
    draw = Random(2843)  # noqa: S311 - made-up data
    rows = ["county,population,revenue,previous,factor"]
    for at in range(count):
        people = draw.randint(20_000, 1_500_000)
        revenue = round(people * draw.lognormvariate(0, 0.6) * 0.3, 2)
        rows.append(f"{at:06},{people},{revenue:.2f},0,{draw.uniform(0.9, 1.3):.3f}")
    return "\n".join(rows) + "\n"


def entities(count: int) -> str:
    """Return made-up entities of 27 states, CSV, the same every time."""
    draw = Random(5600)  # noqa: S311 - made-up data
    rows = ["entity,name,state,contribution,pupils_vaaf,pupils_vaat,other_revenue,eligible"]
    for at in range(count):
        state, pupils = at % 27, draw.lognormvariate(7.5, 1.1)
        given = pupils * (3000 + 150 * state) * draw.uniform(0.7, 1.3)
        rows.append(
            f"{at:05},模拟 {at},S{state:02},{given:.2f},{pupils:.2f},{pupils * draw.uniform(0.95, 1.1):.2f},"
            f"{pupils * draw.uniform(500, 4000):.2f},{int(draw.random() < 0.97)}"  # noqa: PLR2004 - most are eligible
        )
    return "\n".join(rows) + "\n"


def fundeb() -> str:
    """Return the shipped FUNDEB scheme with made-up pools."""
    from shanhai.engines.fiscal.library import scheme_text

    text = scheme_text("br-fundeb")
    for name, pool in (("vaaf_pool", "3000000000"), ("vaat_pool", "2000000000")):
        text = text.replace(f'{name} = {{ value = "0"', f'{name} = {{ value = "{pool}"')
    return text


def whole_run(scheme: str, data: str) -> int:
    """Run from text to the bytes that are written; return their number."""
    from shanhai.engines.fiscal import parse_scheme, prepare, read_table, report
    from shanhai.engines.fiscal import run as compute

    parsed = parse_scheme(scheme)
    table = read_table(data.encode(), parsed.data, parsed.head.currency)
    result = compute(prepare(parsed), table)
    return sum(map(len, report.outputs(result, scheme.encode(), data.encode()).values()))


def timed(scheme: str, data: str, rounds: int) -> tuple[float, float]:
    """Return the median milliseconds of a whole run: CPU of this thread, and by the clock."""
    cpu, wall = list[float](), list[float]()
    for _ in range(rounds):
        started, clock = thread_time(), perf_counter()
        whole_run(scheme, data)
        cpu.append((thread_time() - started) * 1e3)
        wall.append((perf_counter() - clock) * 1e3)
    return round(median(cpu), 1), round(median(wall), 1)


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    import psutil

    from shanhai.engines.fiscal.library import example, scheme_text

    rounds = 9 if scale == "full" else 3
    provinces, brazil = "cn-east-west-capacity", fundeb()
    runs = {
        "run31": (scheme_text(provinces), example(provinces), 3 * rounds),
        "run2843": (COUNTY, counties(2843), rounds),
        "run5600": (brazil, entities(5600), rounds),
    }
    found: dict[str, Any] = {}
    for name, (scheme, data, times) in runs.items():
        found[f"{name}_ms"], found[f"{name}_wall_ms"] = timed(scheme, data, times)
        found[f"{name}_over_limit"] = round(found[f"{name}_ms"] / LIMITS_MS[name], 3)
    sizes = (700, 1400, 2800, 5600, 11200) if scale == "full" else (700, 1400, 2800)
    found["growth_ms"] = {str(n): timed(brazil, entities(n), 1)[0] for n in sizes}
    found["rss_mb"] = round(psutil.Process().memory_info().rss / 1e6)
    found["rounds"], found["python"] = rounds, platform.python_version()
    found["load"] = round(psutil.getloadavg()[0], 1)
    return found
