"""The verbs on a campaign's weeks: how far raters agreed in each, computed once and kept.

A judgement belongs to the week in which it was made, as pages show times. A week's figures compare
the judgements of that week with each other alone, so that no figure mixes what was said before a
change with what was said after it; "compared" tells how many these are.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import numpy as np
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import BigIntegerField
from django.db.models.functions import Cast, Extract, Floor

from agreement import keeping, queries
from agreement.chosen import only, rows
from agreement.drift_models import Weeks
from agreement.options import Options
from agreement.report import compute as compute_figures
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign
from lib.bulk import read_columns

DAY = 24 * 60 * 60
#: The Monday before the first day of the epoch, which was a Thursday.
FIRST_MONDAY, DAYS_SINCE = date(1969, 12, 29), 3
COUNTS = ("posts", "judgements", "raters")
FIGURES = ("interrater", "interrater_interval", "set_alpha", "set_alpha_interval")
OF_AFFECT = ("interrater", "interrater_interval", "alpha", "alpha_interval", "prevalence")


def compute(*, campaign: Campaign, options: Options) -> Weeks:
    """The weeks as of now, not stored; `save()` stores them. Of the options only the ways matter."""
    asked = Options(**options.ways)
    figures = partial(_figures, campaign, asked)
    return keeping.compute(Weeks, campaign=campaign, options=asked.as_dict(), figures=figures)


def queue(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Weeks:
    """Weeks in the queue; those that wait there already, if there are any."""
    asked = {"campaign": campaign, "options": options.ways, "created_by": created_by}
    return keeping.queue(Weeks, **asked)


def execute(*, weeks: Weeks) -> None:
    """Computes queued weeks. Called twice it gives the same, or does nothing."""
    asked = {"campaign": weeks.campaign, "options": Options.of(weeks.options)}
    keeping.execute(kept=weeks, compute=partial(compute, **asked))


def in_weeks(judgements: Judgements, weeks: np.ndarray) -> Iterator[tuple[date, Judgements]]:
    """The judgements of each week that has any; weeks int64[J], in rising order."""
    starts = np.flatnonzero(np.diff(weeks, prepend=-1))
    ends = np.append(starts, len(weeks))[1:]
    for start, end in zip(starts, ends, strict=True):
        monday = FIRST_MONDAY + timedelta(weeks=int(weeks[start]))
        yield monday, only(judgements, slice(start, end))


def _read(campaign: Campaign) -> tuple[Judgements, np.ndarray]:
    """All that counts, week after week, and the week of each judgement: int64[J], whole weeks
    since `FIRST_MONDAY` on the clock that pages show."""
    local = Cast(Floor(Extract("judged_at", "epoch")), BigIntegerField())
    timed = rows(campaign, Options()).annotate(second=local)
    columns = read_columns(timed, "campaign_post_id", "rater_id", "picks", "second")
    posts, raters, picks, seconds = columns
    weeks = (seconds // DAY + DAYS_SINCE) // 7
    order = np.lexsort((raters, posts, weeks))
    columns = (column[order] for column in (posts, raters, picks))
    return Judgements(*columns, affect_keys(campaign.taxonomy_id)), weeks[order]


def _figures(campaign: Campaign, options: Options) -> dict:
    judgements, weeks = _read(campaign)
    weighted = queries.corrected(judgements, campaign)
    found = [_of_week(monday, some, options) for monday, some in in_weeks(judgements, weeks)]
    for week, (_, some) in zip(found, in_weeks(weighted, weeks) if weighted else (), strict=False):
        week["corrected"] = _headline(compute_figures(some, **options.ways))
    return {"judgements": len(weeks), "weeks": found, "options": options.as_dict()}


def _of_week(monday: date, judgements: Judgements, options: Options) -> dict:
    """One week: what was compared, the headline, and each affect."""
    figures = compute_figures(judgements, **options.ways)
    return {
        "week": monday.isoformat(),
        **{name: figures[name] for name in COUNTS},
        "compared": figures["compared"],
        "picks": float(np.bitwise_count(judgements.picks).mean()),
        **_headline(figures),
        "affects": {
            key: {name: row[name] for name in OF_AFFECT if name in row}
            for key, row in figures["affects"].items()
        },
        "corrected": None,
    }


def _headline(figures: dict) -> dict:
    return {name: figures[name] for name in FIGURES if name in figures}
