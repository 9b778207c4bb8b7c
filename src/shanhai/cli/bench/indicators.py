"""`shanhai bench indicators`: weight uncertainty, Monte-Carlo over five assumptions, and methods beside pymcdm.

The table is generated from a fixed seed (模拟). Times are CPU times of all threads of the process, so that a neighbour's
load falls out, medians; names with `_wall` are the clock's. `rss_mb` is the peak of this process.
"""

import resource
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np

from shanhai.engines.indicators import Scheme, Table, read_scheme, read_table
from shanhai.engines.indicators import run as compute
from shanhai.engines.indicators.aggregate.ideal import Topsis, topsis
from shanhai.engines.indicators.siblings import Siblings
from shanhai.engines.indicators.uncertainty.analyse import analyse
from shanhai.engines.indicators.uncertainty.space import Space
from shanhai.engines.indicators.weights.data import Directed, critic

SIZES = {"small": (104, 208, 416), "full": (208, 416, 832)}
"""Numbers of units, of which the last is what the figures are about."""
INDICATORS, DRAWS, REPLICATIONS = 40, 10_000, 1_000
STEPS = """
[scheme]
name = "模拟"
[[steps]]
step = "impute"
method = "mean"
[[steps]]
step = "treat"
method = "winsorise"
points = 5
then = "log_CT"
[[steps]]
step = "normalise"
method = "minmax"
low = 1
high = 100
[sensitivity]
"""
WEIGHTS = f"""
method = "montecarlo"
replications = {DRAWS}
shapley = false
[[sensitivity.assumptions]]
name = "weights"
weights = 0.25
draws = {DRAWS}
"""
FIVE = f"""
method = "montecarlo"
replications = {REPLICATIONS}
[[sensitivity.assumptions]]
name = "impute"
path = "steps.impute.method"
values = ["mean", "median"]
[[sensitivity.assumptions]]
name = "points"
path = "steps.treat.points"
values = [1, 2, 3, 4, 5]
[[sensitivity.assumptions]]
name = "low"
path = "steps.normalise.low"
range = [0.5, 5.0]
[[sensitivity.assumptions]]
name = "aggregate"
path = "aggregate"
values = [{{ method = "arithmetic" }}, {{ method = "geometric" }}]
[[sensitivity.assumptions]]
name = "weights"
weights = 0.25
"""


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    import psutil

    sizes, repeats = SIZES[scale], 3 if scale == "small" else 1
    growth: dict[str, float] = {}
    wall = 0.0
    for n in sizes:
        scheme, table = made(n, WEIGHTS)
        growth[str(n)], wall = timed(partial(draws, scheme, table), repeats)
    scheme, table = made(sizes[-1], FIVE)
    montecarlo, montecarlo_wall = timed(partial(analyse, scheme, table), repeats)
    return {
        "units": sizes[-1],
        "indicators": INDICATORS,
        "draws": DRAWS,
        "draws10k_s": growth[str(sizes[-1])],
        "draws10k_wall_s": wall,
        "growth_s": growth,
        "replications": REPLICATIONS,
        "montecarlo_s": montecarlo,
        "montecarlo_wall_s": montecarlo_wall,
        "run_ms": round(timed(partial(compute, scheme, table), 5)[0] * 1e3, 1),
        **beside(sizes[-1]),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load": round(psutil.getloadavg()[0], 1),
    }


def made(n: int, sensitivity: str) -> tuple[Scheme, Table]:
    """Return the scheme and a generated table (模拟) of n units: skewed, correlated, one cell in fifty missing."""
    random = np.random.default_rng(832)
    common = random.standard_normal((n, 1))
    x = np.exp(
        0.6 * common + random.standard_normal((n, INDICATORS)) * np.linspace(0.2, 1.4, INDICATORS)
    )
    x[random.random(x.shape) < 0.02] = np.nan  # noqa: PLR2004 - one in fifty
    codes = [f"i{j:02}" for j in range(INDICATORS)]
    pillars = "".join(f'[[nodes]]\ncode = "p{p}"\nparent = "index"\n' for p in range(8))
    leaves = "".join(
        f'[[indicators]]\ncode = "{code}"\nparent = "p{j // 5}"\n' for j, code in enumerate(codes)
    )
    scheme = read_scheme(f'{STEPS}{sensitivity}[[nodes]]\ncode = "index"\n{pillars}{leaves}')
    rows = [
        ",".join([f"u{i:04}", *("" if np.isnan(v) else repr(float(v)) for v in row)])
        for i, row in enumerate(x)
    ]
    return scheme, read_table("\n".join([",".join(["unit", *codes]), *rows]), scheme)


def draws(scheme: Scheme, table: Table) -> None:
    """Answer ten thousand draws of weights, ranks included."""
    space = Space(scheme, table)
    space.answers(space.sample(DRAWS, 1))


def beside(n: int) -> dict[str, float]:
    """Return milliseconds of TOPSIS and CRITIC here and in pymcdm, where that is installed."""
    try:
        from pymcdm.methods import TOPSIS
        from pymcdm.weights import critic_weights
    except ImportError:
        return {}
    x = np.random.default_rng(1).uniform(1, 9, (n, INDICATORS))
    w, types = np.full(INDICATORS, 1 / INDICATORS), np.ones(INDICATORS)
    of = Siblings("index", tuple(map(str, range(INDICATORS))), x, types, w, str, "bench")
    ways: dict[str, Callable[[], Any]] = {
        "topsis_ms": lambda: topsis(of, w[None], Topsis(scaling="minmax")),
        "topsis_pymcdm_ms": lambda: TOPSIS()(x, w, types),
        "critic_ms": lambda: critic(of, Directed()),
        "critic_pymcdm_ms": lambda: critic_weights(x),
    }
    return {name: round(timed(way, 3)[0] * 1e3, 2) for name, way in ways.items()}


def timed(work: Callable[[], Any], repeats: int) -> tuple[float, float]:
    """Return the median seconds of some calls: CPU of all threads, and by the clock."""
    cpu, wall = list[float](), list[float]()
    for _ in range(repeats):
        started, clock = process_time(), perf_counter()
        work()
        cpu.append(process_time() - started)
        wall.append(perf_counter() - clock)
    return round(median(cpu), 5), round(median(wall), 5)
