"""Weeks as the rows of tables."""

from datetime import date, timedelta

from django.utils import timezone

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


def by_affect(weeks: list[dict], names: dict[str, str]) -> dict:
    """`affects`, and for each week `alphas` in their order; None where an affect has no figure."""
    keys = dict.fromkeys(key for week in weeks for key in week["affects"])
    return {
        "affects": [names.get(key, key) for key in keys],
        "alphas": [
            {
                "first": date.fromisoformat(week["week"]),
                "cells": [week["affects"].get(key, {}).get("alpha") for key in keys],
            }
            for week in weeks
        ],
    }
