"""The verbs on reports: compute one, put one in the queue, execute a queued one.

A campaign of few judgements needs no stored report: its figures are computed for every visit and
are never old. Of many they follow from the running sums, unless routing chose the posts. With
weights for these, or with bootstrap intervals, a worker computes a report once and stores it, and
pages show the newest with its time. Where routing chose the posts, the figures as judged still
follow from the sums, and those corrected for it are the newest that a worker has stored.
"""

from functools import partial

from django.contrib.auth.models import AbstractBaseUser

from agreement import chosen, from_sums, keeping, live, queries
from agreement.models import Report
from agreement.options import Options
from agreement.report import compute as compute_figures
from annotation.judgements import affect_keys
from annotation.models import Campaign


def is_quick(*, campaign: Campaign, options: Options) -> bool:
    """Whether the report can be computed while a page waits for it."""
    if options.bootstrap:
        return False
    if follows_from_sums(campaign, options) and not queries.were_drawn(campaign):
        return True
    return queries.are_few(campaign.judgements.all())


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
    options = Options.of(report.options)
    keeping.execute(
        kept=report, compute=partial(compute, campaign=report.campaign, options=options)
    )


def follows_from_sums(campaign: Campaign, options: Options) -> bool:
    """Whether the figures as judged follow from sums that are at hand."""
    if options.bootstrap or options.choice:
        return False
    return live.is_at_hand(campaign=campaign)


def as_judged(*, campaign: Campaign, options: Options, stored: Report | None) -> Report:
    """The report as of now but for "corrected", which is the stored one's, if there is any."""

    def figures() -> dict:
        corrected = stored.figures["corrected"] if stored else None
        return {**of_sums(campaign, options), "corrected": corrected}

    return keeping.compute(Report, campaign=campaign, options=options.as_dict(), figures=figures)


def _figures(campaign: Campaign, options: Options) -> dict:
    if follows_from_sums(campaign, options) and not queries.were_drawn(campaign):
        return of_sums(campaign, options)
    judgements = chosen.of_campaign(campaign, options)
    figures = compute_figures(judgements, **options.ways)
    figures["options"] |= options.choice
    weighted = chosen.corrected(judgements, campaign, options)
    corrected = None if weighted is None else compute_figures(weighted, **options.ways)
    return {**figures, "corrected": corrected}


def of_sums(campaign: Campaign, options: Options) -> dict:
    """The figures as judged, where they follow from sums; counted once until a judgement comes."""
    compute = partial(_figures_of_sums, campaign, options)
    name = f"agreement.of-sums.{options.of_all.query}"
    return live.while_unchanged(campaign=campaign, name=name, make=compute)


def _figures_of_sums(campaign: Campaign, options: Options) -> dict:
    sums = live.current(campaign=campaign)
    ways = {name: getattr(options, name) for name in ("correlation", "undefined", "min_posts")}
    figures = from_sums.figures(sums, affect_keys(campaign.taxonomy_id), **ways)
    figures["options"] = {**options.as_dict(), "weighted": False}
    return {**figures, "corrected": None}
