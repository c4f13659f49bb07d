"""Reads: what a campaign's raters did, as the columns that the measures take."""

from datetime import timedelta

import numpy as np
from django.db.models import (
    BigIntegerField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce, Extract
from django.utils import timezone

from agreement import queries as agreement
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign, Judgement, Membership, SettingAside
from lib.bulk import read_columns
from quality.figures import Work
from quality.weeks import EPOCH, microseconds

UNKNOWN = -1
#: What is laid beside all that came before it, to see whether a rater drifts.
RECENT = timedelta(days=28)


def of_campaign(campaign: Campaign) -> tuple[Work, Judgements]:
    """All that counts of a campaign: what its raters did, and what agreement compares."""
    members = np.array(campaign.memberships.values_list("rater_id", flat=True), np.int64)
    work = read_work(campaign.judgements.filter(set_aside=False), members)
    return work, agreement.of_campaign(campaign)


def beside(membership: Membership) -> Judgements:
    """All that one rater judged, set aside or not, and the judgements of others that count beside
    it: so that whoever was set aside can be judged by the same figures as before."""
    found = Judgement.objects.filter(
        Q(set_aside=False) | Q(rater=membership.rater_id),
        campaign=membership.campaign_id,
        gold_right=None,
        campaign_post__in=of_membership(membership).values("campaign_post"),
    )
    return agreement.table(found, affect_keys(membership.campaign.taxonomy_id))


def of_membership(membership: Membership) -> QuerySet[Judgement]:
    """The rater's judgements in the campaign, gold and what was set aside among them."""
    return Judgement.objects.filter(campaign=membership.campaign_id, rater=membership.rater_id)


def read_work(judgements: QuerySet[Judgement], members: np.ndarray) -> Work:
    """The judgements in the order in which they came in, of `members` (rater ids) and others."""
    rows = judgements.annotate(
        milliseconds=Coalesce(Cast(F("seconds") * 1000, BigIntegerField()), UNKNOWN),
        gold=Coalesce(
            Cast(Cast("gold_right", IntegerField()), BigIntegerField()),
            UNKNOWN,
            output_field=BigIntegerField(),
        ),
        made=Cast(Extract(F("judged_at") - EPOCH, "epoch") * 1_000_000, BigIntegerField()),
    )
    columns = read_columns(rows, "id", "rater_id", "picks", "milliseconds", "gold", "made")
    order = np.argsort(columns[0])
    raters, picks, milliseconds, gold, made = (column[order] for column in columns[1:])
    ids = np.union1d(raters, members)
    return Work(
        ids=ids,
        rater=np.searchsorted(ids, raters),
        picks=picks,
        seconds=np.where(milliseconds == UNKNOWN, np.nan, milliseconds / 1000),
        gold=gold.astype(np.int8),
        made=made,
        recent=made > microseconds(timezone.now() - RECENT),
    )


def with_set_aside(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Adds set_aside: how many of the rater's judgements there count no more."""
    aside = Judgement.objects.filter(
        campaign=OuterRef("campaign"), rater=OuterRef("rater"), set_aside=True
    )
    counts = aside.order_by().values("rater").annotate(n=Count("id")).values("n")
    return memberships.annotate(set_aside=Coalesce(Subquery(counts), 0))


def in_force(membership: Membership) -> SettingAside | None:
    """The setting aside that has not been undone, if there is one."""
    return membership.settings_aside.filter(undone_at=None).first()
