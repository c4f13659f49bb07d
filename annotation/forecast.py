"""When a campaign will be done, from how much was done on each of the last days: pure.

The days are taken for draws from one and the same distribution. Of n of them, with mean m and
standard deviation s, the sum over the next T days differs from T·m by a normal amount of variance
s²·(T + T²/n): the days' own, and that of the mean. The end lies at a T for which what is left, R, is
one of the sums that a 95 % prediction interval holds,

    (T·m - R)² ≤ t²·s²·(T + T²/n),    t: Student's with n - 1 degrees of freedom,

which is an interval, whose ends are the roots of a quadratic (after Fieller 1954). With few or very
unlike days it has no upper end: the pace may as well be nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

#: Full days that are looked back on: each weekday twice.
LOOKS_BACK = 14
#: Fewer say nothing.
FEWEST_DAYS = 3
#: Student's t for 95 %, both sides, by degrees of freedom.
T_95 = {
    2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622,
    10: 2.2281, 11: 2.2010, 12: 2.1788, 13: 2.1604,
}  # fmt: skip
#: Ten years: whatever is further away is not told.
MOST_DAYS = 3650.0


@dataclass(frozen=True)
class Forecast:
    """Days from now until all is done: as expected, and the ends of the 95 % interval.

    latest  None where it can't be told
    """

    expected: float
    soonest: float
    latest: float | None


def forecast(days: Sequence[int], left: int) -> Forecast | None:
    """From the judgements of the last full days (of which `LOOKS_BACK` are used), and those left.

    None where nothing is left, where too few days say something, or where the end is ten years off.

    >>> forecast([90, 110, 100], left=1000)  # doctest: +ELLIPSIS
    Forecast(expected=10.0, soonest=7.73..., latest=13.77...)
    """
    days = days[-LOOKS_BACK:]
    if left <= 0 or len(days) < FEWEST_DAYS or not any(days):
        return None
    mean, n = fmean(days), len(days)
    spread = T_95[n - 1] ** 2 * variance(days)
    expected = left / mean
    if expected > MOST_DAYS:
        return None
    # a·T² - 2·b·T + R² = 0
    a, b = mean**2 - spread / n, left * mean + spread / 2
    root = sqrt(b**2 - a * left**2)
    soonest = left**2 / (b + root)  # holds for a ≤ 0 too, and where the roots are far apart
    latest = (b + root) / a if a > 0 else None
    return Forecast(expected, soonest, latest if latest and latest <= MOST_DAYS else None)


def full_days(by_day: Sequence[int]) -> Sequence[int]:
    """Of each day's judgements, oldest first and today last, those of days from end to end.

    The campaign's first day began at some hour, as today ends at some hour.

    >>> full_days([0, 0, 3, 8, 0, 9, 1])
    [8, 0, 9]
    """
    first = next((place for place, made in enumerate(by_day) if made), len(by_day))
    return by_day[first + 1 : -1] if first else by_day[:-1]
