"""The steps as a rater meets them."""

import pytest

from annotation import assignments, campaigns
from annotation.models import Judgement, Membership
from joining import consents, entrances, entries, members, strata
from joining.crowd_rules import Ids
from joining.models import Consent, GuidelineReading, Strata
from qualification.models import QuizTry

WELCOME = "/campaigns/feelings/welcome/"
CONSENT = "/campaigns/feelings/consent/"
STRATA = "/my-strata/"
GUIDELINE = "/campaigns/feelings/guideline/?step="


@pytest.fixture
def eve(every_step, people):
    """Has just joined a campaign that asks for everything."""
    return campaigns.add_rater(campaign=every_step, user=people("Eve"))


@pytest.fixture
def text(campaign, ada):
    return consents.publish(campaign=campaign, text="We store what you judge.\n\nAsk a@x.org.")


def next_page(client) -> str:
    return client.get(WELCOME).url


def test_without_any_step_the_posts_come_at_once(browser, ada):
    assert next_page(browser(ada)) == "/campaigns/feelings/judge/"


def test_each_step_leads_to_the_next(browser, eve):
    client = browser(eve.rater)

    assert next_page(client) == CONSENT
    answer = client.post(CONSENT, {"version": 1})
    assert answer.url == WELCOME
    assert next_page(client) == f"{STRATA}?then=feelings"
    answer = client.post(f"{STRATA}?then=feelings", {})
    assert answer.url == WELCOME
    assert next_page(client) == GUIDELINE
    assert 'action="/campaigns/feelings/guideline/read/"' in client.get(GUIDELINE).text
    answer = client.post("/campaigns/feelings/guideline/read/")
    assert answer.url == WELCOME
    assert next_page(client) == "/campaigns/feelings/quiz/"
    QuizTry.objects.create(membership=eve, number=1, passed=True)
    assert next_page(client) == "/campaigns/feelings/judge/"
    eve.refresh_from_db()
    assert eve.admitted


def test_each_step_says_how_many_there_are(browser, eve):
    client = browser(eve.rater)

    assert "Step 1 of 4 before the first post" in client.get(CONSENT).text
    assert "Step 2 of 4 before the first post" in client.get(f"{STRATA}?then=feelings").text
    assert "before the first post" not in client.get(STRATA).text


def test_who_has_failed_is_shown_the_end(browser, eve):
    QuizTry.objects.create(membership=eve, number=1, passed=False)

    assert next_page(browser(eve.rater)) == "/campaigns/feelings/screened-out/"


# Consent


def test_the_text_stands_in_paragraphs_with_version_and_date(browser, ada, text):
    page = browser(ada).get(CONSENT).text

    assert "<p>We store what you judge.</p>" in page
    assert '<a href="mailto:a@x.org">a@x.org</a>' in page
    assert "Version 1" in page


def test_a_text_is_shown_as_it_is_written(browser, ada, campaign):
    consents.publish(campaign=campaign, text="<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser(ada).get(CONSENT).text


@pytest.mark.parametrize("version", ["0", "2", "-1", "", "x", "9" * 30, "١"])
def test_consent_to_no_version_is_no_consent(version, browser, ada, text):
    answer = browser(ada).post(CONSENT, {"version": version})

    assert answer.status_code == 409
    assert not Consent.objects.exists()


def test_a_text_that_changed_under_the_readers_eyes_is_shown_anew(browser, ada, text, campaign):
    consents.publish(campaign=campaign, text="We store it for ten years.")

    answer = browser(ada).post(CONSENT, {"version": 1})

    assert answer.status_code == 409
    assert "The text was changed a moment ago" in answer.text
    assert "We store it for ten years." in answer.text
    assert not Consent.objects.exists()


def test_who_agreed_before_is_told_that_the_text_has_changed(browser, ada, text, campaign, member):
    consents.give(membership=member, consent_text=text)
    consents.publish(campaign=campaign, text="We store it for ten years.")

    assert "The text has changed since you agreed" in browser(ada).get(CONSENT).text


def test_who_does_not_agree_is_let_go_kindly_and_may_come_back(browser, ada, text):
    page = browser(ada).get("/campaigns/feelings/declined/").text

    assert "That is all right" in page
    assert f'href="{CONSENT}"' in page
    assert "stays in the study" not in page  # nothing is judged yet


def test_withdrawing_says_what_is_kept(browser, ada, text, member, add_posts, campaign):
    add_posts(campaign, "a post")
    consents.give(membership=member, consent_text=text)
    members.admit(membership=member)
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    Judgement.objects.create(
        campaign=campaign, campaign_post=held.campaign_post, rater=ada, assignment=held, picks=1,
        judged_at=held.offered_at,
    )  # fmt: skip
    client = browser(ada)
    assert "Withdraw my consent" in client.get(CONSENT).text

    page = client.post(f"{CONSENT}withdraw/", follow=True)

    assert page.redirect_chain == [("/campaigns/feelings/declined/", 302)]
    assert "What you have judged until now stays in the study" in page.text
    assert not Membership.objects.get(rater=ada).admitted


def test_the_page_for_those_who_decline_is_not_for_those_who_agreed(browser, ada, text, member):
    consents.give(membership=member, consent_text=text)
    members.admit(membership=member)

    assert browser(ada).get("/campaigns/feelings/declined/").url == CONSENT


def test_where_no_consent_is_asked_for_there_is_no_page_for_it(browser, ada):
    assert browser(ada).get(CONSENT).url == WELCOME


def test_a_participant_who_does_not_agree_is_led_back_to_the_platform(client, every_step):
    entrance = entrances.make(campaign=every_step, name="Pilot", kind="prolific")
    participant = entrances.enter(entrance=entrance, ids=Ids("5f1a", "s", "t"))
    client.force_login(participant.rater.user)

    page = client.get(CONSENT).text

    assert 'action="/campaigns/feelings/screened-out/"' in page
    assert "/declined/" not in page


# Strata


def test_what_is_said_is_stored_and_shown_again(browser, ada):
    client = browser(ada)

    answer = client.post(STRATA, {"age_band": "35-44", "location": " Riga "}, follow=True)

    assert "Your answers are stored." in answer.text
    assert '<option value="35-44" selected>' in answer.text
    assert 'value="Riga"' in answer.text


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"gender": "woman"}, "woman"),
        ({"gender": "own", "gender_own": "two-spirit"}, "two-spirit"),
        ({"gender": "", "gender_own": "two-spirit"}, "two-spirit"),  # forgot to choose
        ({"gender": "man", "gender_own": "two-spirit"}, "man"),
        ({"gender": "own", "gender_own": ""}, ""),
        ({}, ""),
    ],
)
def test_gender_may_be_said_in_ones_own_words(sent, stored, browser, ada):
    client = browser(ada)

    client.post(STRATA, sent)

    assert Strata.objects.get().gender == stored
    page = client.get(STRATA).text
    assert ('value="two-spirit"' in page) == (stored == "two-spirit")


@pytest.mark.parametrize("sent", [{"age_band": "7"}, {"ideology": "x"}, {"location": "x" * 61}])
def test_what_no_form_sends_is_not_stored(sent, browser, ada):
    answer = browser(ada).post(STRATA, sent)

    assert answer.status_code == 422
    assert not Strata.objects.exists()


def test_all_of_it_can_be_erased(browser, ada):
    strata.declare(rater=ada, ethnicity="Sámi")
    client = browser(ada)
    assert "Erase all of it" in client.get(STRATA).text

    page = client.post(STRATA, {"withdraw": "1"}, follow=True).text

    assert "is erased" in page
    assert "Erase all of it" not in page
    assert Strata.objects.get().ethnicity == ""


def test_the_way_on_leads_to_ones_own_campaigns_only(browser, ada, taxonomy):
    campaigns.create(slug="other", taxonomy=taxonomy)

    assert browser(ada).get(f"{STRATA}?then=other").status_code == 404
    assert browser(ada).get(f"{STRATA}?then=//evil.example").status_code == 404


# Guideline


def test_reading_the_guideline_leads_on(browser, ada, campaign, member):
    entries.change(campaign=campaign, asks_strata=False, shows_guideline=True)
    client = browser(ada)
    assert next_page(client) == GUIDELINE

    assert client.post("/campaigns/feelings/guideline/read/").url == WELCOME

    assert GuidelineReading.objects.get().membership == member
    assert next_page(client) == "/campaigns/feelings/judge/"
