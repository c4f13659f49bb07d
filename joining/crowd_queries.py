"""Reads about entrances and participants: a queryset in, a queryset out."""

from statistics import median

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from annotation.models import Assignment, Campaign, Judgement, Membership
from joining.crowd_rules import USUAL_SECONDS
from joining.models import Entrance, Participant

#: Enough judgements to know the usual time from, few enough to read them for a front page.
LATEST = 300


def with_counts(entrances: QuerySet[Entrance]) -> QuerySet[Entrance]:
    """Adds entered, finished, screened_out: numbers of participants."""
    finished = Q(participants__finished_at__isnull=False)
    ended = Q(participants__screened_out_at__isnull=False)
    return entrances.annotate(
        entered=Count("participants"),
        finished=Count("participants", filter=finished),
        screened_out=Count("participants", filter=ended & ~finished),
    )


def with_work(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """Adds judged and skipped (posts), minutes (active ones, also on posts without a judgement),
    and the membership's quota and membership_state; in the order in which they came.
    """
    memberships = Membership.objects.filter(
        campaign=OuterRef("entrance__campaign"), rater=OuterRef("rater")
    )
    unanswered = _own(Assignment).filter(judgement=None)
    skipped = unanswered.filter(state=Assignment.State.SKIPPED)
    return participants.annotate(
        judged=_total(_own(Judgement), Count("*")),
        skipped=_total(skipped, Count("*")),
        minutes=(_total(_own(Judgement), Sum("seconds")) + _total(unanswered, Sum("seconds")))
        / 60.0,
        quota=Subquery(memberships.values("quota")[:1]),
        membership_state=Subquery(memberships.values("state")[:1]),
    ).order_by("entered_at", "id")


def seconds_each(campaign: Campaign) -> float:
    """The median time of the campaign's latest judgements."""
    timed = campaign.judgements.filter(seconds__gt=0).order_by("-id")
    latest = list(timed.values_list("seconds", flat=True)[:LATEST])
    return median(latest) if latest else USUAL_SECONDS


def _own(model: type) -> QuerySet:
    """Rows of the participant's rater in the entrance's campaign."""
    return model.objects.order_by().filter(
        campaign=OuterRef("entrance__campaign"), rater=OuterRef("rater")
    )


def _total(rows: QuerySet, what: Count | Sum) -> Coalesce:
    total = rows.annotate(everything=Value(1)).values("everything").annotate(total=what)
    return Coalesce(Subquery(total.values("total")), 0.0 if isinstance(what, Sum) else 0)
