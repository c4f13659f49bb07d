"""Chunks: cut once, scored by whoever is free, put together as if one had done it all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection, transaction

from annotation.models import CampaignPost
from routing import queries, rounds, scoring
from routing.models import Chunk, Plan, Round


def drawn(round: Round) -> list[int]:
    return list(round.selections.order_by("id").values_list("campaign_post_id", flat=True))


@pytest.fixture
def begun(campaign, learnt, monkeypatch):
    """A round that has learnt and cut its chunks, of 25 posts each."""
    monkeypatch.setattr(scoring, "CHUNK", 25)
    asked = rounds.ask(campaign=campaign, budget=10, seed=3)
    rounds._begin(asked, np.random.default_rng(1))
    Round.objects.filter(id=asked.id).update(state=Round.State.RUNNING)
    asked.refresh_from_db()
    return asked


def test_chunks_hold_every_open_post_once(campaign, begun):
    ids = sorted(CampaignPost.objects.filter(campaign=campaign).values_list("id", flat=True))

    chunks = list(begun.chunks.order_by("first").values_list("first", "last", "posts"))

    assert chunks == [
        (part[0], part[-1], len(part)) for part in (ids[:25], ids[25:50], ids[50:75], ids[75:])
    ]


def test_posts_that_raters_began_are_left_out_where_nobody_looks_for_repeats(campaign, learnt):
    Plan.objects.create(campaign=campaign, collapses=False)
    asked = rounds.ask(campaign=campaign, budget=10, seed=3)

    rounds._begin(asked, np.random.default_rng(1))

    assert [chunk.posts for chunk in asked.chunks.all()] == [60]


def test_the_size_of_the_chunks_changes_nothing(campaign, learnt, monkeypatch):
    plan = Plan.objects.create(campaign=campaign, exploit=0.7, diversity=0.1)
    whole = rounds.run(campaign=plan.campaign, budget=10, seed=3)
    monkeypatch.setattr(scoring, "CHUNK", 7)
    pieces = rounds.run(campaign=plan.campaign, budget=10, seed=3)

    assert drawn(whole) == drawn(pieces)
    assert whole.scores == pieces.scores
    assert np.array_equal(queries.pool_of(whole).propensities, queries.pool_of(pieces).propensities)


def test_a_helper_scores_what_is_free_and_the_round_goes_on_from_there(begun):
    assert rounds.help(round=begun) == 4
    assert rounds.help(round=begun) == 0

    done = rounds.carry_out(round=begun)

    assert (done.state, done.drawn) == ("done", 10)
    assert not Chunk.objects.exists()


@pytest.mark.parametrize("state", ["queued", "done", "failed"])
def test_helpers_that_come_too_late_do_nothing(begun, state):
    Round.objects.filter(id=begun.id).update(state=state)

    assert rounds.help(round=begun) == 0
    assert begun.chunks.filter(result=None).count() == 4


def test_a_post_that_was_withdrawn_since_the_cut_is_not_drawn(campaign, begun, learnt):
    CampaignPost.objects.filter(id=learnt[0].id).update(state="withdrawn")

    done = rounds.carry_out(round=begun)

    assert learnt[0].id not in queries.pool_of(done).ids
    assert done.pool_size == 59


def test_a_failed_round_leaves_no_chunks(begun, monkeypatch):
    def break_down(*_):
        raise ValueError("no memory is left")

    monkeypatch.setattr(scoring, "gather", break_down)
    with pytest.raises(ValueError):
        rounds.carry_out(round=begun)

    begun.refresh_from_db()
    assert (begun.state, begun.error) == ("failed", "no memory is left")
    assert not Chunk.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_chunk_in_other_hands_is_passed_over_and_at_last_waited_for(begun):
    held, release = threading.Event(), threading.Event()

    def hold_the_first():
        try:
            with transaction.atomic():
                scoring._take(begun, patient=False)
                held.set()
                assert release.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold_the_first)
        assert held.wait(20)
        others = [chunk.first for chunk in scoring.score_chunks(begun)]
        assert begun.chunks.get(result=None).first not in others and len(others) == 3
        release.set()  # the other one gives up, as if it had been killed
        last = [chunk.first for chunk in scoring.score_chunks(begun, wait=True)]
        holding.result()
    assert len(last) == 1
    assert not begun.chunks.filter(result=None).exists()
