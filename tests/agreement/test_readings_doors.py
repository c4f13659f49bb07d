"""The page and REST door to what `manage.py consensus` prints."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from agreement import queries, readings
from annotation.models import Post
from signals.models import Person, Signal
from tests.agreement.stored import OTHER, store

DOOR = "/api/v1/campaigns/feelings/consensus/"
PAGE = "/campaigns/feelings/consensus/"
CROWD = {
    "p1": {"r1": {"entertained"}, "r2": {"entertained"}, "r3": {"saddened"}},
    "p2": {"r1": {"saddened"}, "r2": {"saddened"}, "r3": {"saddened"}},
    "p3": {"r1": {"entertained"}, "r2": {OTHER}, "r3": {"neutral"}},
}


@pytest.fixture
def judged(campaign):
    store(campaign, CROWD)
    eve, now = Person.objects.create(key="eve"), timezone.now()
    for key, feeling, kind in [
        ("p1", "proud", "haha"),
        ("p2", "sad", "sad"),
        ("p3", "sad", "haha"),
    ]:
        Post.objects.filter(key=key).update(publisher_feeling=feeling, body=f"The text of {key}")
        Signal.objects.create(person=eve, post=Post.objects.get(key=key), kind=kind, at=now)
    return campaign


def test_rest_answers_what_the_command_prints(api, dan, judged, capsys):
    answer = api(dan).get(DOOR, {"at_least": 2, "most": 1, "feeling_posts": 1})

    call_command("consensus", "--json", campaign="feelings", votes=2, most=1, feeling_posts=1)
    assert [answer.status_code, answer.json()] == [200, json.loads(capsys.readouterr().out)]
    assert len(answer.json()["feelings"]) == 2


@pytest.mark.parametrize("name", ["at_least", "most", "feeling_posts"])
def test_numbers_begin_at_one(api, dan, judged, name):
    answer = api(dan).get(DOOR, {name: 0})

    assert [answer.status_code, answer.json()["errors"][0]["where"]] == [400, name]


def test_the_page_names_affects_and_shows_how_posts_begin(client, ben, judged):
    client.force_login(ben)

    page = client.get(PAGE)

    shown = page.content.decode()
    for part in ("rules", "disputed", "split", "others", "feelings", "signals"):
        assert f'id="{part}"' in shown
    assert page.context["positives"][0] == ("Entertained", (0, 1, 1, 1))
    assert [row["text"] for row in page.context["split"]] == ["The text of p3", "The text of p1"]
    assert {row["affect"] for row in page.context["disputed"]} == {"Entertained"}
    assert "a word" in shown


def test_the_page_of_a_campaign_without_judgements_says_so(client, ben, campaign):
    client.force_login(ben)

    assert "Nobody has judged a post here yet" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("ben", 200), ("dan", 200), ("ada", 403), ("cleo", 403)]
)
def test_the_doors_are_for_admins_and_engineers(client, api, judged, request, who, status):
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))

    assert [client.get(PAGE).status_code, api(person).get(DOOR).status_code] == [status, status]


def test_many_judgements_are_left_to_the_command(client, api, ben, judged, monkeypatch, capsys):
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    client.force_login(ben)

    answer = api(ben).get(DOOR)

    assert [answer.status_code, answer.json()["code"]] == [409, "too_many_judgements"]
    assert "manage.py consensus --campaign feelings" in client.get(PAGE).content.decode()
    call_command("consensus", campaign="feelings")
    assert "dawid_skene" in capsys.readouterr().out


def test_feelings_and_signals_are_corrected_where_routing_chose_the_posts(judged, monkeypatch):
    plain = readings.of_campaign(campaign=judged, feeling_posts=1)
    heavy = {judged.campaign_posts.get(post__key="p3").id: 9.0}
    monkeypatch.setattr(queries, "import_string", lambda name: lambda campaign: heavy)

    corrected = readings.of_campaign(campaign=judged, feeling_posts=1)

    assert [plain["weighted"], corrected["weighted"]] == [False, True]
    assert corrected["feelings"] != plain["feelings"]
    assert corrected["signals"] != plain["signals"]
