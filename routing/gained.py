"""What routing gained as pages and REST show it: counted as of now in a campaign of few drawn posts,
else as a worker counted it, with how much was judged since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from annotation.models import Campaign
from routing import gains, queries
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
    now = timezone.now()
    drawn = campaign.rounds.aggregate(all=Sum("drawn", default=0))["all"]
    if drawn <= FEW_DRAWN:
        return Shown(gains.report(campaign), now)
    kept = Gained.objects.filter(campaign=campaign).first()
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
