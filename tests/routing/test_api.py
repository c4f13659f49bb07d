"""Rounds over REST."""

import pytest

from routing import rounds, tasks
from routing.models import Round

URL = "/api/v1/campaigns/feelings/rounds/"


def test_dan_asks_for_a_round_and_a_worker_runs_it(
    campaign, learnt, dan, api, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks.run_round, "delay", rung.append)

    with django_capture_on_commit_callbacks(execute=True):
        answer = api(dan).post(URL, {"strategy": "uniform", "budget": 5, "seed": 3})

    assert answer.status_code == 202
    assert (answer.json()["number"], answer.json()["state"]) == (1, "queued")
    tasks.run_round(*rung)
    done = api(dan).get(answer["Location"]).json()
    assert (done["state"], done["drawn"], done["seed"], done["asked"]) == ("done", 5, 3, 0)


def test_rounds_are_listed_newest_first(campaign, learnt, dan, api):
    for seed in (1, 2):
        rounds.run(campaign=campaign, budget=5, seed=seed)

    listed = api(dan).get(URL).json()["results"]

    assert [(each["number"], each["seed"]) for each in listed] == [(2, 2), (1, 1)]


def test_one_round_comes_with_what_it_found(campaign, learnt, judge, dan, api):
    round = rounds.run(campaign=campaign, strategy="uniform", budget=60, seed=1)
    judge(learnt[:10], "entertained")
    judge(learnt[10:], "neutral")

    found = api(dan).get(f"{URL}{round.number}/").json()["found"]

    assert found["judgements"] == {
        "exploit": 0.0,
        "uncertainty": 0.0,
        "diversity": 0.0,
        "uniform": 120.0,
    }
    assert found["affects"]["entertained"] == {
        "posts": 10,
        "exploit": None,
        "uncertainty": None,
        "diversity": None,
        "uniform": 83.333,
        "ratio": None,
    }


REFUSED = [
    ({"strategy": "top_k", "budget": 5}, 400, "top_k_refused"),
    ({"strategy": "psychic", "budget": 5}, 400, "unknown_strategy"),
    ({"budget": 0}, 400, "invalid"),
    ({}, 400, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_bad_requests_say_what_is_wrong(campaign, learnt, dan, api, body, status, code):
    answer = api(dan).post(URL, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Round.objects.exists()


def test_a_second_request_while_one_waits_is_a_conflict(campaign, learnt, dan, api):
    rounds.ask(campaign=campaign, budget=5)

    answer = api(dan).post(URL, {"budget": 5})

    assert (answer.status_code, answer.json()["code"]) == (409, "round_under_way")


def test_a_round_that_is_not_there(campaign, dan, api):
    answer = api(dan).get(f"{URL}7/")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_round")


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_engineers_and_admins_may(campaign, learnt, ada, cleo, api, method):
    rounds.run(campaign=campaign, budget=5)

    answers = [getattr(api(who), method)(URL) for who in (None, ada, cleo)]

    assert [answer.status_code for answer in answers] == [401, 403, 403]
