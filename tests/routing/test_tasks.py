"""The beat's look for due rounds, and the doorbell that runs one."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from kombu import Connection

from annotation.models import CampaignPost
from routing import rounds, scoring, tasks
from routing.models import Plan, Round


@pytest.fixture
def rung(monkeypatch, django_capture_on_commit_callbacks):
    """What start_due_rounds puts into the queue, carried out by `rung()` as a worker would."""

    def look() -> list[int]:
        calls = []
        monkeypatch.setattr(tasks.run_round, "delay", calls.append)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.start_due_rounds()
        for round_id in calls:
            tasks.run_round(round_id)
        return calls

    return look


def test_a_campaign_with_an_enabled_plan_gets_its_first_round(campaign, learnt, rung):
    Plan.objects.create(campaign=campaign, enabled=True, budget=5)

    rung()

    round = Round.objects.get()
    assert (round.state, round.drawn, round.strategy) == ("done", 5, "focused")


NOT_DUE = [
    # plan, campaign, why
    ({"enabled": False}, {}, "the plan is not enabled"),
    ({"enabled": True}, {"state": "paused"}, "the campaign is paused"),
]


@pytest.mark.parametrize(("plan", "state", "why"), NOT_DUE)
def test_no_round_starts_where_none_is_wanted(campaign, learnt, rung, plan, state, why):
    Plan.objects.create(campaign=campaign, **plan)
    for name, value in state.items():
        setattr(campaign, name, value)
    campaign.save()

    rung()

    assert not Round.objects.exists(), why


def test_a_second_look_starts_nothing_new(campaign, learnt, rung):
    Plan.objects.create(campaign=campaign, enabled=True, budget=5)
    rung()

    assert rung() == []
    assert Round.objects.count() == 1


def test_enough_new_judgements_start_the_next_round(campaign, learnt, add_posts, judge, rung):
    Plan.objects.create(campaign=campaign, enabled=True, budget=5, every_judgements=10)
    rung()
    judge(add_posts(campaign, "a", "b", "c", "d", "e"), "neutral")

    rung()

    assert list(Round.objects.order_by("id").values_list("judgements", flat=True)) == [48, 58]


@pytest.mark.parametrize(("hours", "rounds_run"), [(23, 1), (25, 2)])
def test_a_campaigns_schedule_starts_the_next_round_in_time(
    campaign, learnt, add_posts, judge, rung, hours, rounds_run
):
    Plan.objects.create(campaign=campaign, enabled=True, budget=5, every_hours=24)
    rung()
    judge(add_posts(campaign, "something new"), "neutral")
    Round.objects.update(asked_at=timezone.now() - timedelta(hours=hours))

    rung()

    assert Round.objects.count() == rounds_run


def test_nothing_new_to_learn_is_no_reason_for_a_round(campaign, learnt, rung):
    Plan.objects.create(campaign=campaign, enabled=True, budget=5, every_hours=24)
    rung()
    Round.objects.update(asked_at=timezone.now() - timedelta(days=3))

    assert rung() == []


def test_a_queue_without_drawn_posts_starts_the_next_round(campaign, learnt, rung):
    Plan.objects.create(campaign=campaign, enabled=True, budget=5)
    rung()
    CampaignPost.objects.filter(selections__round=Round.objects.get()).update(reserved=2, judged=2)

    rung()

    assert Round.objects.count() == 2


def test_an_exhausted_pool_starts_nothing(campaign, rung):
    Plan.objects.create(campaign=campaign, enabled=True)

    assert rung() == []


def test_a_round_that_lost_its_worker_is_rung_again(campaign, learnt, rung):
    round = rounds.ask(campaign=campaign, budget=5)
    Round.objects.update(state="running", attempts=1)

    assert rung() == [round.id]
    round.refresh_from_db()
    assert (round.state, round.attempts) == ("done", 2)


def test_a_round_that_kills_every_worker_is_given_up(campaign, learnt, rung):
    round = rounds.ask(campaign=campaign, budget=5)
    Round.objects.update(state="running", attempts=rounds.MOST_ATTEMPTS)

    rung()

    round.refresh_from_db()
    assert (round.state, round.attempts) == ("failed", rounds.MOST_ATTEMPTS)


def test_a_doorbell_rung_twice_runs_one_round(campaign, learnt):
    round = rounds.ask(campaign=campaign, budget=5)

    tasks.run_round(round.id)
    tasks.run_round(round.id)

    assert list(Round.objects.values_list("state", "attempts")) == [("done", 1)]


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_second_helps(campaign, learnt, monkeypatch):
    """Another process holds the round; its chunks are scored here all the same."""
    monkeypatch.setattr(scoring, "CHUNK", 25)
    round = rounds.ask(campaign=campaign, budget=5)
    rounds._begin(round, np.random.default_rng(1))
    Round.objects.update(state="running")
    other = connection.copy()
    try:
        other.cursor().execute(
            "SELECT pg_advisory_lock(%s, %s::int)", [rounds.ROUND_LOCK, campaign.id]
        )
        tasks.run_round(round.id)
    finally:
        other.close()

    assert not round.chunks.filter(result=None).exists()
    round.refresh_from_db()
    assert (round.state, round.attempts) == ("running", 0)


def test_a_large_round_rings_for_help_and_a_small_one_does_not(campaign, learnt, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.run_round, "apply_async", lambda ids, **_: rung.extend(ids))
    tasks.run_round(rounds.ask(campaign=campaign, budget=5).id)
    assert rung == []

    monkeypatch.setattr(scoring, "CHUNK", 25)
    large = rounds.ask(campaign=campaign, budget=5)
    tasks.run_round(large.id)

    assert rung == [large.id] * 3


def test_a_round_goes_on_alone_while_the_broker_is_away(campaign, learnt, monkeypatch, settings):
    """Nothing listens on that port, as after a crash of Redis."""
    monkeypatch.setattr(scoring, "CHUNK", 25)
    monkeypatch.setattr(tasks.measure_heads, "delay_on_commit", lambda campaign_id: None)
    ring = tasks.run_round.apply_async
    nowhere = {"connection": Connection("redis://localhost:1"), "retry": False}
    monkeypatch.setattr(
        tasks.run_round, "apply_async", lambda *args, **how: ring(*args, **how, **nowhere)
    )
    round = rounds.ask(campaign=campaign, budget=5)

    tasks.run_round(round.id)

    round.refresh_from_db()
    assert (round.state, round.error) == ("done", "")


def test_a_doorbell_of_a_deleted_round_is_harmless(db):
    tasks.run_round(12345)


def test_the_beat_rings_a_task_that_exists(settings):
    from config.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= app.tasks.keys()
