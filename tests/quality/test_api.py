"""Raters' figures over REST and on the command line, and an admin's actions."""

import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from annotation import campaigns
from annotation.models import Judgement, Membership
from quality import tasks

URL = "/api/v1/campaigns/feelings/raters/"


@pytest.fixture(autouse=True)
def a_cache_of_its_own():
    cache.clear()
    yield
    cache.clear()


def printed(**options) -> str:
    out = StringIO()
    call_command("raters", stdout=out, **options)
    return out.getvalue()


ACCESS = {
    ("GET", ""): {"ada": 403, "cleo": 403, "dan": 200, "ben": 200},
    ("POST", ""): {"ada": 403, "cleo": 403, "dan": 202, "ben": 202},
    ("POST", "{liner}/pause/"): {"ada": 403, "cleo": 403, "dan": 403, "ben": 200},
    ("POST", "{liner}/resume/"): {"ada": 403, "cleo": 403, "dan": 403, "ben": 200},
    ("POST", "{liner}/set-aside/"): {"ada": 403, "cleo": 403, "dan": 403, "ben": 400},
    ("POST", "{liner}/bring-back/"): {"ada": 403, "cleo": 403, "dan": 403, "ben": 409},
}


@pytest.mark.parametrize(("method", "path"), ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(method, path, api, request, liner):
    def ask(who: str | None) -> int:
        client = api(request.getfixturevalue(who)) if who else api()
        return client.generic(method, URL + path.format(liner=liner.id)).status_code

    got = {who: ask(who) for who in ("ada", "cleo", "dan", "ben")}

    assert got == ACCESS[method, path]
    assert ask(None) == 401


def test_rest_gives_what_the_command_prints(api, dan, judged):
    answer = api(dan).get(URL).json()

    assert answer.pop("computed_at")
    assert answer.pop("newer") == 0
    assert answer == json.loads(printed(campaign="feelings", json=True))
    assert set(answer) == {"campaign", "crowd", "raters"}


def test_a_rater_is_set_aside_and_brought_back(api, ben, liner):
    own = Judgement.objects.filter(rater=liner.rater).count()
    asked = {"reason": "always the same", "ask_again": True}

    made = api(ben).post(f"{URL}{liner.id}/set-aside/", asked)
    again = api(ben).post(f"{URL}{liner.id}/set-aside/", asked)

    assert (made.status_code, made.json()["judgements"]) == (201, own)
    assert (again.status_code, again.json()["code"]) == (409, "already_set_aside")
    liner.refresh_from_db()
    assert liner.state == "paused"
    (row,) = [row for row in api(ben).get(URL).json()["raters"] if row["rater"] == "r0"]
    assert (row["judgements"], row["set_aside"], row["state"]) == (0, own, "paused")

    undone = api(ben).post(f"{URL}{liner.id}/bring-back/")
    assert (undone.status_code, undone.json()["undone_at"] is None) == (200, False)
    assert not Judgement.objects.filter(set_aside=True).exists()


def test_pausing_answers_with_the_raters_part(api, ben, liner):
    paused = api(ben).post(f"{URL}{liner.id}/pause/", {"reason": "a word first"}).json()
    resumed = api(ben).post(f"{URL}{liner.id}/resume/").json()

    part = {"membership": liner.id, "rater": "r0"}
    assert paused == part | {"state": "paused", "paused_reason": "a word first"}
    assert resumed == part | {"state": "active", "paused_reason": ""}


def test_a_rater_of_another_campaign_is_not_here(api, ben, judged, elsewhere):
    foreign = Membership.objects.get(campaign=elsewhere, rater__key="foreign rater")

    for action in ("pause", "resume", "set-aside", "bring-back"):
        answer = api(ben).post(f"{URL}{foreign.id}/{action}/", {"reason": "x"})
        assert answer.status_code == 404


def test_over_many_judgements_rest_asks_to_come_again(api, dan, judged, monkeypatch):
    monkeypatch.setattr("agreement.queries.FEW_JUDGEMENTS", 2)
    rung = []
    monkeypatch.setattr(tasks.compute_table, "delay_on_commit", rung.append)

    answer = api(dan).get(URL)
    assert (answer.status_code, answer.headers["Retry-After"], rung) == (202, "2", [judged.id])

    tasks.compute_table(judged.id)
    assert api(dan).get(URL).status_code == 200


def test_the_command_tells_a_person(judged):
    lines = printed(campaign="feelings").splitlines()

    assert lines[0].startswith("Raters in 'feelings': 7, of whom 7 have made")
    assert lines[2].split()[:3] == ["rater", "judgements", "aside"]
    assert lines[-2] == "Have a look at 1:"
    assert lines[-1].startswith("  r0: the same picks in 100 % of")


def test_the_command_has_little_to_say_of_nobody(campaign, ada):
    assert printed(campaign="feelings") == (
        "Raters in 'feelings': 1, of whom 0 have made 0 judgements that count.\n"
    )


def test_the_command_says_which_campaigns_there_are(judged):
    with pytest.raises(CommandError, match="There is no campaign 'nowhere'. There are: feelings"):
        printed(campaign="nowhere")


def test_other_campaigns_say_nothing_here(judged, taxonomy):
    campaigns.create(slug="empty", taxonomy=taxonomy)

    assert json.loads(printed(campaign="empty", json=True))["raters"] == []
