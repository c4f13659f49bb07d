"""Reads: a queryset in, a queryset out, named for what it adds."""

from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from annotation.models import (
    Campaign,
    CampaignPost,
    Flag,
    Judgement,
    Membership,
    Post,
    PostCount,
    Rater,
    WorkCount,
)

#: Posts that are a campaign's work.
ASKED = Q(state=CampaignPost.State.OPEN)


def queue(campaign_posts: QuerySet[CampaignPost]) -> QuerySet[CampaignPost]:
    """Posts that still have places to hand out, in the order in which they are asked."""
    return campaign_posts.filter(state=CampaignPost.State.OPEN, reserved__lt=F("wanted")).order_by(
        F("priority").desc(), "id"
    )


def counted(judgements: QuerySet[Judgement]) -> QuerySet[Judgement]:
    """Judgements that figures rest on: not set aside, and not of gold, which only checks raters."""
    return judgements.filter(set_aside=False, gold_right=None)


def still_counting(membership: Membership, since: datetime | None = None) -> QuerySet[Judgement]:
    """The rater's judgements in the campaign, made at `since` or later, that setting aside takes."""
    of_rater = Judgement.objects.filter(campaign=membership.campaign_id, rater=membership.rater_id)
    made_then = of_rater.filter(judged_at__gte=since) if since else of_rater
    return made_then.filter(set_aside=False)


def set_aside(campaign: Campaign) -> QuerySet[Judgement]:
    """Judgements that an admin has taken out of every figure; gold, which is in none, left out."""
    return Judgement.objects.filter(campaign=campaign, set_aside=True, gold_right=None)


def with_progress(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Adds how far each campaign is, from stored counts: no post and no judgement is looked at.

    posts      that raters are asked about: gold, the quiz and withdrawn posts are not
    done       posts that have all judgements they want
    begun      posts that have some of them
    withdrawn  posts that are asked no more
    judged     judgements, be they set aside or not; those of withdrawn posts among them
    wanted     judgements, once all is done
    set_aside  judgements that count no more
    """
    none, full = Q(judged=0), Q(judged__gte=F("wanted"))
    withdrawn = Q(state=CampaignPost.State.WITHDRAWN)
    judged = F("posts") * F("judged")
    return campaigns.annotate(
        posts=_posts(ASKED),
        done=_posts(ASKED & full),
        begun=_posts(ASKED & ~none & ~full),
        withdrawn=_posts(withdrawn),
        judged=_posts(ASKED | withdrawn, judged),
        wanted=_posts(ASKED, F("posts") * F("wanted")) + _posts(withdrawn, judged),
        set_aside=_work("set_aside", campaign_id=OuterRef("pk")),
    )


def campaigns_of(rater: Rater) -> QuerySet[Campaign]:
    """The campaigns in which the rater has a part, newest first."""
    return Campaign.objects.filter(memberships__rater=rater).order_by("-created_at")


def with_work(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Adds judged (judgements in that campaign, gold among them) and last_judged_at."""
    here = {"campaign_id": OuterRef("campaign"), "rater_id": OuterRef("rater")}
    own = Judgement.objects.filter(campaign=OuterRef("campaign"), rater=OuterRef("rater"))
    latest = own.order_by("-judged_at").values("judged_at")[:1]
    made = F("judgements") + F("gold")
    return memberships.annotate(judged=_work(made, **here), last_judged_at=Subquery(latest))


def by_day(campaign: Campaign, *, days: int) -> list[tuple[date, int]]:
    """(day, judgements) of each of the last days, oldest first, today last; idle days among them."""
    today = timezone.localdate()
    since = midnight() - timedelta(days=days)  # a day more: clocks may have been changed
    counts = WorkCount.objects.filter(campaign_id=campaign.id, at__gte=since)
    of_days = counts.annotate(day=TruncDate("at")).values("day").order_by("day")
    made = dict(of_days.annotate(made=Sum("judgements")).values_list("day", "made"))
    shown = (today - timedelta(days=ago) for ago in reversed(range(days)))
    return [(day, int(made.get(day, 0))) for day in shown]


def at_work(campaign: Campaign, *, since: datetime) -> int:
    """How many raters have judged something on that day or later."""
    counts = WorkCount.objects.filter(campaign_id=campaign.id, at__gte=since)
    raters = counts.values("rater_id").annotate(made=Sum(F("judgements") + F("gold")))
    return raters.filter(made__gt=0).count()


def latest_of(campaign: Campaign, rater: Rater) -> QuerySet[Judgement]:
    """The rater's judgements in the campaign, newest first."""
    return campaign.judgements.filter(rater=rater).order_by("-judged_at", "-id")


def of_today(judgements: QuerySet[Judgement]) -> QuerySet[Judgement]:
    """Judgements since midnight in the zone that pages show."""
    return judgements.filter(judged_at__gte=midnight())


def has_done_today(campaign: Campaign, rater: Rater) -> bool:
    """Whether the rater has made all judgements that the campaign allows them for today."""
    if campaign.daily_limit is None:
        return False
    return of_today(latest_of(campaign, rater)).count() >= campaign.daily_limit


def midnight() -> datetime:
    """When today began, in the zone that pages show."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def unresolved(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    """Flags that no admin has looked at yet, oldest first, with their posts."""
    return (
        flags.filter(resolved_at=None)
        .select_related("campaign_post__post", "rater")
        .order_by("flagged_at")
    )


def shown_to(posts: QuerySet[Post], rater: Rater) -> QuerySet[Post]:
    """Posts of the campaigns in which the rater may judge. Who has a step left to take sees only
    those of the quiz, and what they were handed before that step came."""
    places = CampaignPost.objects.filter(
        post=OuterRef("pk"), campaign__memberships__rater=rater
    ).filter(
        Q(campaign__memberships__admitted=True)
        | Q(state=CampaignPost.State.QUIZ)
        | Q(assignments__rater=rater)
    )
    return posts.filter(Exists(places))


def _posts(which: Q, figure: str | F = "posts") -> Coalesce:
    counts = PostCount.objects.filter(which, campaign_id=OuterRef("pk"))
    return _total(counts.values("campaign_id"), figure)


def _work(figure: str | F, **of) -> Coalesce:
    return _total(WorkCount.objects.filter(**of).values("campaign_id"), figure)


def _total(counts: QuerySet, figure: str | F) -> Coalesce:
    """The sum in a subquery, 0 where nothing was ever counted."""
    total = Sum(figure, output_field=BigIntegerField())
    return Coalesce(Subquery(counts.annotate(total=total).values("total")), 0)
