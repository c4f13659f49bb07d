"""What opens behind a link: a way in, or a kind word."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from annotation.models import Membership
from joining import entrances, invitations
from joining.crowd_rules import Ids
from joining.invitation_links import path_of
from joining.models import Invitation

GOOD = {"username": "eve", "password1": "blue-kettle-9", "password2": "blue-kettle-9"}
WELCOME = "/campaigns/feelings/welcome/"


@pytest.fixture
def invitation(campaign, ben):
    return invitations.make(campaign=campaign, by=ben, email="eve.miller@example.org")


@pytest.fixture
def link(invitation):
    return path_of(invitation)


def test_a_newcomer_makes_an_account_and_is_signed_in(client, link):
    answer = client.post(link, GOOD)

    assert answer.url == WELCOME
    eve = get_user_model().objects.get(username="eve")
    assert eve.email == "eve.miller@example.org"
    assert client.session["_auth_user_id"] == str(eve.pk)
    assert Membership.objects.get().rater.user == eve


@pytest.mark.parametrize(
    ("fault", "where", "sentence"),
    [
        ({"password2": "another-kettle"}, "password2", "The two password fields didn’t match."),
        (
            {"password1": "12345678", "password2": "12345678"},
            "password1",
            "This password is too common.",
        ),
        (
            {"password1": "eve.miller", "password2": "eve.miller"},
            "password1",
            "too similar to the email",
        ),
        ({"username": "ben"}, "username", "A user with that username already exists."),
        ({"username": ""}, "username", "This field is required."),
        ({"username": "eve miller"}, "username", "Enter a valid username."),
    ],
)
def test_a_form_with_a_fault_makes_no_account(
    fault, where, sentence, client, link, ben, invitation
):
    page = client.post(link, {**GOOD, **fault})

    assert page.status_code == 422
    errors = page.context["form"].errors
    assert list(errors) == [where] and sentence in errors[where][0]
    assert get_user_model().objects.count() == 1
    invitation.refresh_from_db()
    assert invitation.state == "open"


def test_looking_changes_nothing(client, link, invitation):
    for _ in range(2):
        page = client.get(link)

    assert page.status_code == 200
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    invitation.refresh_from_db()
    assert invitation.state == "open"


def test_who_has_an_account_signs_in_and_comes_back(client, link, cleo):
    page = client.get(link).text
    sign_in = f"/signin/?next={link}"
    assert f'href="{sign_in}"' in page

    answer = client.post(sign_in, {"username": "cleo", "password": "pass"})
    assert answer.url == link
    assert "Join as cleo" in client.get(link).text
    assert client.post(link).url == WELCOME

    assert Membership.objects.get().rater == cleo


def test_who_has_a_part_already_is_led_on(browser, link, ada, invitation):
    client = browser(ada)

    assert client.get(link).url == client.post(link).url == WELCOME
    invitation.refresh_from_db()
    assert invitation.state == "open"


def test_who_opens_ones_own_link_again_is_led_on(client, link):
    client.post(link, GOOD)

    assert client.get(link).url == WELCOME


@pytest.mark.parametrize(
    ("fate", "status", "heading"),
    [
        ("used", 410, "This invitation has been used"),
        ("withdrawn", 410, "This invitation was withdrawn"),
        ("expired", 410, "This invitation has expired"),
        ("forged", 404, "This link is not complete"),
        ("gone", 404, "This link is not complete"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_lets_nobody_in_says_why_and_what_to_do(
    method, fate, status, heading, client, link, invitation, cleo
):
    if fate == "used":
        invitations.accept(invitation=invitation, user=cleo.user)
    elif fate == "withdrawn":
        invitations.withdraw(invitation=invitation)
    elif fate == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif fate == "gone":
        invitation.delete()
    link = f"{link[:-2]}x/" if fate == "forged" else link

    page = getattr(client, method)(link, GOOD)

    assert (page.status_code, f"<h1>{heading}</h1>" in page.text) == (status, True)
    assert ('href="/signin/"' in page.text) == (fate == "used")
    assert not get_user_model().objects.filter(username="eve").exists()


def test_a_participant_of_a_crowd_platform_makes_an_account_of_their_own(client, link, campaign):
    entrance = entrances.make(campaign=campaign, name="Pilot", kind="prolific")
    crowd = entrances.enter(entrance=entrance, ids=Ids("5f1a", "s", "t")).rater.user
    client.force_login(crowd)

    assert "Make my account" in client.get(link).text
    client.post(link, GOOD)

    assert client.session["_auth_user_id"] != str(crowd.pk)
