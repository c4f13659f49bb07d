"""Bells that were lost, workers that were killed: every file is read once, or said to be unreadable."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis import analyses
from analysis.models import Analysis
from analysis.plans import Plan
from analysis.tasks import RING_AGAIN_AFTER, read_file, ring_again
from annotation.models import Judgement
from config.celery import app
from lib.locks import ANALYSES

pytestmark = pytest.mark.django_db

ROWS = b"id,text,rater,label\n1,Sun,a,joy\n1,Sun,b,joy\n2,Fog,a,awe\n2,Fog,b,joy\n"


@pytest.fixture
def ask():
    """`ask(minutes_ago=9)`: an analysis that was asked for then."""

    def make(*, minutes_ago: int = 0, **fields) -> Analysis:
        analysis = analyses.ask(chunks=[ROWS], file_name="study.csv", plan=Plan())
        then = timezone.now() - timedelta(minutes=minutes_ago)
        Analysis.objects.filter(id=analysis.id).update(created_at=then, **fields)
        analysis.refresh_from_db()
        return analysis

    return make


@pytest.fixture
def rung(monkeypatch):
    """What was rung again, and for how many seconds each bell is good; no worker runs."""
    bells = []
    monkeypatch.setattr(
        read_file, "apply_async", lambda args, expires: bells.append((args, expires))
    )
    return bells


def test_what_waits_for_minutes_is_rung_again_until_it_is_finished(ask, rung):
    lost, killed = ask(minutes_ago=9), ask(minutes_ago=8, state="reading")
    ask(minutes_ago=1)
    ask(minutes_ago=9, state="failed")

    ring_again()

    assert rung == [([lost.id], RING_AGAIN_AFTER), ([killed.id], RING_AGAIN_AFTER)]
    for (analysis_id,), _ in rung[:]:
        read_file(analysis_id)
    ring_again()
    assert len(rung) == 2


def test_the_clock_rings_often_enough():
    beat = app.conf.beat_schedule["read-files"]

    assert (beat["task"], beat["schedule"] <= RING_AGAIN_AFTER) == (ring_again.name, True)


@pytest.mark.django_db(transaction=True)
def test_a_second_bell_leaves_a_file_alone_that_is_being_read(ask, locked_elsewhere):
    analysis = ask()

    with locked_elsewhere(ANALYSES, analysis.id):
        read_file(analysis.id)

    analysis.refresh_from_db()
    assert (analysis.state, analysis.attempts) == ("queued", 0)
    read_file(analysis.id)
    assert Judgement.objects.count() == 4


def test_a_bell_that_comes_late_finds_nothing_to_do(ask):
    analysis = ask()
    late = Analysis.objects.get()
    read_file(analysis.id)

    analyses.execute(analysis=late)

    stored = Analysis.objects.get()
    assert (stored.state, stored.attempts, stored.error) == ("ready", 1, "")


def test_a_file_that_stops_one_worker_after_the_other_is_given_up(ask):
    analysis = ask(state="reading", attempts=analyses.MOST_ATTEMPTS)

    read_file(analysis.id)

    analysis.refresh_from_db()
    assert analysis.state == "failed"
    assert analysis.error.startswith("Workers were stopped again and again")
    assert not analysis.upload.exists()
    assert not Judgement.objects.exists()
