"""What a rater's judgements were like week by week. Pure."""

from datetime import date, datetime, timedelta, tzinfo

import numpy as np

from quality.figures import Work
from work.rules import start_of

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def by_week(work: Work, zone: tzinfo) -> list[dict]:
    """One dict a week with a judgement, earliest first, of all raters in `work` together.

    week          its Monday, as clocks in `zone` show it
    judgements    how many, gold among them
    seconds       of the middle judgement of those that were timed; None if none was
    picks         a judgement, on average
    gold_n, gold_share    answers to gold, and the part of them that is right; None if none was
    """
    if not len(work.made):
        return []
    order = np.argsort(work.made, kind="stable")
    mondays = _mondays(*work.made[order[[0, -1]]].tolist(), zone)
    begins = [microseconds(start_of(monday, zone)) for monday in mondays]
    parts = np.split(order, np.searchsorted(work.made[order], begins[1:]))
    return [
        {"week": monday, **_of(work, part)}
        for monday, part in zip(mondays, parts, strict=True)
        if len(part)
    ]


def microseconds(when: datetime) -> int:
    """Since the epoch, exactly."""
    return (when - EPOCH) // MICROSECOND


def _mondays(first: int, last: int, zone: tzinfo) -> list[date]:
    """Of all weeks from the first to the last moment."""
    day, end = ((EPOCH + at * MICROSECOND).astimezone(zone).date() for at in (first, last))
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(weeks=n) for n in range((end - monday).days // 7 + 1)]


def _of(work: Work, part: np.ndarray) -> dict:
    seconds, gold = work.seconds[part], work.gold[part]
    timed, answers = seconds[~np.isnan(seconds)], gold[gold >= 0]
    return {
        "judgements": len(part),
        "seconds": float(np.median(timed)) if len(timed) else None,
        "picks": float(np.bitwise_count(work.picks[part]).mean()),
        "gold_n": len(answers),
        "gold_share": float(answers.mean()) if len(answers) else None,
    }
