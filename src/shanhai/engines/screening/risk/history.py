"""What a household's past adds to persistence: few numbers, each pulled towards no effect."""

import msgspec
import numpy as np

from shanhai.engines.screening.risk.lines import Line, newton, persistence
from shanhai.engines.screening.risk.panel import HISTORY, Floats

PAST = ("mean", "low", "share_below")
PULL = 20.0  # weight of "no effect", in units of the log-likelihood, for one standard deviation
LEAST = 0.02  # income below this share of the line counts as this share
FREE = 1e-6


class History(msgspec.Struct, frozen=True):
    """Persistence and the household's past, in log-odds: `now` on log(1 + income ÷ line), then by feature of `PAST`.

    A feature adds `slope × (value − centre)`; `values` says which value.
    """

    now: Line
    start: float
    slopes: tuple[float, ...]
    centres: tuple[float, ...]

    def margin(self, x: Floats) -> Floats:
        """Return log-odds of each row of features (n × p)."""
        now = self.now.at(np.log1p(x[:, 0]))
        return np.asarray(now + self.start + self.parts(x).sum(axis=1))

    def parts(self, x: Floats) -> Floats:
        """Return what each feature of `PAST` adds (n × 3)."""
        return np.asarray((values(x) - np.array(self.centres)) * np.array(self.slopes))


def values(x: Floats) -> Floats:
    """Return log(mean ÷ now), log(lowest ÷ now), share of three years below (n × 3); known wherever income now is."""
    now, mean, low, share = (x[:, HISTORY.index(one)] for one in ("rel", *PAST))
    log = [np.log(np.maximum(one, LEAST)) for one in (mean, low, now)]
    return np.column_stack([log[0] - log[2], log[1] - log[2], share])


def fit_history(x: Floats, y: Floats) -> History:
    """Fit persistence, then the past on what it leaves unexplained."""
    now = persistence(x[:, 0], y)
    found = values(x)
    centre, spread = found.mean(axis=0), found.std(axis=0)
    spread[spread == 0] = 1.0
    design = np.column_stack([np.ones(len(x)), (found - centre) / spread])
    pull = np.array([FREE, *(PULL for _ in PAST)])
    beta = newton(design, y, now.at(np.log1p(x[:, 0])), np.zeros(len(pull)), pull)
    slopes = beta[1:] / spread
    return History(now, float(beta[0]), tuple(map(float, slopes)), tuple(map(float, centre)))
