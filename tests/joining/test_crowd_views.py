"""The way in of people who come by an entrance."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from annotation import campaigns
from annotation.models import Rater
from joining.models import Entrance, Participant
from tests.joining.doors import EVE, HIT, PREVIEW, WELCOME, ZOE, came, door


def test_looking_makes_nobody(client, make):
    page = client.get(door(make(), EVE))

    assert page.status_code == 200
    assert "We ask you for 2 posts." in page.text
    assert "Begin" in page.text
    assert client.head(door(make(), EVE)).status_code == 200
    assert (get_user_model().objects.count(), Rater.objects.count()) == (0, 0)
    assert "no-store" in page["Cache-Control"]


def test_beginning_makes_a_rater_and_signs_them_in(client, make):
    client.get(door(make("open")))
    before = client.session.session_key
    answer = client.post(door(make(), EVE))

    assert (answer.status_code, answer.url) == (302, WELCOME)
    assert client.session.session_key != before
    participant = Participant.objects.get()
    assert (participant.participant, participant.study, participant.session) == (
        "5f1aEVE",
        "60c2",
        "61d3",
    )
    assert client.session["_auth_user_id"] == str(participant.rater.user_id)


def test_begin_needs_the_token_of_the_page(make):
    careful = Client(enforce_csrf_checks=True)

    assert careful.post(door(make(), EVE)).status_code == 403
    assert not Participant.objects.exists()

    page = careful.get(door(make(), EVE)).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert careful.post(door(make(), EVE), {"csrfmiddlewaretoken": token}).status_code == 302


def test_another_browser_is_the_same_rater(make):
    entrance = make()

    assert came(Client(), entrance) == came(Client(), entrance)
    assert Rater.objects.count() == 1


def test_who_comes_back_is_welcomed(client, make):
    entrance = make()
    came(client, entrance)

    assert "Welcome back" in client.get(door(entrance, EVE)).text
    # Others learn nothing about who came before.
    assert "Welcome back" not in Client().get(door(entrance, EVE)).text


def test_the_next_participant_at_the_same_browser_is_another_rater(client, make):
    entrance = make()

    eve, zoe = came(client, entrance, EVE), came(client, entrance, ZOE)

    assert eve.rater != zoe.rater
    assert client.session["_auth_user_id"] == str(zoe.rater.user_id)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_rater(make):
    browsers = {kind: Client() for kind in ("prolific", "open")}
    for kind, browser in browsers.items():
        entrance = make(kind)
        address = door(entrance, EVE if kind == "prolific" else "")
        browser.get(address)

        def click(cookies, address=address):
            try:
                twin = Client()
                twin.cookies = cookies
                return twin.post(address).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(click, [browser.cookies.copy() for _ in range(4)]))

        assert codes == [302] * 4
        assert entrance.participants.count() == 1


MISSING = {
    "prolific": [
        ("", "without your PROLIFIC_PID"),
        ("?PROLIFIC_PID=5f1a&STUDY_ID=1", "without your SESSION_ID"),
        ("?PROLIFIC_PID=%7B%7B%25PROLIFIC_PID%25%7D%7D&STUDY_ID=1&SESSION_ID=2", "cannot be used"),
    ],
    "mturk": [("?workerId=A1", "without your hitId"), (EVE, "without your workerId")],
    "open": [("?participant=%00", "cannot be used"), (f"?participant={'x' * 101}", "at most 100")],
}


@pytest.mark.parametrize(
    ("kind", "query", "sentence"),
    [(kind, *case) for kind, cases in MISSING.items() for case in cases],
)
def test_a_link_without_its_ids_says_what_to_do(client, make, kind, query, sentence):
    for ask in (client.get, client.post):
        page = ask(door(make(kind), query))

        assert page.status_code == 422
        assert sentence in page.text
    assert not Participant.objects.exists()


def test_a_link_that_never_was(client, db):
    assert client.get("/enter/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"is_open": False}, "This study is closed"),
        ({"closes_at": "2020-01-01T00:00Z"}, "This study is closed"),
        ({"places": 0}, "All places are taken"),
    ],
)
def test_nobody_new_comes_in_when_it_is_over(client, make, changed, sentence):
    entrance = make()
    Entrance.objects.update(**changed)

    for ask in (client.get, client.post):
        page = ask(door(entrance, EVE))
        assert (page.status_code, sentence in page.text) == (410, True)
    assert not Participant.objects.exists()


def test_a_preview_shows_the_study_and_takes_nothing(client, make):
    entrance = make("mturk")

    for ask in (client.get, client.post):
        page = ask(door(entrance, PREVIEW))
        assert page.status_code == 200
        assert "accept the HIT first" in page.text
        assert "Begin" not in page.text
    assert not Participant.objects.exists()


def test_mturk_may_show_the_page_in_its_frame_and_nobody_else_may(client, make):
    entrance = make("mturk")
    query = f"{HIT}&turkSubmitTo=https://workersandbox.mturk.com"

    framed = client.get(door(entrance, query), headers={"Sec-Fetch-Dest": "iframe"})
    plain = client.get(door(entrance, query))

    assert "X-Frame-Options" not in framed
    assert "frame-ancestors https://*.mturk.com" in framed["Content-Security-Policy"]
    assert 'action="https://workersandbox.mturk.com/mturk/externalSubmit"' in framed.text
    assert 'name="assignmentId" value="3QQQ"' in framed.text
    assert "csrfmiddlewaretoken" not in framed.text
    assert (plain["X-Frame-Options"], "externalSubmit" in plain.text) == ("DENY", False)
    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]


def test_a_frame_hands_codes_in_at_mturk_only(client, make):
    query = f"{HIT}&turkSubmitTo=https://evil.example"

    framed = client.get(door(make("mturk"), query), headers={"Sec-Fetch-Dest": "iframe"}).text
    elsewhere = client.get(door(make(), EVE), headers={"Sec-Fetch-Dest": "iframe"})

    assert 'action="https://www.mturk.com/mturk/externalSubmit"' in framed
    assert elsewhere["X-Frame-Options"] == "DENY"


def test_a_link_of_ones_own_knows_the_browser_again(make):
    entrance, here, elsewhere = make("open"), Client(), Client()
    here.get(door(entrance))
    first = came(here, entrance, "")
    here.post("/signout/")

    assert came(here, entrance, "") == first
    assert came(elsewhere, entrance, "") != first
    cookie = here.cookies["came_as"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (door(entrance), True, "Lax")


def test_a_forged_cookie_is_nobody(client, make):
    entrance = make("open")
    first = came(Client(), entrance, "")
    client.cookies["came_as"] = first.participant

    assert came(client, entrance, "") != first


def test_a_link_of_ones_own_may_tell_who_comes(make):
    entrance = make("open")

    seventh = came(Client(), entrance, "?participant=7")

    assert seventh.participant == "7"
    assert came(Client(), entrance, "?participant=7") == seventh


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_people_with_an_account_are_asked_before_they_are_signed_out(client, make, who, request):
    person = request.getfixturevalue(who)
    user = getattr(person, "user", person)
    client.force_login(user)
    entrance = make()

    assert f"You are signed in as {who}" in client.get(door(entrance, EVE)).text
    asked = client.post(door(entrance, EVE))
    assert (asked.status_code, client.session["_auth_user_id"]) == (409, str(user.pk))
    assert not Participant.objects.exists()

    gone_on = client.post(door(entrance, EVE), {"sign_out": "1"})
    participant = Participant.objects.get()
    assert (gone_on.status_code, gone_on.url) == (302, WELCOME)
    assert client.session["_auth_user_id"] == str(participant.rater.user_id)
    assert participant.rater.user != user


def test_a_crowd_account_reaches_its_own_campaign_and_nothing_else(client, make, taxonomy):
    campaigns.create(slug="other", taxonomy=taxonomy)
    came(client, make())

    got = {
        address: client.get(address).status_code
        for address in [
            "/campaigns/feelings/judge/",
            "/campaigns/feelings/recent/",
            "/campaigns/other/judge/",
            "/campaigns/other/guideline/",
            "/campaigns/feelings/agreement/",
            "/campaigns/feelings/entrances/",
            "/new-campaign/",
            "/django-admin/",
        ]
    }

    assert got == {
        "/campaigns/feelings/judge/": 200,
        "/campaigns/feelings/recent/": 200,
        "/campaigns/other/judge/": 404,
        "/campaigns/other/guideline/": 404,
        "/campaigns/feelings/agreement/": 403,
        "/campaigns/feelings/entrances/": 403,
        "/new-campaign/": 403,
        "/django-admin/": 302,
    }
