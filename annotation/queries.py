"""Reads: a queryset in, a queryset out, named for what it adds."""

from django.db.models import Count, F, Q, QuerySet, Sum

from annotation.models import Campaign, CampaignPost, Judgement, Rater


def queue(campaign_posts: QuerySet[CampaignPost]) -> QuerySet[CampaignPost]:
    """Posts that still have places to hand out, in the order in which they are asked."""
    return campaign_posts.filter(state=CampaignPost.State.OPEN, reserved__lt=F("wanted")).order_by(
        F("priority").desc(), "id"
    )


def counted(judgements: QuerySet[Judgement]) -> QuerySet[Judgement]:
    """Judgements that figures rest on: those that nobody has set aside."""
    return judgements.filter(set_aside=False)


def with_progress(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Adds posts, done (posts with all judgements they want), judged and wanted (judgements)."""
    posts = "campaign_posts"
    return campaigns.annotate(
        posts=Count(posts),
        done=Count(posts, filter=Q(**{f"{posts}__judged__gte": F(f"{posts}__wanted")})),
        judged=Sum(f"{posts}__judged", default=0),
        wanted=Sum(f"{posts}__wanted", default=0),
    )


def campaigns_of(rater: Rater) -> QuerySet[Campaign]:
    """The campaigns in which the rater has a part, newest first."""
    return Campaign.objects.filter(memberships__rater=rater).order_by("-created_at")
