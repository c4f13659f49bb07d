"""What routing tells rooms below it, which know of it by a setting."""

from datetime import datetime

from annotation.models import Campaign
from routing import rules
from routing.models import Round, Selection


def even_parts(campaign: Campaign) -> dict[int, float]:
    """campaign post id → which part of its last draw was owed to chance alone, for each post that a
    round drew: 1.0 where the round had no head yet, and what it looked for could tell no posts
    apart; else the uniform share's part in the post's probability."""
    rounds = campaign.rounds.filter(state=Round.State.DONE)
    selected = Selection.objects.filter(round__in=rounds).order_by("round_id")
    columns = selected.values_list("round_id", "campaign_post_id", *rules.COMPONENTS)
    blind = {each.id for each in rounds if not each.affects}
    return {
        post: 1.0 if number in blind else parts[-1] / sum(parts) for number, post, *parts in columns
    }


def marks(campaign: Campaign) -> list[tuple[datetime, str]]:
    """When rounds of the campaign were done."""
    done = campaign.rounds.filter(state=Round.State.DONE, finished_at__isnull=False)
    return [
        (each.finished_at, f"Routing round {each.number}, {each.drawn:,} posts drawn")
        for each in done.order_by("id")
    ]
