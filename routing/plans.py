"""A campaign's plan, and whether it says that a round is due."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from annotation.models import Campaign
from routing import queries, rules
from routing.models import Plan, Round


def plan_of(campaign: Campaign) -> Plan:
    """The campaign's plan; an unsaved one with the defaults where nobody has made any."""
    plan = Plan.objects.filter(campaign=campaign).first() or Plan()
    plan.campaign = campaign
    return plan


def enabled() -> QuerySet[Plan]:
    """Plans that may start rounds by themselves: enabled, and their campaign is open."""
    return Plan.objects.filter(enabled=True, campaign__state=Campaign.State.OPEN).select_related(
        "campaign"
    )


def is_due(plan: Plan) -> bool:
    """Whether the campaign's next round should begin now."""
    campaign = plan.campaign
    last = campaign.rounds.first()
    if not queries.pool(campaign.campaign_posts).exists():
        return False
    return rules.is_due(
        new_judgements=queries.judgement_count(campaign) - (last.judgements if last else 0),
        every=plan.every_judgements,
        is_time=_is_time(plan, last),
        drawn_left=queries.drawn_left(campaign),
        last_failed=last is not None and last.state == Round.State.FAILED,
        is_first=last is None,
    )


def _is_time(plan: Plan, last: Round | None) -> bool:
    if plan.every_hours is None or last is None:
        return False
    return timezone.now() - last.asked_at >= timedelta(hours=plan.every_hours)
