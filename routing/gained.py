"""What routing gained as pages and REST show it: counted as of now in a campaign of few drawn posts,
else as a worker counted it, with how much was judged since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Sum
from django.utils import timezone

from annotation.models import Campaign
from routing import gains, queries
from routing.estimation import Reach
from routing.models import Gained

#: So many drawn posts are counted while a page waits.
FEW_DRAWN = 2_000
#: No campaign is counted more often than that because somebody looks.
PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Shown:
    """figures  as by `gains.report`; None while nothing is counted yet
    made_at  when they were counted
    newer    how many judgements came since
    is_due   whether a worker should count anew
    """

    figures: dict | None
    made_at: datetime
    newer: int = 0
    is_due: bool = False


def find(campaign: Campaign) -> Shown:
    """What there is to show at once."""
    if _few_drawn(campaign):
        return Shown(gains.report(campaign), timezone.now())
    return _kept(campaign)


def is_due(campaign: Campaign) -> bool:
    """Whether a worker should count anew; never where a page counts by itself."""
    return not _few_drawn(campaign) and _kept(campaign).is_due


def reach(campaign: Campaign) -> tuple[Reach, datetime]:
    """How far raters came with each finished round, and when that was counted; zeros for rounds
    that a worker has yet to count."""
    if _few_drawn(campaign):
        return queries.read_draws(campaign).reach, timezone.now()
    found = _kept(campaign)
    counted = {row["round"]: row for row in (found.figures or {"reach": []})["reach"]}
    none = {"drawn": 0, "judged": 0}
    rows = [counted.get(n, none) for n in queries.done(campaign).values_list("number", flat=True)]
    columns = ([row[name] for row in rows] for name in ("drawn", "judged"))
    return Reach(*(np.array(column, np.int64) for column in columns)), found.made_at


def _few_drawn(campaign: Campaign) -> bool:
    return campaign.rounds.aggregate(all=Sum("drawn", default=0))["all"] <= FEW_DRAWN


def _kept(campaign: Campaign) -> Shown:
    now, kept = timezone.now(), Gained.objects.filter(campaign=campaign).first()
    if kept is None:
        return Shown(None, now, is_due=True)
    newer = queries.judgement_count(campaign) - kept.judgements
    changed = newer != 0 or kept.rounds != _rounds(campaign)
    return Shown(kept.figures, kept.made_at, max(newer, 0), changed and now - kept.made_at > PAUSE)


def count(*, campaign: Campaign) -> dict:
    """Counts everything as of now, and keeps it. Returns the figures."""
    as_of = {"judgements": queries.judgement_count(campaign), "rounds": _rounds(campaign)}
    figures = gains.report(campaign)
    Gained.objects.update_or_create(
        campaign=campaign, defaults={**as_of, "figures": figures, "made_at": timezone.now()}
    )
    return figures


def _rounds(campaign: Campaign) -> int:
    return queries.done(campaign).count()
