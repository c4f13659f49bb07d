"""The verbs on reports: compute one, put one in the queue, execute a queued one.

A campaign of few judgements needs no stored report: its figures are computed for every visit and
are never old. Of many they follow from the running sums, unless routing chose the posts. With
weights for these, or with bootstrap intervals, a worker computes a report once and stores it, and
pages show the newest with its time.
"""

from functools import partial

from django.contrib.auth.models import AbstractBaseUser

from agreement import from_sums, keeping, live, queries
from agreement.models import Report
from agreement.options import Options
from agreement.report import compute as compute_figures
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign


def is_quick(*, campaign: Campaign, options: Options) -> bool:
    """Whether the report can be computed while a page waits for it."""
    if options.bootstrap:
        return False
    return queries.are_few(campaign.judgements.all()) or _follows_from_sums(campaign, options)


def compute(*, campaign: Campaign, options: Options) -> Report:
    """The report as of now, not stored; `save()` stores it.

    Where routing chose the posts, its figures hold all of them once more as "corrected": with each
    post weighing what it stands for in the campaign.
    """
    figures = partial(_figures, campaign, options)
    return keeping.compute(Report, campaign=campaign, options=options.as_dict(), figures=figures)


def queue(
    *, campaign: Campaign, options: Options, created_by: AbstractBaseUser | None = None
) -> Report:
    """A report in the queue; the one that waits there already, if there is one."""
    asked = {"campaign": campaign, "options": options.as_dict(), "created_by": created_by}
    return keeping.queue(Report, **asked)


def execute(*, report: Report) -> None:
    """Computes a queued report. Called twice it gives the same report, or does nothing."""
    options = Options(**report.options)
    keeping.execute(
        kept=report, compute=partial(compute, campaign=report.campaign, options=options)
    )


def _follows_from_sums(campaign: Campaign, options: Options) -> bool:
    if options.bootstrap or not live.is_at_hand(campaign=campaign):
        return False
    return not queries.were_drawn(campaign)


def _figures(campaign: Campaign, options: Options) -> dict:
    if _follows_from_sums(campaign, options):
        sums = live.current(campaign=campaign)
        ways = {name: getattr(options, name) for name in ("correlation", "undefined", "min_posts")}
        figures = from_sums.figures(sums, affect_keys(campaign.taxonomy_id), **ways)
        figures["options"] = {**options.as_dict(), "weighted": False}
        return {**figures, "corrected": None}
    judgements = queries.of_campaign(campaign)
    figures = compute_figures(judgements, **options.as_dict())
    return {**figures, "corrected": _corrected(judgements, campaign, options)}


def _corrected(judgements: Judgements, campaign: Campaign, options: Options) -> dict | None:
    weighted = queries.corrected(judgements, campaign)
    return None if weighted is None else compute_figures(weighted, **options.as_dict())
