"""Reads about the quiz and about how raters do on gold."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotation.models import Campaign, CampaignPost, Judgement, Membership
from qualification.models import QuizAnswer


def quiz_posts(campaign: Campaign) -> QuerySet[CampaignPost]:
    """What the campaign's quiz may ask."""
    return CampaignPost.objects.filter(
        campaign=campaign, state=CampaignPost.State.QUIZ, gold__isnull=False
    )


def posts_for(membership: Membership) -> QuerySet[CampaignPost]:
    """What the quiz may ask this rater: whoever wants no upsetting posts meets none here either."""
    posts = quiz_posts(membership.campaign)
    spared = membership.avoids_sensitive or membership.campaign.leaves_out_sensitive
    return posts.filter(sensitive=False) if spared else posts


def with_results(campaign_posts: QuerySet[CampaignPost]) -> QuerySet[CampaignPost]:
    """Adds answered and right: how often the post was answered, as gold and in the quiz, and how
    often rightly. Judgements that are set aside tell nothing of the post."""
    judged = Judgement.objects.filter(gold_right__isnull=False, set_aside=False)
    asked = QuizAnswer.objects.filter(right__isnull=False)
    return campaign_posts.annotate(
        answered=_count(judged) + _count(asked),
        right=_count(judged.filter(gold_right=True)) + _count(asked.filter(right=True)),
    )


def _count(rows: QuerySet) -> Coalesce:
    """How many of the rows are about the outer campaign post."""
    counted = (
        rows.filter(campaign_post=OuterRef("pk"))
        .order_by()
        .values("campaign_post")
        .annotate(rows=Count("pk"))
        .values("rows")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
