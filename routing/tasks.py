"""Doorbells: ids in, one call; harmless when rung twice."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from annotation.models import Campaign
from routing import checks, gained, plans, rounds
from routing.errors import EmptyPool, RoundUnderWay
from routing.models import Plan, Round

log = logging.getLogger(__name__)

#: Tasks that are rung when a round has many chunks; those that find none free go at once.
MOST_HELPERS = 15
#: Seconds after which nobody needs to help any more.
HELP_WITHIN = 600


@shared_task
def run_round(round_id: int) -> None:
    """Carries out a round that was asked for, or helps whoever does. Over by now: nothing."""
    round = Round.objects.select_related("campaign__taxonomy").filter(id=round_id).first()
    if round is None or not round.is_unfinished:
        log.info("Round %s is gone, or over.", round_id)
        return
    try:
        rounds.carry_out(round=round, call_help=lambda chunks: ring_for_help(round, chunks))
        measure_heads.delay_on_commit(round.campaign_id)
    except RoundUnderWay:
        log.info("Another process is at %s: scored %s chunks.", round, rounds.help(round=round))


@shared_task
def measure_heads(campaign_id: int) -> None:
    """Measures the heads of all rounds where the check has grown."""
    campaign = Campaign.objects.select_related("taxonomy").filter(id=campaign_id).first()
    if campaign:
        checks.measure(campaign=campaign)
        count_gains.delay_on_commit(campaign_id)


@shared_task
def count_gains(campaign_id: int) -> None:
    """Counts what rounds gained, where what is kept is no longer true. Rung twice, it counts once."""
    campaign = Campaign.objects.select_related("taxonomy").filter(id=campaign_id).first()
    if campaign and gained.is_due(campaign):
        gained.count(campaign=campaign)


@shared_task
def start_due_rounds() -> None:
    """Asks for the rounds that are due, and rings again for those whose worker was lost."""
    for plan in plans.enabled():
        if plans.is_due(plan):
            _ask(plan)
    for round in Round.objects.filter(state__in=Round.UNFINISHED).select_related("campaign"):
        rounds.give_up_hopeless(campaign=round.campaign)
        run_round.delay_on_commit(round.id)


def ring_for_gains(campaign: Campaign) -> None:
    """A page goes without where the broker is away: whoever looks next rings again."""
    try:
        count_gains.delay_on_commit(campaign.id)
    except OperationalError as away:
        log.warning("Nobody can be asked to count for %s: %s", campaign, away)


def ring_for_help(round: Round, chunks: int) -> None:
    """A round goes on alone where the broker is away."""
    try:
        for _ in range(min(chunks - 1, MOST_HELPERS)):
            run_round.apply_async([round.id], expires=HELP_WITHIN)
    except OperationalError as away:
        log.warning("Nobody can be asked to help with %s: %s", round, away)


def _ask(plan: Plan) -> None:
    """One campaign's trouble keeps no other from its round."""
    try:
        rounds.ask_by(plan=plan)
    except (RoundUnderWay, EmptyPool) as nothing_to_do:
        log.info("%s: %s", plan, nothing_to_do)
