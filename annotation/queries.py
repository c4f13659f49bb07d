"""Reads: a queryset in, a queryset out, named for what it adds."""

from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotation.models import Campaign, CampaignPost, Flag, Judgement, Membership, Post, Rater


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
    """Adds posts, done (posts with all judgements they want), judged and wanted (judgements).

    Gold and the posts of the quiz are no part of a campaign's work. `judged` is work done, be it
    set aside or not; `set_aside` is how much of it counts no more.
    """
    posts = "campaign_posts"
    asked = ~Q(**{f"{posts}__state__in": [CampaignPost.State.GOLD, CampaignPost.State.QUIZ]})
    full = Q(**{f"{posts}__judged__gte": F(f"{posts}__wanted")})
    return campaigns.annotate(
        posts=Count(posts, filter=asked),
        done=Count(posts, filter=asked & full),
        judged=Sum(f"{posts}__judged", default=0, filter=asked),
        wanted=Sum(f"{posts}__wanted", default=0, filter=asked),
        set_aside=Coalesce(Subquery(_counts(set_aside(OuterRef("pk")))), 0),
    )


def campaigns_of(rater: Rater) -> QuerySet[Campaign]:
    """The campaigns in which the rater has a part, newest first."""
    return Campaign.objects.filter(memberships__rater=rater).order_by("-created_at")


def with_work(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Adds judged (judgements in that campaign) and last_judged_at."""
    here = Q(rater__judgements__campaign=F("campaign"))
    return memberships.annotate(
        judged=Count("rater__judgements", filter=here),
        last_judged_at=Max("rater__judgements__judged_at", filter=here),
    )


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


def _counts(judgements: QuerySet[Judgement]) -> QuerySet:
    """One number in a subquery: how many there are in the campaign."""
    return judgements.order_by().values("campaign").annotate(n=Count("id")).values("n")
