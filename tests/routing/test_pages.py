"""The routing pages: Ben plans and runs, Dan runs and looks, raters see nothing of it."""

import pytest

from routing import rounds, tasks
from routing.models import Plan, Round

URL = "/campaigns/feelings/routing/"
PLAN = {
    "enabled": "on",
    "strategy": "mixed",
    "budget": 50,
    "every_judgements": 100,
    "exploit": 0.5,
    "uncertainty": 0.2,
    "diversity": 0,
    "uniform": 0.3,
    "temperature": 0.5,
    "sampling": "poisson",
    "min_raters": 1,
    "seed": 4,
}


@pytest.fixture
def as_ben(client, ben):
    client.force_login(ben)
    return client


def test_ben_sees_the_rounds_and_the_plan(as_ben, campaign, learnt):
    rounds.run(campaign=campaign, budget=5, seed=1)

    page = as_ben.get(URL).content.decode()

    assert "Round 1" in page and "Run a round now" in page and "Save the plan" in page


def test_ben_saves_a_plan(as_ben, campaign):
    answer = as_ben.post(f"{URL}plan/", PLAN)

    assert answer.status_code == 302
    plan = Plan.objects.get()
    assert (plan.campaign, plan.enabled, plan.budget, plan.uniform) == (campaign, True, 50, 0.3)
    assert (plan.sampling, plan.collapses, plan.every_hours) == ("poisson", False, None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"uniform": 0.1}, "add up to 1"),
        ({"exploit": 0.7, "diversity": 0.1, "uniform": 0}, "every post has a chance"),
        ({"budget": 0}, "greater than or equal to 1"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_kindly(as_ben, campaign, change, sentence):
    answer = as_ben.post(f"{URL}plan/", PLAN | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Plan.objects.exists()


def test_the_button_asks_for_a_round(
    as_ben, campaign, learnt, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks.run_round, "delay", rung.append)

    with django_capture_on_commit_callbacks(execute=True):
        as_ben.post(f"{URL}run/", {"strategy": "uniform", "budget": 5})

    assert rung == [Round.objects.get(state="queued", strategy="uniform", budget=5).id]


def test_a_second_press_says_that_one_is_under_way(as_ben, campaign, learnt):
    rounds.ask(campaign=campaign, budget=5)

    page = as_ben.post(f"{URL}run/", {"strategy": "mixed", "budget": 5}, follow=True)

    assert "A round of this campaign is under way." in page.content.decode()
    assert Round.objects.count() == 1


def test_while_a_round_waits_the_table_asks_for_itself(as_ben, campaign, learnt):
    rounds.ask(campaign=campaign, budget=5)

    part = as_ben.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<section id="rounds"') and "hx-trigger" in part


def test_a_round_shows_why_each_post_was_asked(as_ben, campaign, learnt, judge):
    round = rounds.run(campaign=campaign, budget=60, seed=1)
    judge(learnt[:30], "neutral")

    page = as_ben.get(f"{URL}{round.number}/").content.decode()

    assert "a very funny joke about cats number 0" in page
    assert "1.0000" in page  # everybody's propensity: the budget is the pool
    assert "entertained 0." in page


def test_the_page_costs_the_same_with_more_rounds(
    as_ben, campaign, learnt, django_assert_num_queries, django_assert_max_num_queries
):
    for seed in (1, 2):
        rounds.run(campaign=campaign, budget=5, seed=seed)
    with django_assert_max_num_queries(13) as with_two:
        as_ben.get(URL)

    for seed in (3, 4):
        rounds.run(campaign=campaign, budget=5, seed=seed)
    with django_assert_num_queries(len(with_two)):
        as_ben.get(URL)


def test_dan_may_run_a_round_but_not_change_the_plan(client, dan, campaign, learnt):
    client.force_login(dan)

    assert client.get(URL).status_code == 200
    assert client.post(f"{URL}run/", {"strategy": "mixed", "budget": 5}).status_code == 302
    assert client.post(f"{URL}plan/", PLAN).status_code == 403
    assert not Plan.objects.exists()


def test_raters_see_nothing_of_it(client, ada, campaign, learnt):
    round = rounds.run(campaign=campaign, budget=5, seed=1)
    client.force_login(ada.user)

    pages = [client.get(url).status_code for url in (URL, f"{URL}{round.number}/")]

    assert pages == [403, 403]
    assert client.post(f"{URL}run/", {"strategy": "mixed", "budget": 5}).status_code == 403


def test_strangers_sign_in_first(client, campaign):
    assert client.get(URL)["Location"].startswith("/signin/")
