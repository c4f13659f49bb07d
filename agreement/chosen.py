"""Reads: the judgements that options choose, as the table that the measures take."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from agreement import queries
from agreement.errors import UnknownOption
from agreement.options import ALL, UNIFORM, Options
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign, Judgement
from annotation.queries import counted


def check(campaign: Campaign, options: Options) -> None:
    """Raises UnknownOption where the campaign has no such rater, or drew no posts to tell apart."""
    members = campaign.memberships.filter(id__in=options.without).values_list("id", flat=True)
    if missing := sorted(set(options.without) - set(members)):
        raise _unknown("without", f"The campaign '{campaign.slug}' has no rater {missing[0]}.")
    if options.drawn != ALL and not queries.were_drawn(campaign):
        what = f"No round has chosen posts of '{campaign.slug}', so there are none to tell apart."
        raise _unknown("drawn", what)


def rows(campaign: Campaign, options: Options) -> QuerySet[Judgement]:
    """The judgements that count, of the raters and days that the options leave in."""
    of_others = Judgement.objects.filter(campaign=campaign)
    if options.without:
        left_out = campaign.memberships.filter(id__in=options.without)
        of_others = of_others.exclude(rater__in=left_out.values("rater"))
    then = Q()
    if options.since:
        then &= Q(judged_at__gte=_midnight(options.since))
    if options.until:
        then &= Q(judged_at__lt=_midnight(options.until + timedelta(days=1)))
    return counted(of_others.filter(then))


def of_campaign(campaign: Campaign, options: Options) -> Judgements:
    """The judgements, weighing what `drawn` makes of them. Raises UnknownOption."""
    check(campaign, options)
    judgements = queries.table(rows(campaign, options), affect_keys(campaign.taxonomy_id))
    return as_drawn(judgements, campaign, options)


def as_drawn(judgements: Judgements, campaign: Campaign, options: Options) -> Judgements:
    """Only the posts that rounds drew, each weighing the part that the wanted share had in its
    draw. Nobody knows which share a drawn post was owed to; with these weights every sum is what
    is to be expected of the posts of that share alone."""
    if options.drawn == ALL:
        return judgements
    parts = pd.Series(import_string(settings.POST_EVEN_PARTS)(campaign), dtype=float)
    parts = parts if options.drawn == UNIFORM else 1 - parts
    weights = parts.reindex(judgements.posts, fill_value=0.0).to_numpy()
    kept = weights > 0
    return replace(only(judgements, kept), weights=weights[kept])


def only(judgements: Judgements, kept: np.ndarray) -> Judgements:
    """The rows of the table where kept [J] says so: a mask, or their places."""
    columns = (judgements.posts, judgements.raters, judgements.picks)
    weights = None if judgements.weights is None else judgements.weights[kept]
    return Judgements(*(column[kept] for column in columns), judgements.affects, weights)


def corrected(judgements: Judgements, campaign: Campaign, options: Options) -> Judgements | None:
    """The judgements weighing what their posts stand for; None where nothing was drawn, or where
    only some posts are looked at for how they were drawn."""
    return queries.corrected(judgements, campaign) if options.drawn == ALL else None


def _midnight(day: date) -> datetime:
    """When the day begins, in the zone that pages show."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _unknown(where: str, what: str) -> UnknownOption:
    return UnknownOption(what, errors=[{"where": where, "what": what}])
