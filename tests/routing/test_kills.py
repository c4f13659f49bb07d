"""Workers, the broker and the database are killed during rounds. The next round is right, nothing
was half-applied, and raters go on judging meanwhile."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from annotation import assignments, judgements
from annotation.models import Assignment, CampaignPost, Judgement
from config.celery import app
from routing import queries, rounds, scoring, tasks
from routing.models import Chunk, NearDuplicate, PoolBlock, Round, Selection
from tests.config.homes import ROOT, eventually, process_of
from tests.routing.worker_that_dies import CHUNK, POINTS

pytestmark = pytest.mark.django_db(transaction=True)


class Workers:
    """Starts workers that stop somewhere, in processes of their own."""

    def __init__(self, database: str, folder: Path):
        command = [sys.executable, "-m", "tests.routing.worker_that_dies"]
        self.said = folder / "said"
        self.process = subprocess.Popen(
            [*command, database, str(folder / "models")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=self.said.open("w"),
            text=True,
        )
        self.started: list[int] = []

    def start(self, point: str) -> int:
        """Answers the process id of a worker that will stop at the point."""
        self.process.stdin.write(f"{point}\n")
        self.process.stdin.flush()
        mark = f"worker {len(self.started)}: "
        assert eventually(lambda: mark in self.words())
        self.started.append(int(self.words().partition(mark)[2].split()[0]))
        return self.started[-1]

    def words(self) -> str:
        return self.said.read_text(errors="replace")

    def is_at(self, point: str, worker: int) -> bool:
        """Waits until this worker says that it is there."""
        return eventually(lambda: f"{point}: {worker}\n" in self.words(), seconds=60)

    def end(self) -> None:
        """No worker of the test is left."""
        for worker in self.started:
            if is_alive(worker):
                os.kill(worker, signal.SIGKILL)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


@pytest.fixture(scope="module")
def one_house(django_db_setup, tmp_path_factory):
    house = Workers(connection.settings_dict["NAME"], tmp_path_factory.mktemp("workers"))
    yield house
    house.stop()


@pytest.fixture
def workers(one_house, monkeypatch):
    app.control.purge()
    monkeypatch.setattr(scoring, "CHUNK", CHUNK)
    yield one_house
    one_house.end()


def is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def is_gone(process: int) -> bool:
    return eventually(lambda: not is_alive(process))


def taken(posts: set[int]) -> bool:
    held = Assignment.objects.filter(campaign_post__in=posts)
    return held.values("campaign_post").distinct().count() == len(posts)


def priorities(campaign) -> dict[int, float]:
    return dict(CampaignPost.objects.filter(campaign=campaign).values_list("id", "priority"))


def ask(campaign) -> Round:
    asked = rounds.ask(campaign=campaign, budget=12, seed=3)
    tasks.run_round.delay(asked.id)
    return asked


def look_until_done(round: Round) -> None:
    """The beat's look, again and again, until the round is done."""

    def done() -> bool:
        round.refresh_from_db()
        if round.state == Round.State.DONE:
            return True
        tasks.start_due_rounds()
        time.sleep(0.3)
        return False

    assert eventually(done, seconds=90), (round.state, round.error)


def check_whole(round: Round) -> None:
    """Everything that a round leaves is there, and says the same."""
    kept = queries.pool_of(round)
    selected = dict(round.selections.values_list("campaign_post_id", "propensity"))
    again = set(queries.redrawn(round).tolist())
    # What somebody took while the round drew was not asked because of it.
    assert len(again) == 12 and round.drawn == len(selected)
    assert again >= selected.keys() and taken(again - selected.keys())
    assert list(selected.values()) == pytest.approx(kept.of(np.array([*selected])).tolist())
    raised = {post for post, rank in priorities(round.campaign).items() if 1 <= rank < 2}
    assert raised == set(selected)
    assert (len(round.affects), round.pool_size) == (3, len(kept.ids))
    assert not Chunk.objects.exists()


class AtWork(threading.Thread):
    """A rater who claims and judges all the while, some posts a second; `with AtWork(…):` ends the
    work and looks whether anything was noticed, lost or stored twice.

    As the page does, an answer that the database could not take is sent again with its key.
    """

    MOST = 25  # leaves a pool to draw from

    def __init__(self, campaign, rater, *, outage: bool = False):
        super().__init__()
        self.campaign, self.rater, self.outage = campaign, rater, outage
        self.over, self.answered, self.noticed = threading.Event(), [], []

    def __enter__(self) -> "AtWork":
        self.start()
        self.goes_on()
        return self

    def __exit__(self, kind, *_) -> None:
        self.over.set()
        self.join()
        if kind is None:
            stored = Judgement.objects.filter(rater=self.rater).values_list("assignment", flat=True)
            assert self.noticed == []
            assert sorted(stored) == sorted(self.answered)

    def goes_on(self) -> None:
        """Waits until another answer has been stored."""
        before = len(self.answered)
        assert before == self.MOST or eventually(lambda: len(self.answered) > before), self.noticed

    def run(self) -> None:
        while len(self.answered) < self.MOST and not self.over.wait(0.2):
            try:
                self.judge_next()
            except Exception as error:
                self.noticed.append(error)
        connection.close()

    def judge_next(self) -> None:
        (held,) = self.insist(assignments.claim, campaign=self.campaign, rater=self.rater)
        answer = {"picks": ["neutral"], "idempotency_key": str(held.id)}
        self.insist(judgements.submit, assignment=held, **answer)
        self.answered.append(held.id)

    def insist(self, verb, **what):
        while True:
            try:
                return verb(**what)
            except (OperationalError, InterfaceError):
                if not self.outage or self.over.wait(0.1):
                    raise
                connection.close()


@pytest.mark.parametrize("point", [each for each in POINTS if each != "after the commit"])
def test_a_killed_worker_leaves_nothing_half_written(campaign, learnt, ada, workers, point):
    before = priorities(campaign)
    with AtWork(campaign, ada) as rater:
        killed = workers.start(point)
        asked = ask(campaign)
        assert workers.is_at(point, killed) and is_gone(killed)

        assert priorities(campaign) == before
        assert not (Selection.objects.exists() or PoolBlock.objects.exists())
        assert not NearDuplicate.objects.exists()
        rater.goes_on()
        workers.start("live")
        look_until_done(asked)
        check_whole(asked)
        rater.goes_on()


def test_a_worker_that_is_killed_after_the_commit_leaves_a_whole_round(
    campaign, learnt, ada, workers
):
    with AtWork(campaign, ada) as rater:
        killed = workers.start("after the commit")
        asked = ask(campaign)
        assert workers.is_at("after the commit", killed) and is_gone(killed)

        look_until_done(asked)
        check_whole(asked)
        assert asked.attempts == 1
        rater.goes_on()


def test_a_helper_that_is_killed_leaves_its_chunk_to_the_others(campaign, learnt, ada, workers):
    leader = workers.start("wait in the second chunk")
    asked = ask(campaign)
    assert workers.is_at("wait in the second chunk", leader)
    helper = workers.start("with a chunk scored, not stored")
    assert workers.is_at("with a chunk scored, not stored", helper) and is_gone(helper)

    with AtWork(campaign, ada):
        os.kill(leader, signal.SIGCONT)
        assert eventually(lambda: Round.objects.get(id=asked.id).state == "done", seconds=90)

    asked.refresh_from_db()
    assert asked.attempts == 1
    check_whole(asked)


def test_helpers_take_their_part_of_the_chunks(campaign, learnt, workers):
    leader = workers.start("wait before the first chunk")
    asked = ask(campaign)
    assert workers.is_at("wait before the first chunk", leader)
    workers.start("live")
    free = Chunk.objects.filter(round=asked, result=None)
    assert eventually(lambda: free.count() == 1)

    os.kill(leader, signal.SIGCONT)
    assert eventually(lambda: Round.objects.get(id=asked.id).state == "done", seconds=90)
    asked.refresh_from_db()
    check_whole(asked)


def test_a_killed_broker_costs_no_round(campaign, learnt, ada, workers):
    home = Path(settings.PATHOS_HOME)
    worker = workers.start("wait before the draw")
    asked = ask(campaign)
    assert workers.is_at("wait before the draw", worker)

    with AtWork(campaign, ada) as rater:
        os.kill(process_of(home, "redis-server"), signal.SIGKILL)
        rater.goes_on()
        os.kill(worker, signal.SIGCONT)

        assert eventually(lambda: Round.objects.get(id=asked.id).state == "done", seconds=90)
        asked.refresh_from_db()
        check_whole(asked)
    again = rounds.ask(campaign=campaign, budget=12, seed=4)
    look_until_done(again)
    check_whole(again)


def test_a_killed_database_costs_no_round(campaign, learnt, ada, workers):
    home = Path(settings.PATHOS_HOME)
    before, server = priorities(campaign), server_started()
    worker = workers.start("wait before the commit")
    asked = ask(campaign)
    assert workers.is_at("wait before the commit", worker)

    with AtWork(campaign, ada, outage=True) as rater:
        os.kill(process_of(home, "bin/postgres"), signal.SIGKILL)
        assert eventually(lambda: server_started() not in (server, None))
        os.kill(worker, signal.SIGCONT)

        assert priorities(campaign) == before
        rater.goes_on()
        look_until_done(asked)
        check_whole(asked)


def server_started() -> str | None:
    """When the database was started; None while it can't be asked."""
    connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_postmaster_start_time()::text")
            return cursor.fetchone()[0]
    except OperationalError:
        return None
