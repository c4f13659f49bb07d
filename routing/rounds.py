"""The verbs on rounds: ask for one, carry it out, or both at once.

A round reads and computes first and writes last, in one transaction: priorities, selections, the
pool's propensities and the round's own row land together or not at all. Rounds of one campaign are
kept apart by an advisory lock that ends with its connection, so a killed worker leaves none behind.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from annotation.assignments import release_ended_leases
from annotation.models import Campaign
from routing import plans, queries, rules, sampling, writing
from routing.errors import BadRound, EmptyPool, RoundUnderWay
from routing.models import Plan, Round
from routing.scoring import Scored, Watch, score_pool, unwatched

ROUND_LOCK = 7_0002
#: A worker that died is replaced by the next look of the beat; a round that kills it is given up.
MOST_ATTEMPTS = 3
#: Judged posts that heads learn from at most, drawn by lot.
TRAINING_POSTS = 20_000


def run(
    *,
    campaign: Campaign,
    strategy: str = "mixed",
    budget: int,
    seed: int | None = None,
    method: str = "",
    watch: Watch = unwatched,
) -> Round:
    """Learns, scores, draws about `budget` posts and puts them first in the queue.

    The same seed on the same database draws the same posts. `watch` wraps the chunks of the pool
    as they are scored (a progress bar). Raises BadRound, EmptyPool, RoundUnderWay.
    """
    asked = ask(campaign=campaign, strategy=strategy, budget=budget, seed=seed, method=method)
    return carry_out(round=asked, watch=watch)


def ask(
    *,
    campaign: Campaign,
    strategy: str = "mixed",
    budget: int,
    seed: int | None = None,
    method: str = "",
) -> Round:
    """A round in the queue, with the options of the campaign's plan frozen into it.

    Raises BadRound for what can't be run, EmptyPool when no post is left to draw, RoundUnderWay
    when another one waits or runs.
    """
    plan = plans.plan_of(campaign)
    options = _options(plan, strategy, method or plan.sampling)
    if budget < 1:
        raise BadRound(f"A round draws at least one post; the budget {budget} does not.")
    if not queries.pool(campaign.campaign_posts).exists():
        raise EmptyPool
    with _alone(campaign), transaction.atomic():
        _give_up(campaign.rounds.filter(state=Round.State.RUNNING))
        if campaign.rounds.filter(state=Round.State.QUEUED).exists():
            raise RoundUnderWay
        return Round.objects.create(
            campaign=campaign,
            number=(campaign.rounds.aggregate(last=Max("number"))["last"] or 0) + 1,
            strategy=strategy,
            seed=secrets.randbits(31) if seed is None else seed,
            budget=budget,
            options=options,
            judgements=queries.judgement_count(campaign),
        )


def ask_by(*, plan: Plan) -> Round:
    """The round that the plan says; its seed follows from the plan's and the round's number."""
    number = plan.campaign.rounds.count() + 1
    seed = int(np.random.SeedSequence([plan.seed, number]).generate_state(1)[0])
    return ask(campaign=plan.campaign, strategy=plan.strategy, budget=plan.budget, seed=seed)


def carry_out(*, round: Round, watch: Watch = unwatched) -> Round:
    """Runs a round that was asked for. Harmless when it is done already.

    A round whose worker was killed is begun again: nothing of it was written. Raises RoundUnderWay
    while another process is at it; whatever else goes wrong stays on the round as its error.
    """
    with _alone(round.campaign):
        unfinished = Round.objects.filter(id=round.id, state__in=Round.UNFINISHED)
        won = unfinished.update(
            state=Round.State.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
        )
        round.refresh_from_db()
        if won:
            _carry_out(round, watch)
    return round


def give_up_hopeless(*, campaign: Campaign) -> None:
    """Rounds that were begun MOST_ATTEMPTS times and never ended are failed."""
    try:
        with _alone(campaign):
            _give_up(campaign.rounds.filter(state=Round.State.RUNNING, attempts__gte=MOST_ATTEMPTS))
    except RoundUnderWay:
        return  # its last attempt is still alive


def _carry_out(round: Round, watch: Watch) -> None:
    release_ended_leases(campaign=round.campaign)
    learning, drawing = np.random.default_rng(round.seed).spawn(2)
    try:
        with transaction.atomic():  # one cursor for the whole pool
            scored = score_pool(round, learning, watch)
        with transaction.atomic():
            _draw(round, scored, drawing)
    except BaseException as error:
        _fail(round, error)
        raise


def _draw(round: Round, scored: Scored, rng: np.random.Generator) -> None:
    """Draws from the scored posts that are still in the pool, and writes everything."""
    scored = scored.only(queries.pool_ids(round.campaign))
    if not len(scored.ids):
        raise EmptyPool
    shares = rules.Shares(**round.options["shares"])
    parts = scored.components(rules.strategy(round.strategy), shares)
    pi = rules.inclusion(parts.sum(axis=1), round.budget)
    drawn = sampling.method(round.options["sampling"])(pi, rng)
    writing.write(round, scored, parts, pi, np.flatnonzero(drawn), rng)


def _options(plan: Plan, strategy: str, method: str) -> dict:
    sampling.method(method)
    return {
        "shares": rules.strategy(strategy).shares(plan.shares).as_json(),
        "temperature": plan.temperature,
        "sampling": method,
        "min_raters": plan.min_raters,
        "training_posts": TRAINING_POSTS,
    }


def _give_up(rounds) -> None:
    rounds.update(
        state=Round.State.FAILED,
        finished_at=timezone.now(),
        error="Its worker stopped half-way. Nothing of it was written.",
    )


def _fail(round: Round, error: BaseException) -> None:
    round.state, round.finished_at = Round.State.FAILED, timezone.now()
    round.error = str(error) or type(error).__name__
    round.save(update_fields=["state", "finished_at", "error"])


@contextmanager
def _alone(campaign: Campaign) -> Iterator[None]:
    """Keeps other processes from this campaign's rounds. Raises RoundUnderWay if one is at it."""
    key = [ROUND_LOCK, campaign.id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s::int)", key)
        if not cursor.fetchone()[0]:
            raise RoundUnderWay
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", key)
