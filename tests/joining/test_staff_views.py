"""The admin's page: what is asked, whom to invite, who stands where."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotation import campaigns
from joining import consents, invitations, queries
from joining.models import ConsentText, Entry, Invitation
from joining.rules import Step

PEOPLE = "/campaigns/feelings/joining/"
INVITE = f"{PEOPLE}invitations/"
UPLOAD = f"{INVITE}csv/"


def upload(client, text: str | bytes, **more):
    data = text if isinstance(text, bytes) else text.encode()
    sent = {"many-file": SimpleUploadedFile("people.csv", data), "many-days": 14, **more}
    return client.post(UPLOAD, sent)


def test_a_campaign_that_nobody_has_configured_says_so(browser, ben, campaign):
    page = browser(ben).get(PEOPLE)

    assert page.context["standing"] == [("May judge", 0)]
    assert "Nobody is asked for consent" in page.text
    assert page.context["entry_form"].initial == {
        "asks_strata": False,
        "shows_guideline": False,
        "spread": "",
    }


def test_what_is_asked_first_is_stored(browser, ben, campaign, ada):
    client = browser(ben)

    page = client.post(f"{PEOPLE}entry/", {"shows_guideline": "on"}, follow=True)

    assert page.context["standing"] == [("Guideline", 1), ("May judge", 0)]
    entry = Entry.objects.get()
    assert (entry.shows_guideline, entry.asks_strata) == (True, False)
    client.post(f"{PEOPLE}entry/", {})
    assert queries.asked_by(campaign) == set()


def test_the_question_by_which_posts_are_spread_is_stored(browser, ben, campaign):
    client = browser(ben)

    client.post(f"{PEOPLE}entry/", {"asks_strata": "on", "spread": "gender"})

    assert client.get(PEOPLE).context["entry_form"].initial["spread"] == "gender"
    client.post(f"{PEOPLE}entry/", {"asks_strata": "on", "spread": ""})
    assert client.get(PEOPLE).context["entry_form"].initial["spread"] == ""


@pytest.mark.parametrize("sent", [{"spread": "gender"}, {"spread": "shoes", "asks_strata": "on"}])
def test_what_nobody_is_asked_about_spreads_nothing(sent, browser, ben, campaign):
    page = browser(ben).post(f"{PEOPLE}entry/", sent)

    assert page.status_code == 422
    assert page.context["entry_form"].errors["spread"]
    campaign.refresh_from_db()
    assert campaign.spread == ""


def test_a_text_is_published_and_the_next_one_warned_of(browser, ben, campaign):
    client = browser(ben)

    page = client.post(f"{PEOPLE}consent/", {"text": "We store what you judge."}, follow=True)

    assert "Version 1 holds now." in page.text
    assert "this becomes version 2" in page.text
    assert ConsentText.objects.get().text == "We store what you judge."


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_not_published(text, browser, ben, campaign):
    page = browser(ben).post(f"{PEOPLE}consent/", {"text": text})

    assert page.status_code == 422
    assert not ConsentText.objects.exists()


def test_every_version_can_be_read_with_how_many_agreed(browser, ben, campaign, member):
    first = consents.publish(campaign=campaign, text="We store what you judge.")
    consents.give(membership=member, consent_text=first)
    consents.publish(campaign=campaign, text="We store it for ten years.")

    shown = browser(ben).get(PEOPLE).context["consent_texts"]

    assert [(text.version, text.agreed, text.withdrawn) for text in shown] == [(2, 0, 0), (1, 1, 0)]


def test_a_link_is_made_and_shown_to_copy(browser, ben, campaign):
    page = browser(ben).post(INVITE, {"days": 3}, follow=True)

    invitation = Invitation.objects.get()
    assert invitation.made_by == ben
    assert f"http://testserver/join/{invitation.id}." in page.text
    assert '<span class="badge badge-good">new</span>' in page.text


@pytest.mark.parametrize("days", ["", "0", "366", "-1", "x"])
def test_a_time_that_makes_no_sense_makes_no_link(days, browser, ben, campaign):
    assert browser(ben).post(INVITE, {"days": days}).status_code == 422
    assert not Invitation.objects.exists()


def test_an_upload_says_what_became_of_each_row(browser, ben, campaign, people):
    invitations.make_many(campaign=campaign, emails=["old@x.org", "in@x.org"], by=ben)
    joined = Invitation.objects.get(email="in@x.org")
    invitations.accept(invitation=joined, user=people("Eve"))

    page = upload(
        browser(ben), "name,email\nA,new@x.org\nB,\nC,OLD@x.org\nD,in@x.org\nE,new@x.org\n"
    )

    assert page.status_code == 200
    shown = page.context["upload"]
    assert (shown["made"], shown["known"], shown["rejected"]) == (1, 2, 1)
    assert shown["rows"] == [
        (1, "new@x.org", "invited", True),
        (2, "", "email is missing", False),
        (3, "old@x.org", "was invited already", True),
        (4, "in@x.org", "has joined already", True),
        (5, "new@x.org", "stands in the file twice", True),
    ]


def test_the_same_file_again_changes_nothing(browser, ben, campaign):
    for _ in range(2):
        upload(browser(ben), "email\neve@x.org\nfay@x.org\n")

    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("text", ["", "name\nEve\n", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_file_that_is_no_list_is_refused_beside_its_field(text, browser, ben, campaign):
    page = upload(browser(ben), text)

    assert page.status_code == 422
    assert page.context["many_form"].errors["file"]


def test_a_cell_with_markup_is_shown_as_it_is_written(browser, ben, campaign):
    page = upload(browser(ben), "email\n<script>alert(1)</script>\n")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_a_file_too_big_is_refused_unread(browser, ben, campaign, monkeypatch):
    monkeypatch.setattr("joining.forms.LARGEST_UPLOAD", 10)

    page = upload(browser(ben), "email\neve@x.org\n")

    assert (page.status_code, Invitation.objects.count()) == (422, 0)


def test_links_are_downloaded_for_a_mail_merge(browser, ben, campaign):
    upload(browser(ben), "email\neve@x.org\nfay@x.org\n")
    invitations.withdraw(invitation=Invitation.objects.get(email="fay@x.org"))

    answer = browser(ben).get(f"{PEOPLE}invitations.csv")

    assert answer["Content-Disposition"] == 'attachment; filename="feelings-invitations.csv"'
    (row,) = csv.DictReader(answer.text.splitlines())
    assert row["email"] == "eve@x.org"
    assert row["link"].startswith("http://testserver/join/")


def test_an_invitation_is_withdrawn_and_renewed(browser, ben, campaign):
    invitation = invitations.make(campaign=campaign, by=ben, days=1)
    client, url = browser(ben), f"{INVITE}{invitation.id}/"

    client.post(url, {"renew": "1"})
    renewed = Invitation.objects.get()
    client.post(url, {"withdraw": "1"})
    page = client.post(url, {"renew": "1"}, follow=True)

    assert renewed.expires_at > invitation.expires_at
    assert Invitation.objects.get().state == "withdrawn"
    assert "Make a new one instead" in page.text


def test_mails_are_offered_where_they_are_set_up(browser, ben, campaign, settings):
    invitations.make(campaign=campaign, by=ben, email="eve@x.org")
    client = browser(ben)
    assert "Mails are not set up here" in client.get(PEOPLE).text

    settings.EMAIL_URL = "smtp://localhost"

    page = client.get(PEOPLE).text
    assert "Send 1 mail" in page
    assert "not set up" not in page


@pytest.mark.parametrize(("url", "asked"), [("smtp://localhost", 1), ("", 0)])
def test_sending_rings_for_the_worker(url, asked, browser, ben, campaign, settings, monkeypatch):
    rung = []
    monkeypatch.setattr(
        "joining.staff_views.send_invitations.delay_on_commit", lambda *args: rung.append(args)
    )
    settings.EMAIL_URL = url

    browser(ben).post(f"{INVITE}send/")

    assert rung == [(campaign.id, "http://testserver/")] * asked


def test_who_is_added_by_name_takes_the_steps_first(browser, ben, campaign, people):
    consents.publish(campaign=campaign, text="We store what you judge.")
    people("Eve")

    browser(ben).post("/campaigns/feelings/raters/", {"username": "eve"})

    assert queries.at_each_step(campaign) == {Step.CONSENT: 1, Step.READY: 0}


@pytest.fixture
def crowded(campaign, people, ben):
    """Adds a member, two invitations and a version of the text."""

    def add(number: int) -> None:
        text = consents.publish(campaign=campaign, text=f"text {number}")
        member = campaigns.add_rater(campaign=campaign, user=people(f"Eve{number}"))
        consents.give(membership=member, consent_text=text)
        invitations.make(campaign=campaign, by=ben)
        used = invitations.make(campaign=campaign, by=ben, email=f"eve{number}@x.org")
        invitations.accept(invitation=used, user=people(f"Fay{number}"))

    return add


def test_longer_lists_ask_no_more_queries(browser, ben, crowded, django_assert_num_queries):
    crowded(1)
    client = browser(ben)
    client.get(PEOPLE)
    with CaptureQueriesContext(connection) as short:
        client.get(PEOPLE)
    crowded(2)
    crowded(3)

    with django_assert_num_queries(len(short)):
        client.get(PEOPLE)
