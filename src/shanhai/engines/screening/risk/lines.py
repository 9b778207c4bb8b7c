"""Logistic lines: the persistence baseline, and Platt's calibration with a pull towards leaving a score as it is."""

import msgspec
import numpy as np

from shanhai.engines.screening.risk.panel import Floats

LEVEL_PULL, SLOPE_PULL = 20.0, 1000.0
"""Weights of leaving a score's level and its slope as they are, in units of the log-likelihood: a year of one county
has a few dozen cases, which tell a level but no slope. A county of a hundred thousand households outweighs both."""
CLIP = 30.0
STEPS = 50
CLOSE = 1e-10


class Line(msgspec.Struct, frozen=True):
    """A straight line of log-odds: `start + slope × value`."""

    start: float
    slope: float

    def at(self, value: Floats) -> Floats:
        """Return the log-odds at each value, within ±30."""
        return np.asarray(np.clip(self.start + self.slope * value, -CLIP, CLIP))

    def probability(self, value: Floats) -> Floats:
        """Return the probability at each value."""
        return np.asarray(1 / (1 + np.exp(-self.at(value))))


def newton(design: Floats, y: Floats, offset: Floats, towards: Floats, pull: Floats) -> Floats:
    """Fit logistic coefficients by Newton's method, each pulled to a value.

    Args:
        design: n × p.
        y: n outcomes, 1.0 or 0.0.
        offset: n log-odds that are given.
        towards: p values that the coefficients are pulled to, where they start.
        pull: p weights of the pull, in units of the log-likelihood; above 0.
    """
    beta = towards.copy()
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(offset + design @ beta, -CLIP, CLIP)))
        slope = design.T @ (y - p) - pull * (beta - towards)
        curve = (design * (p * (1 - p))[:, None]).T @ design + np.diag(pull)
        step = np.linalg.solve(curve, slope)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < CLOSE:
            break
    return beta


def fit_line(value: Floats, y: Floats, prior: Line, pull: float) -> Line:
    """Fit a logistic line, pulled towards `prior` with the weight `pull`."""
    design = np.column_stack([np.ones_like(value), value])
    towards = np.array([prior.start, prior.slope])
    beta = newton(design, y, np.zeros_like(value), towards, np.full(2, pull))
    return Line(float(beta[0]), float(beta[1]))


def calibration(margin: Floats, y: Floats) -> Line:
    """Fit the calibration of margins on a year that the model has not seen: level and slope about the mean margin."""
    margin = np.clip(margin, -CLIP, CLIP)
    centre = float(margin.mean())
    design = np.column_stack([np.ones_like(margin), margin - centre])
    beta = newton(design, y, margin, np.zeros(2), np.array([LEVEL_PULL, SLOPE_PULL]))
    return Line(float(beta[0] - beta[1] * centre), float(1 + beta[1]))


def persistence(rel: Floats, y: Floats) -> Line:
    """Fit the baseline: who is near the line now will be next year, a line on log(1 + income ÷ line)."""
    return fit_line(np.log1p(rel), y, Line(0.0, 0.0), 1e-3)
