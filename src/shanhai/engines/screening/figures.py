"""Figures of monitoring that cannot be gamed: each with numerator, denominator, coverage and a Wilson interval.

Source: E. B. Wilson, JASA 22 (1927) 209–212, for the interval; the definitions are in the reference (§6): the
cohort is fixed at the start of the year, so deleting or moving a household does not shrink it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

Z95 = 1.959963984540054
RELAPSE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval; `covered` of `asked` have data, the rest are unknown, never "no"."""

    numerator: int
    denominator: int
    low: float
    high: float
    covered: int
    asked: int

    @property
    def value(self) -> float | None:
        """Return the share, None where nobody is covered."""
        return self.numerator / self.denominator if self.denominator else None


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Args:
        hits: 0 to `total`.
        total: How many; with 0 the interval is 0 to 1.
        z: Normal quantile; 1.96 for 95 %.

    Raises:
        ValueError: If `hits` is not within 0 and `total`.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no share")
    if total == 0:
        return 0.0, 1.0
    share, square = hits / total, z * z
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = z / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total**2))
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    return low, 1.0 if hits == total else min(1.0, centre + half)


def rate(outcomes: Iterable[bool | None]) -> Rate:
    """Count outcomes; None is unknown: not in the denominator, but in the coverage."""
    known, asked = [], 0
    for one in outcomes:
        asked += 1
        if one is not None:
            known.append(one)
    hits = sum(known)
    return Rate(hits, len(known), *wilson(hits, len(known)), len(known), asked)


def return_rate(cohort: Collection[str], fell: Mapping[str, bool | None]) -> Rate:
    """Return 返贫率: persons of the former-poor cohort who fell below the line or lost a guarantee in the year.

    Args:
        cohort: Ids of all persons of the cohort at the start of the year.
        fell: What is known of each; a person of the cohort who is not in it is unknown.
    """
    return rate(fell.get(one) for one in sorted(cohort))


def missed_rate(found_by_survey: Collection[str], monitored: Collection[str]) -> Rate:
    """Return 漏测率: of the households that a blind re-survey found at risk, how many were not monitored."""
    known = set(monitored)
    return rate(one not in known for one in sorted(set(found_by_survey)))


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from the loss to the alert: median and how many were warned before, in and after; never averaged over unknown."""

    median_days: float | None
    before: int
    same_day: int
    after: int
    without_alert: int


def lead_time(losses: Mapping[str, date], alerts: Mapping[str, date]) -> LeadTime:
    """Compare the day of each household's loss with the day of its alert; negative days are early warnings."""
    days = [(alerts[one] - day).days for one, day in sorted(losses.items()) if one in alerts]
    return LeadTime(
        median(days) if days else None,
        sum(one < 0 for one in days),
        sum(one == 0 for one in days),
        sum(one > 0 for one in days),
        len(losses) - len(days),
    )


def relapse_rate(
    removed: Mapping[str, date], returned: Mapping[str, date], seen_until: date
) -> Rate:
    """Return the share of removed households that are back within 12 months.

    A household removed less than 12 months before `seen_until` and not back yet is unknown, not a success.
    """
    return rate(
        _relapsed(day, returned.get(one), seen_until) for one, day in sorted(removed.items())
    )


def _relapsed(removed: date, returned: date | None, seen_until: date) -> bool | None:
    end = removed + timedelta(days=RELAPSE_DAYS)
    if returned is not None and removed <= returned <= end:
        return True
    return None if seen_until < end else False
