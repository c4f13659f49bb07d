"""Reads about work done: judgements, posts that came to none, and the active time of both.

All work counts, for pay follows work: judgements of gold, judgements that an admin has set aside,
posts that were skipped, and answers that came too late to be needed. Days and weeks are those of
the zone that pages show. A rater's own sums walk their rows by an index, those of a campaign add stored
counts up; both add whole milliseconds, so that they are exact in whatever order they come.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, JSONObject, Round, TruncDate
from django.utils import timezone

from annotation.models import Assignment, Membership, Rater, WorkCount
from work.rules import Week, start_of, whole_seconds

#: Time counts on the day on which the post was let go; late answers, when the lease ended.
ENDED = Coalesce("closed_at", "lease_expires_at")
SKIPPED = Q(state=Assignment.State.SKIPPED)
MILLISECONDS = Coalesce(
    Sum(Cast(Round(F("seconds") * 1000), BigIntegerField())), 0, output_field=BigIntegerField()
)
OF_JUDGEMENTS = {"judged": Count("*"), "milliseconds": MILLISECONDS}
MADE = Sum(F("judgements") + F("gold"))
OF_OTHERS = {"skipped": Count("id", filter=SKIPPED), "milliseconds": MILLISECONDS}


@dataclass
class Work:
    """What somebody did in some time: judgements, posts skipped, active time."""

    judged: int = 0
    skipped: int = 0
    milliseconds: int = 0

    def add(self, *, judged: int = 0, skipped: int = 0, milliseconds: int = 0) -> None:
        self.judged += judged
        self.skipped += skipped
        self.milliseconds += milliseconds

    @property
    def seconds(self) -> int:
        return whole_seconds(self.milliseconds)


def without_judgement(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Posts on which a rater spent time that no judgement holds. Adds ended_at."""
    spent = SKIPPED | Q(seconds__isnull=False)
    return assignments.filter(spent, judgement=None).annotate(ended_at=ENDED)


def by_campaign(rater: Rater) -> dict[int, Work]:
    """All that the rater has done, by the campaign's id."""
    return _summed(rater.judgements.all(), without_judgement(rater.assignments.all()), "campaign")


def by_day(rater: Rater, *, days: int) -> dict[date, Work]:
    """What the rater has done on each of the last days, today first; idle days among them."""
    today = timezone.localdate()
    since = start_of(today - timedelta(days=days - 1), timezone.get_current_timezone())
    done = _summed(
        rater.judgements.filter(judged_at__gte=since).annotate(day=TruncDate("judged_at")),
        without_judgement(rater.assignments.all())
        .filter(ended_at__gte=since)
        .annotate(day=TruncDate("ended_at")),
        "day",
    )
    return {day: done[day] for day in (today - timedelta(days=ago) for ago in range(days))}


def with_week(memberships: QuerySet[Membership], week: Week) -> QuerySet[Membership]:
    """Adds judgements_of_week and others_of_week: sums as `Work.add` takes them; None for none.

    Judgements by stored counts, which end where a day of the pages' zone ends, and so where a week
    does.
    """
    since, until = week.span(timezone.get_current_timezone())
    own = {"rater": OuterRef("rater"), "campaign": OuterRef("campaign")}
    counts = WorkCount.objects.filter(
        campaign_id=OuterRef("campaign"), rater_id=OuterRef("rater"), **_within("at", since, until)
    )
    judged = counts.values("rater_id").annotate(judged=MADE).filter(judged__gt=0)
    others = without_judgement(Assignment.objects.filter(**own))
    others = others.filter(**_within("ended_at", since, until)).order_by().values("rater")
    return memberships.annotate(
        judgements_of_week=_sums(judged, {"judged": MADE, "milliseconds": Sum("milliseconds")}),
        others_of_week=_sums(others, OF_OTHERS),
    )


def work_of_week(judgements: dict | None, others: dict | None) -> Work:
    """The sums that `with_week` has added, together."""
    work = Work()
    work.add(**judgements or {})
    work.add(**others or {})
    return work


def with_quiz(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Adds quiz_passed_at, and quiz_failed: whether somebody waits outside without a try left."""
    tries = {
        "quiz_passed_at": Max("quiz_tries__finished_at", filter=Q(quiz_tries__passed=True)),
        "tries_failed": Count("quiz_tries", filter=Q(quiz_tries__passed=False)),
    }
    failed = Q(admitted=False, quiz_passed_at=None, tries_failed__gte=F("campaign__quiz__tries"))
    return memberships.annotate(**tries).annotate(quiz_failed=failed)


def _summed(judgements: QuerySet, others: QuerySet, key: str) -> dict:
    done = defaultdict(Work)
    for rows, sums in ((judgements, OF_JUDGEMENTS), (others, OF_OTHERS)):
        for row in rows.order_by().values(key).annotate(**sums):
            done[row.pop(key)].add(**row)
    return done


def _sums(of_rater: QuerySet, sums: dict) -> Subquery:
    return Subquery(of_rater.annotate(sums=JSONObject(**sums)).values("sums"))


def _within(field: str, since: datetime, until: datetime) -> dict:
    return {f"{field}__gte": since, f"{field}__lt": until}
