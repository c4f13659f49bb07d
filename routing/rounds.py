"""The verbs on rounds: ask for one, carry it out, or both at once.

A round learns, has its chunks scored by as many workers as there are, and writes last, in one
transaction: priorities, selections, the pool's propensities and the round's own row land together
or not at all. What it learnt and which chunks are scored is kept, so a round whose worker was killed
goes on from there. Rounds of one campaign are kept apart by an advisory lock that ends with its
connection, so a killed worker leaves none behind.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import numpy as np
from django.db import Error, OperationalError, connection, transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from annotation.assignments import release_ended_leases
from annotation.campaigns import check_takes_raters
from annotation.models import Campaign
from routing import learning, plans, queries, rules, sampling, scoring, writing
from routing.errors import BadRound, EmptyPool, RoundUnderWay
from routing.models import Chunk, Plan, Round
from routing.scoring import Scored, Watch, unwatched

ROUND_LOCK = 7_0006
#: A worker that died is replaced by the next look of the beat; a round that kills it is given up.
MOST_ATTEMPTS = 3
#: Judged posts that heads learn from at most, drawn by lot.
TRAINING_POSTS = 20_000


def run(
    *,
    campaign: Campaign,
    strategy: str = "",
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
    strategy: str = "",
    budget: int,
    seed: int | None = None,
    method: str = "",
) -> Round:
    """A round in the queue, with the options of the campaign's plan frozen into it; the plan's
    strategy and way of drawing where none is given.

    Raises BadRound for what can't be run, EmptyPool when no post is left to draw, RoundUnderWay
    when another one waits or runs, AnalysisOnly.
    """
    check_takes_raters(campaign=campaign)
    plan = plans.plan_of(campaign)
    strategy = strategy or plan.strategy
    options = _options(plan, rules.strategy(strategy), method or plan.sampling)
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


def carry_out(
    *,
    round: Round,
    watch: Watch = unwatched,
    call_help: Callable[[int], None] = lambda chunks: None,
) -> Round:
    """Runs a round that was asked for. Harmless when it is done already.

    `call_help` is called with their number once there are chunks that others may `help` with. A
    round whose worker was killed goes on where it stopped; its priorities are all written at the
    end.
    Raises RoundUnderWay while another process is at it; whatever else goes wrong stays on the round
    as its error.
    """
    with _alone(round.campaign):
        unfinished = Round.objects.filter(
            id=round.id, state__in=Round.UNFINISHED, attempts__lt=MOST_ATTEMPTS
        )
        won = unfinished.update(
            state=Round.State.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
        )
        round.refresh_from_db()
        if won:
            _carry_out(round, watch, call_help)
    return round


def give_up_hopeless(*, campaign: Campaign) -> None:
    """Rounds that were begun MOST_ATTEMPTS times and never ended are failed."""
    try:
        with _alone(campaign):
            _give_up(campaign.rounds.filter(state=Round.State.RUNNING, attempts__gte=MOST_ATTEMPTS))
    except RoundUnderWay:
        return  # its last attempt is still alive


def help(*, round: Round) -> int:
    """Scores chunks of a round that another process carries out, and answers how many it were."""
    round.refresh_from_db(fields=["state", "heads"])
    if round.state != Round.State.RUNNING:
        return 0
    return sum(1 for _ in scoring.score_chunks(round))


def _carry_out(round: Round, watch: Watch, call_help: Callable[[int], None]) -> None:
    release_ended_leases(campaign=round.campaign)
    learn_by, draw_by = np.random.default_rng(round.seed).spawn(2)
    try:
        chunks = round.chunks.count() or _begin(round, learn_by)
        call_help(chunks)
        for _ in watch(scoring.score_chunks(round, wait=True), chunks):
            pass
        _draw(round, scoring.gather(round), draw_by)
    except OperationalError:
        raise  # the database went away; the round is rung again
    except BaseException as error:
        _fail(round, error)
        raise


def _begin(round: Round, rng: np.random.Generator) -> int:
    """Learns, keeps what was learnt, and cuts the posts into chunks. Raises EmptyPool."""
    learning.learn(round, rng)
    with transaction.atomic():
        round.save(update_fields=["heads"])
        return scoring.cut(round) or _empty()


def _empty() -> int:
    raise EmptyPool


def _draw(round: Round, scored: Scored, rng: np.random.Generator) -> None:
    """Draws from the scored posts that are still in the pool, and writes everything."""
    pool = queries.pool_ids(round.campaign)
    stand_in = scoring.stand_ins(scored, pool)
    twins = writing.Twins.among(scored.ids, stand_in, pool)
    scored = scored.only(np.setdiff1d(pool, twins.posts, assume_unique=True))
    if not len(scored.ids):
        raise EmptyPool
    shares = rules.Shares(**round.options["shares"])
    parts = scored.components(rules.strategy(round.strategy), shares)
    # As precise as they are kept, so that the draw can be repeated from the round's row.
    pi = rules.inclusion(parts.sum(axis=1), round.budget).astype(np.float32).astype(float)
    drawn = np.flatnonzero(sampling.method(round.options["sampling"])(pi, rng))
    with transaction.atomic():
        writing.write(round, scored, parts, pi, drawn, twins, rng)


def _options(plan: Plan, strategy: rules.Strategy, method: str) -> dict:
    sampling.method(method)
    return {
        "shares": strategy.shares(plan.shares).as_json(),
        "temperature": plan.temperature or strategy.temperature,
        "sampling": method,
        "min_raters": plan.min_raters,
        "training_posts": TRAINING_POSTS,
        "collapses": plan.collapses,
        "importance": plan.importances,
    }


def _give_up(rounds: QuerySet[Round]) -> None:
    Chunk.objects.filter(round__in=rounds).delete()
    rounds.update(
        state=Round.State.FAILED,
        finished_at=timezone.now(),
        error="Its worker stopped half-way. Nothing of it was written.",
    )


def _fail(round: Round, error: BaseException) -> None:
    round.state, round.finished_at = Round.State.FAILED, timezone.now()
    round.error = str(error) or type(error).__name__
    with transaction.atomic():
        round.chunks.all().delete()
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
            with suppress(Error):  # a connection that is gone holds no lock
                cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", key)
