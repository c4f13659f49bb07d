"""A round on the real database: what it writes, when it refuses, what a crash leaves."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import DatabaseError, connection

from annotation import assignments, judgements
from annotation.models import CampaignPost
from routing import heads, queries, rounds, sampling, writing
from routing.errors import BadRound, EmptyPool, RoundUnderWay, TopKRefused, UnknownStrategy
from routing.models import Plan, PoolBlock, Round, Selection


def priorities(campaign) -> dict[int, float]:
    return dict(CampaignPost.objects.filter(campaign=campaign).values_list("id", "priority"))


def drawn(round) -> list[int]:
    """In the order in which raters get them."""
    return list(round.selections.order_by("id").values_list("campaign_post_id", flat=True))


def test_the_next_claim_follows_the_round(campaign, ada, learnt):
    round = rounds.run(campaign=campaign, budget=5, seed=1)

    asked = []
    for _ in range(5):
        assignment = assignments.claim(campaign=campaign, rater=ada)[0]
        asked.append(assignment.campaign_post_id)
        judgements.submit(assignment=assignment, picks=["neutral"])
    assert asked == drawn(round)


def test_a_round_says_all_that_it_did(campaign, learnt):
    round = rounds.run(campaign=campaign, budget=12, seed=7)

    assert (round.state, round.number, round.seed, round.budget) == ("done", 1, 7, 12)
    assert (round.pool_size, round.drawn, round.judgements) == (60, 12, 48)
    assert round.affects == ["entertained", "saddened", "neutral"]
    learnt_from = [(head["positives"], head["negatives"]) for head in round.heads["affects"]]
    assert learnt_from == [(8, 16)] * 3
    assert round.scores.keys() == {"entertained", "saddened", "neutral"}
    candidates = queries.pool_of(round)
    assert candidates.ids.tolist() == sorted(post.id for post in learnt)
    assert candidates.propensities.sum() == pytest.approx(12, abs=1e-4)
    for selection in round.selections.all():
        assert selection.propensity == pytest.approx(
            candidates.of(np.array([selection.campaign_post_id]))[0], rel=1e-6
        )
        parts = [selection.exploit, selection.uniform]
        assert selection.diversity == selection.uncertainty == 0
        assert sum(parts) == pytest.approx(1) and min(parts) > 0
        assert len(selection.scores) == 3


def test_likely_carriers_have_better_chances_and_plain_posts_keep_the_floor(campaign, learnt):
    round = rounds.run(campaign=campaign, budget=12, seed=7)

    pi = queries.pool_of(round).of(np.array([post.id for post in learnt]))
    stirring, plain = pi[:20], pi[20:]
    assert stirring.min() > plain.max()
    assert plain.min() >= 0.2 * 12 / 60


def test_the_focused_strategy_keeps_the_floor_too(campaign, learnt):
    focused = rounds.run(campaign=campaign, strategy="focused", budget=12, seed=7)
    mixed = rounds.run(campaign=campaign, strategy="mixed", budget=12, seed=7)

    ids = np.array([post.id for post in learnt])
    sharp, flat = (queries.pool_of(each).of(ids) for each in (focused, mixed))
    assert sharp[:20].sum() > flat[:20].sum()
    assert sharp.min() >= 0.2 * 12 / 60
    assert sharp.sum() == pytest.approx(12, abs=1e-4)


def test_the_heads_file_scores_as_the_round_did(campaign, learnt):
    round = rounds.run(campaign=campaign, budget=3, seed=7)

    found = heads.load(round.heads_file)
    selection = round.selections.select_related("campaign_post__post").first()
    again = heads.probability(found.logits([selection.campaign_post.post.body]))[0]
    assert again.tolist() == pytest.approx(selection.scores, abs=1e-4)


def test_the_same_seed_on_the_same_database_draws_the_same_posts(campaign, learnt):
    first = drawn(rounds.run(campaign=campaign, budget=10, seed=3))
    again = drawn(rounds.run(campaign=campaign, budget=10, seed=3))
    other = drawn(rounds.run(campaign=campaign, budget=10, seed=4))

    assert first == again
    assert first != other


def test_a_new_round_comes_before_what_an_older_one_left(campaign, learnt):
    rounds.run(campaign=campaign, budget=10, seed=3)
    newest = rounds.run(campaign=campaign, budget=10, seed=4)

    raised = {post for post, priority in priorities(campaign).items() if priority > 0}
    assert raised == set(drawn(newest))


def test_posts_that_somebody_began_are_finished_first(campaign, ada, learnt):
    rounds.run(campaign=campaign, budget=10, seed=3)
    begun = assignments.claim(campaign=campaign, rater=ada, count=5)
    judgements.submit(assignment=begun[0], picks=["neutral"])
    rounds.run(campaign=campaign, budget=10, seed=4)

    order = sorted(priorities(campaign).items(), key=lambda place: -place[1])
    assert [post for post, _ in order[:5]] == [each.campaign_post_id for each in begun]


def test_posts_that_were_begun_before_the_first_round_are_finished_first(campaign, ada, learnt):
    (begun,) = assignments.claim(campaign=campaign, rater=ada)
    judgements.submit(assignment=begun, picks=["neutral"])

    rounds.run(campaign=campaign, budget=10, seed=3)

    held = priorities(campaign)
    assert max(held, key=held.get) == begun.campaign_post_id


def test_posts_in_somebodys_hands_are_not_in_the_pool(campaign, ada, pool):
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    pool[1].state = CampaignPost.State.WITHDRAWN
    pool[1].save()

    round = rounds.run(campaign=campaign, budget=60, seed=3)

    left = {post.id for post in pool} - {held.campaign_post_id, pool[1].id}
    assert set(drawn(round)) == left
    assert set(round.selections.values_list("propensity", flat=True)) == {1.0}


def test_a_post_that_is_claimed_while_the_round_writes_is_not_selected(
    campaign, ada, pool, monkeypatch
):
    """The claim was not the draw's doing, so the draw must not take the credit."""
    write = writing.write

    def claim_then_write(*drawn):
        assignments.claim(campaign=campaign, rater=ada)
        write(*drawn)

    monkeypatch.setattr(writing, "write", claim_then_write)
    round = rounds.run(campaign=campaign, budget=60, seed=3)

    assert set(drawn(round)) == {post.id for post in pool[1:]}
    assert round.drawn == 59


COLD = [
    # judged before (affect of each), heads that can learn, why
    ([], [], "no judgement at all"),
    (["neutral"], [], "every judged post has the one affect, none has the others"),
    (["neutral", "saddened"], ["saddened", "neutral"], "nobody was entertained yet"),
]


@pytest.mark.parametrize(("judged", "affects", "why"), COLD)
def test_cold_starts_draw_with_what_there_is(
    campaign, pool, add_posts, judge, judged, affects, why
):
    for affect in judged:
        judge(add_posts(campaign, *words_of(affect)), affect)

    round = rounds.run(campaign=campaign, budget=20, seed=1)

    assert (round.affects, round.drawn) == (affects, 20), why
    if not affects:
        assert set(round.selections.values_list("propensity", flat=True)) == {
            float(np.float32(20 / 60))
        }
        assert not round.heads_file.exists()


def words_of(affect: str) -> list[str]:
    return [f"{affect} one", f"{affect} two", f"{affect} three"]


def test_twenty_posts_are_enough(campaign, add_posts, judge):
    posts = add_posts(campaign, *(f"post {n}" for n in range(20)))
    judge(posts[:1], "saddened", raters=1)
    judge(posts[1:2], "neutral", raters=1)

    round = rounds.run(campaign=campaign, budget=6, seed=1)

    assert (round.pool_size, round.drawn) == (18, 6)


def test_posts_without_a_text_are_drawn_too(campaign, add_posts, judge, learnt):
    add_posts(campaign, "", "", image="cat.png")

    assert rounds.run(campaign=campaign, budget=62, seed=1).drawn == 62


REFUSED = [
    ({"strategy": "top_k", "budget": 5}, TopKRefused, "propensity is"),
    ({"strategy": "top-k", "budget": 5}, TopKRefused, "propensity is"),
    ({"strategy": "psychic", "budget": 5}, UnknownStrategy, "use focused, mixed, uniform"),
    ({"budget": 0}, BadRound, "at least one post"),
    ({"budget": 5, "method": "guess"}, BadRound, "use systematic or poisson"),
]


@pytest.mark.parametrize(("asked", "error", "sentence"), REFUSED)
def test_what_cannot_be_run_is_refused_in_a_sentence(campaign, pool, asked, error, sentence):
    with pytest.raises(error, match=sentence):
        rounds.run(campaign=campaign, **asked)
    assert not Round.objects.exists()


def test_an_empty_pool_is_refused(campaign):
    with pytest.raises(EmptyPool):
        rounds.run(campaign=campaign, budget=5)


def test_a_round_that_dies_while_writing_leaves_nothing_half_written(campaign, learnt, monkeypatch):
    first = rounds.run(campaign=campaign, budget=10, seed=3)
    before = priorities(campaign)

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_close", die)
    with pytest.raises(KeyboardInterrupt):
        rounds.run(campaign=campaign, budget=10, seed=4)

    assert priorities(campaign) == before
    assert set(Selection.objects.values_list("round", flat=True)) == {first.id}
    assert set(PoolBlock.objects.values_list("round", flat=True)) == {first.id}
    failed = Round.objects.get(state="failed")
    assert (failed.number, failed.error) == (2, "KeyboardInterrupt")


def test_a_round_whose_worker_was_killed_is_begun_again(campaign, learnt):
    killed = rounds.ask(campaign=campaign, budget=10, seed=3)
    Round.objects.filter(id=killed.id).update(state="running", attempts=1)

    done = rounds.carry_out(round=killed)

    assert (done.state, done.attempts, done.drawn) == ("done", 2, 10)


def test_asking_anew_buries_a_round_whose_worker_was_killed(campaign, learnt):
    killed = rounds.ask(campaign=campaign, budget=10, seed=3)
    Round.objects.filter(id=killed.id).update(state="running")

    assert rounds.run(campaign=campaign, budget=10).state == "done"
    killed.refresh_from_db()
    assert (killed.state, killed.error) == (
        "failed",
        "Its worker stopped half-way. Nothing of it was written.",
    )


def test_carrying_out_a_round_twice_changes_nothing(campaign, learnt):
    round = rounds.run(campaign=campaign, budget=10, seed=3)
    before = priorities(campaign)

    assert rounds.carry_out(round=round).attempts == 1
    assert priorities(campaign) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_rounds_at_once_one_runs(campaign, learnt, monkeypatch):
    both_there = threading.Barrier(2, timeout=20)
    inside, draw = threading.Event(), sampling.METHODS["systematic"]

    def slow_draw(pi, rng):
        inside.set()
        both_there.wait()  # until the other one was refused
        return draw(pi, rng)

    monkeypatch.setitem(sampling.METHODS, "systematic", slow_draw)

    def first():
        try:
            return rounds.run(campaign=campaign, budget=10).state
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first)
        assert inside.wait(20)
        with pytest.raises(RoundUnderWay):
            rounds.run(campaign=campaign, budget=10)
        both_there.wait()
        assert running.result() == "done"
    assert Round.objects.count() == 1


def test_the_plans_shares_are_frozen_into_the_round(campaign, learnt):
    plan = Plan.objects.create(campaign=campaign, exploit=0.0, uncertainty=0.0, uniform=1.0)

    round = rounds.ask_by(plan=plan)

    assert round.options == {
        "shares": {"exploit": 0.0, "uncertainty": 0.0, "diversity": 0.0, "uniform": 1.0},
        "temperature": 0.25,
        "sampling": "systematic",
        "min_raters": 1,
        "training_posts": 20000,
        "collapses": True,
        "importance": {"entertained": 2.0, "saddened": 1.0, "neutral": 1.0},
    }


def test_a_round_goes_by_the_plan_where_nothing_else_is_asked_for(campaign, learnt):
    assert rounds.run(campaign=campaign, budget=3).strategy == "focused"
    Plan.objects.create(campaign=campaign, strategy="mixed")

    by_plan = rounds.run(campaign=campaign, budget=3)
    asked = rounds.run(campaign=campaign, strategy="focused", budget=3)
    Plan.objects.update(temperature=0.4)
    cooler = rounds.run(campaign=campaign, strategy="focused", budget=3)

    assert (by_plan.strategy, by_plan.options["temperature"]) == ("mixed", 0.5)
    assert (asked.strategy, asked.options["temperature"]) == ("focused", 0.25)
    assert cooler.options["temperature"] == 0.4


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_writing_leaves_nothing_and_blocks_nobody(
    campaign, learnt, monkeypatch
):
    """The server sees a killed process as a connection that ends in the middle of a transaction."""
    before = priorities(campaign)
    close = writing._close

    def lose_connection(*_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def killed():
        try:
            rounds.run(campaign=campaign, budget=10, seed=3)
        finally:
            connection.close()

    monkeypatch.setattr(writing, "_close", lose_connection)
    with ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(killed).exception(), DatabaseError)
    monkeypatch.setattr(writing, "_close", close)

    assert priorities(campaign) == before
    assert not Selection.objects.exists() and not PoolBlock.objects.exists()
    done = rounds.run(campaign=campaign, budget=10, seed=3)
    assert (done.number, done.state) == (2, "done")
    assert Round.objects.get(number=1).state == "failed"
