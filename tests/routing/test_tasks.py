"""The beat's look for due rounds, and the doorbell that runs one."""

import pytest

from annotation.models import CampaignPost
from routing import rounds, tasks
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
    assert (round.state, round.drawn, round.strategy) == ("done", 5, "mixed")


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


def test_a_doorbell_of_a_deleted_round_is_harmless(db):
    tasks.run_round(12345)


def test_the_beat_rings_a_task_that_exists(settings):
    from config.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= app.tasks.keys()
