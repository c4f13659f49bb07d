"""Reads: two reports beside each other, any two stored ones or those before and after a day."""

from dataclasses import replace
from datetime import date, timedelta

from agreement import differences
from agreement.models import Report
from agreement.options import Options


def around(day: date, options: Options) -> tuple[Options, Options]:
    """The options of a report before the day and of one after it. What was judged on the day itself
    is in neither: some of it was judged before whatever happened then, and some after.

    >>> before, after = around(date(2026, 5, 4), Options())
    >>> str(before.until), str(after.since)
    ('2026-05-03', '2026-05-05')
    """
    one = timedelta(days=1)
    return replace(options, until=day - one), replace(options, since=day + one)


def compare(older: Report, newer: Report) -> dict:
    """What each is, and what changes from one to the other."""
    of_older, of_newer = Options.of(older.options), Options.of(newer.options)
    found = differences.between(
        older.figures, newer.figures, is_apart=are_apart(of_older, of_newer)
    )
    return {"older": about(older), "newer": about(newer), **found}


def are_apart(older: Options, newer: Options) -> bool:
    """Whether no judgement can be in both."""
    return bool(older.until and newer.since and older.until < newer.since)


def about(report: Report) -> dict:
    """When a report was computed, how, and on what it rests. `id` is None where it isn't stored."""
    return {
        "id": report.id,
        "computed_at": report.computed_at,
        "seconds": report.seconds,
        "options": report.options,
        "judgements": report.judgements,
        "last_judgement": report.last_judgement,
        "last_revision": report.last_revision,
        "settings_aside": report.settings_aside,
    }
