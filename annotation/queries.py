"""Reads: a queryset in, a queryset out, named for what it adds."""

from django.db.models import Count, F, Max, Q, QuerySet, Sum
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


def with_progress(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Adds posts, done (posts with all judgements they want), judged and wanted (judgements).

    Gold and the posts of the quiz are no part of a campaign's work.
    """
    posts = "campaign_posts"
    asked = ~Q(**{f"{posts}__state__in": [CampaignPost.State.GOLD, CampaignPost.State.QUIZ]})
    full = Q(**{f"{posts}__judged__gte": F(f"{posts}__wanted")})
    return campaigns.annotate(
        posts=Count(posts, filter=asked),
        done=Count(posts, filter=asked & full),
        judged=Sum(f"{posts}__judged", default=0, filter=asked),
        wanted=Sum(f"{posts}__wanted", default=0, filter=asked),
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


def of_today(judgements: QuerySet[Judgement]) -> QuerySet[Judgement]:
    """Judgements since midnight in the zone that pages show."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return judgements.filter(judged_at__gte=midnight)


def unresolved(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    """Flags that no admin has looked at yet, oldest first, with their posts."""
    return (
        flags.filter(resolved_at=None)
        .select_related("campaign_post__post", "rater")
        .order_by("flagged_at")
    )


def shown_to(posts: QuerySet[Post], rater: Rater) -> QuerySet[Post]:
    """Posts of the campaigns in which the rater has a part."""
    return posts.filter(campaign_posts__campaign__memberships__rater=rater).distinct()
