"""Reads about the quiz and about how raters do on gold."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
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


def gold_of(campaign: Campaign) -> QuerySet[CampaignPost]:
    """The campaign's gold and quiz posts."""
    return CampaignPost.objects.filter(
        campaign=campaign,
        state__in=[CampaignPost.State.GOLD, CampaignPost.State.QUIZ],
        gold__isnull=False,
    ).select_related("post", "gold", "campaign")


def with_results(campaign_posts: QuerySet[CampaignPost]) -> QuerySet[CampaignPost]:
    """Adds answered and right: how often the post was answered, as gold and in the quiz, and how
    often rightly. Judgements that are set aside tell nothing of the post."""
    return campaign_posts.annotate(
        answered=_count(_judged()) + _count(_asked()),
        right=_count(_judged().filter(gold_right=True)) + _count(_asked().filter(right=True)),
    )


def answers_to(campaign_post: CampaignPost) -> Counter[int]:
    """How often each set of picks (a mask) was given to a gold post, as gold or in the quiz."""
    given = Counter(_judged().filter(campaign_post=campaign_post).values_list("picks", flat=True))
    given.update(_asked().filter(campaign_post=campaign_post).values_list("picks", flat=True))
    return given


@dataclass(frozen=True)
class Outcomes:
    """How many raters have passed the campaign's quiz, and how many tried without passing so far."""

    passed: int
    not_yet: int


def outcomes_of(campaign: Campaign) -> Outcomes:
    tried = campaign.memberships.filter(quiz_tries__isnull=False)
    counts = tried.aggregate(
        tried=Count("id", distinct=True),
        passed=Count("id", distinct=True, filter=Q(quiz_tries__passed=True)),
    )
    return Outcomes(counts["passed"], counts["tried"] - counts["passed"])


def _judged() -> QuerySet[Judgement]:
    return Judgement.objects.filter(gold_right__isnull=False, set_aside=False)


def _asked() -> QuerySet[QuizAnswer]:
    return QuizAnswer.objects.filter(right__isnull=False)


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
