"""Weeks as the rows of tables."""

from datetime import date, timedelta

from django.utils import timezone

from agreement import figures
from agreement.marks import Mark


def with_marks(weeks: list[dict], happened: list[Mark]) -> list[dict]:
    """One dict a week, with the days of its beginning and end, and the `marks` that lie in it. What
    happened in a week without judgements stands in a row of its own."""
    by_week: dict[date, list[Mark]] = {}
    for when, what in happened:
        by_week.setdefault(monday(timezone.localtime(when).date()), []).append((when, what))
    judged = {date.fromisoformat(week["week"]): week for week in weeks}
    return [
        {
            **judged.get(first, {}),
            "first": first,
            "last": first + timedelta(days=6),
            "marks": by_week.get(first, []),
        }
        for first in sorted(judged.keys() | by_week.keys())
    ]


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def by_affect(weeks: list[dict], names: dict[str, str]) -> dict[str, dict]:
    """The alphas of the affects that are `seen` at once and of the `rest`: `affects`, those first
    whose alpha moves most between weeks, and for each week its `cells` in their order, None where
    an affect has no figure."""
    keys = dict.fromkeys(key for week in weeks for key in week["affects"])
    alphas = {key: [week["affects"].get(key, {}).get("alpha") for week in weeks] for key in keys}
    moving = sorted(keys, key=lambda key: -_moves(alphas[key]))
    return {
        name: {
            "affects": [names.get(key, key) for key in some],
            "weeks": [
                {
                    "first": date.fromisoformat(week["week"]),
                    "cells": [alphas[key][n] for key in some],
                }
                for n, week in enumerate(weeks)
            ],
        }
        for name, some in figures.first(moving).items()
    }


def _moves(values: list[float | None]) -> float:
    """From the lowest to the highest.

    >>> _moves([0.5, None, 0.25])
    0.25
    """
    known = [value for value in values if value is not None]
    return max(known, default=0.0) - min(known, default=0.0)
