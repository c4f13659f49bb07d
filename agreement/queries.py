"""Reads: a campaign's judgements as the table that the measures take, and what is kept of it."""

from collections.abc import Iterable
from dataclasses import replace
from sys import intern
from typing import Protocol

import numpy as np
import pandas as pd
from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.utils.module_loading import import_string

from agreement.kept import Kept
from agreement.models import Report, RunningSums
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign, Judgement, JudgementRevision, Post, SettingAside
from annotation.queries import counted
from lib.bulk import read_columns

COLUMNS = ("campaign_post_id", "rater_id", "picks")
#: Below this many judgements a report is computed while the page waits for it.
FEW_JUDGEMENTS = 20_000


def of_campaign(campaign: Campaign) -> Judgements:
    """The judgements that a campaign's figures rest on."""
    judgements = counted(Judgement.objects.filter(campaign=campaign))
    return table(judgements, affect_keys(campaign.taxonomy_id))


def corrected(judgements: Judgements, campaign: Campaign) -> Judgements | None:
    """The same judgements with the weights of their posts; None where nothing was drawn.

    A post that no round drew stands for itself. The weights are read after the judgements, so none
    is missing of a post that was judged in between.
    """
    weights = pd.Series(import_string(settings.POST_WEIGHTS)(campaign), dtype=float)
    if weights.empty:
        return None
    return replace(judgements, weights=weights.reindex(judgements.posts, fill_value=1.0).to_numpy())


def were_drawn(campaign: Campaign) -> bool:
    """Whether routing has chosen posts, so that there may be something to correct."""
    return import_string(settings.POSTS_WERE_DRAWN)(campaign)


def table(judgements: QuerySet[Judgement], affects: tuple[str, ...]) -> Judgements:
    """The current picks, sorted by post and rater, so that the same judgements always give the
    same table and a seed the same intervals.
    """
    columns = read_columns(judgements, *COLUMNS)
    order = _order(*columns[:2])
    # One by one: each column is gone before the next is sorted.
    return Judgements(*[columns.pop(0)[order] for _ in COLUMNS], affects)


def _order(posts: np.ndarray, raters: np.ndarray) -> np.ndarray:
    """int64[J]: by one key, with room for three billion posts and as many raters."""
    return np.argsort(posts * (raters.max(initial=0) + 1) + raters, kind="stable")


def are_few(judgements: QuerySet[Judgement], *, reports: int = 1) -> bool:
    """Whether so many reports on them may be computed while somebody waits. Never counts further
    than it must."""
    few = FEW_JUDGEMENTS // reports
    return judgements[:few].count() < few


def asked_for(kind: type[Kept], campaign: Campaign, options: dict) -> QuerySet[Kept]:
    """What is kept of the campaign under exactly these options, newest first."""
    return kind.objects.filter(campaign=campaign, options=options).order_by("-id")


def stored_reports(campaign: Campaign) -> QuerySet[Report]:
    """The campaign's reports that a worker or a command computed and kept, newest first."""
    done = Report.objects.filter(campaign=campaign, state=Report.State.DONE)
    return done.order_by("-id").select_related("campaign")


def sums_of(campaign: Campaign) -> RunningSums | None:
    """When the campaign's running sums were checked and mended last; not the sums themselves."""
    return RunningSums.objects.filter(campaign=campaign).defer("sums").first()


class Known(Protocol):
    """Whatever keeps figures of a campaign, with the `newest_rows` that they know of."""

    campaign_id: int
    last_judgement: int
    last_revision: int
    settings_aside: list[int]


def newest_rows(campaign: Campaign) -> dict[str, int | list[int]]:
    """The highest ids so far and the settings aside in force, named as `Known` keeps them."""
    return {
        "last_judgement": _last_id(Judgement.objects.all()),
        "last_revision": _last_id(JudgementRevision.objects.all()),
        "settings_aside": sorted(_in_force(campaign.id)),
    }


def newer_than(known: Known) -> int:
    """How many judgements were made, revised, set aside or brought back since the figures."""
    made = Judgement.objects.filter(campaign=known.campaign_id, id__gt=known.last_judgement)
    revised = JudgementRevision.objects.filter(
        judgement__campaign=known.campaign_id,
        judgement__id__lte=known.last_judgement,
        id__gt=known.last_revision,
    )
    changed = made.count() + revised.values("judgement").distinct().count()
    return changed + set_aside_since(known)


def set_aside_since(known: Known) -> int:
    """How many judgements were set aside or brought back since the figures."""
    changed = _in_force(known.campaign_id) ^ set(known.settings_aside)
    of = SettingAside.objects.filter(id__in=changed)
    return of.aggregate(all=Sum("judgements", default=0))["all"]


def _in_force(campaign_id: int) -> set[int]:
    in_force = SettingAside.objects.filter(membership__campaign=campaign_id, undone_at=None)
    return set(in_force.values_list("id", flat=True))


def _last_id(rows: QuerySet) -> int:
    return rows.order_by("-id").values_list("id", flat=True).first() or 0


def other_texts(campaign: Campaign) -> QuerySet[Judgement]:
    """(text, rater id, campaign post id) of every judgement that counts and says something else."""
    said = counted(Judgement.objects.filter(campaign=campaign)).exclude(other="")
    return said.order_by("id").values_list("other", "rater_id", "campaign_post_id")


def feelings(campaign: Campaign) -> pd.Series:
    """By campaign post id what the publisher of the post felt, where it is known."""
    known = campaign.campaign_posts.exclude(post__publisher_feeling="").order_by()
    rows = known.values_list("id", "post__publisher_feeling").iterator()
    # Many posts share few words.
    said = {post: intern(feeling) for post, feeling in rows}
    return pd.Series(list(said.values()), index=list(said), dtype="category")


def signal_counts(campaign: Campaign) -> pd.DataFrame:
    """A row for each campaign post with signals, a column for each kind: the people it counts."""
    seen = campaign.campaign_posts.filter(post__signals__isnull=False).order_by()
    kinds = seen.values_list("id", "post__signals__kind")
    rows = kinds.annotate(people=Count("post__signals__person", distinct=True))
    frame = pd.DataFrame(list(rows), columns=["post", "kind", "people"])
    return frame.pivot(index="post", columns="kind", values="people").fillna(0)


def beginnings(keys: Iterable[str]) -> dict[str, str]:
    """A post's own id → its title, or how it begins."""
    return {post.key: str(post) for post in Post.objects.filter(key__in=keys)}
