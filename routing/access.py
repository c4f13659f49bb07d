"""Look-ups for the doors."""

from annotation.models import Campaign
from routing import queries
from routing.errors import UnknownRound
from routing.models import Round


def get_round(campaign: Campaign, number: int) -> Round:
    """One of the campaign's rounds, with its progress. Raises UnknownRound."""
    round = queries.with_progress(campaign.rounds.filter(number=number)).first()
    if round is None:
        raise UnknownRound(f"The campaign '{campaign.slug}' has no round {number}.")
    return round
