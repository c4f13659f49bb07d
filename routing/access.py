"""Look-ups for the doors."""

from annotation.models import Campaign, CampaignPost
from routing import queries
from routing.errors import UnknownPost, UnknownRound
from routing.models import Round


def get_round(campaign: Campaign, number: int) -> Round:
    """One of the campaign's rounds, with its progress. Raises UnknownRound."""
    round = queries.with_progress(campaign.rounds.filter(number=number)).first()
    if round is None:
        raise UnknownRound(f"The campaign '{campaign.slug}' has no round {number}.")
    return round


def get_campaign_post(campaign: Campaign, **which) -> CampaignPost:
    """One of the campaign's posts, by `id` or by `post__key`. Raises UnknownPost."""
    places = campaign.campaign_posts.select_related("post", "campaign__taxonomy")
    found = places.filter(**which).first()
    if found is None:
        raise UnknownPost(
            f"The campaign '{campaign.slug}' has no post {next(iter(which.values()))}."
        )
    return found
