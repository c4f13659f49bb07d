"""The rater's pages without a line of JavaScript: plain forms, sent by Django's client."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation import assignments, campaigns, judgements
from annotation.models import Assignment, CampaignPost, Judgement, JudgementRevision
from taxonomy.rules import OTHER_BIT

JUDGE = "/campaigns/feelings/judge/"
UPSET = {"skip-reason": "It is too upsetting for me"}
DANGER = {"flag-reason": "It may put somebody in danger", "flag-note": "an address"}


def door(held: Assignment, verb: str = "") -> str:
    return f"/assignments/{held.id}/{verb}"


def said(*picks: str, other: str = "", key: str = "k1", seconds: str = "4.5") -> dict:
    return {"picks": picks, "other": other, "idempotency_key": key, "seconds": seconds}


def picks_on(page) -> list[str]:
    return re.findall(r'name="picks" value="(\w+)"[^>]* checked>', page.text)


def test_ada_judges_a_post_and_sees_the_next(browser, ada, posts):
    page = browser(ada).get(JUDGE)
    assert "first post" in page.text
    form = page.context["form"]

    answer = said("entertained", key=form["idempotency_key"].value())
    page = browser(ada).post(door(page.context["assignment"]), answer, follow=True)

    judgement = Judgement.objects.get()
    assert page.redirect_chain == [(JUDGE, 302)]
    assert "second post" in page.text
    assert "1 judged today" in page.text
    assert (judgement.picks, judgement.seconds, judgement.rater) == (0b1, 4.5, ada)


def test_too_many_picks_are_refused_in_a_sentence_and_stay_on_the_page(browser, ada, held):
    page = browser(ada).post(door(held), said("entertained", "saddened", other="awe", key="k7"))

    assert page.status_code == 422
    assert "3 are picked; at most 2 count here. Please take 1 away." in page.text
    assert picks_on(page) == ["entertained", "saddened"]
    assert 'value="awe"' in page.text
    assert 'name="idempotency_key" value="k7"' in page.text
    assert 'name="seconds" value="4.5"' in page.text
    assert Judgement.objects.count() == 0


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (said(), "No affects are picked; please pick at least one affect, or skip the post."),
        (said("bliss"), "The taxonomy has no affect &#x27;bliss&#x27;"),
        (said(other="x" * 201), "has 201 characters; please say it in at most 200."),
        (said("neutral", other="a\0b"), "other: Null characters are not allowed."),
        (said("neutral", seconds="-1"), "seconds: Ensure this value is greater than"),
        (said("neutral", key=""), "idempotency_key: This field is required."),
    ],
)
def test_other_faults_are_sentences_too(answer, sentence, browser, ada, held):
    page = browser(ada).post(door(held), answer)

    assert page.status_code == 422
    assert sentence in page.text
    assert Judgement.objects.count() == 0


def test_an_other_text_counts_as_a_pick(browser, ada, held):
    browser(ada).post(door(held), said(other="  in   awe "))

    judgement = Judgement.objects.get()
    assert (judgement.picks, judgement.other) == (1 << OTHER_BIT, "in awe")


def test_a_form_that_is_sent_twice_is_stored_once(browser, ada, held):
    once = browser(ada).post(door(held), said("neutral"))
    twice = browser(ada).post(door(held), said("neutral"))

    assert once.url == twice.url == JUDGE
    assert Judgement.objects.count() == 1
    assert JudgementRevision.objects.count() == 0


@pytest.mark.parametrize("key", ["k1", "k2"])
def test_an_answer_sent_again_differently_is_what_counts(key, browser, ada, held):
    """The first try arrived although the page never heard of it, and the rater thought again."""
    browser(ada).post(door(held), said("neutral"))

    page = browser(ada).post(door(held), said("saddened", key=key), follow=True)

    assert page.status_code == 200
    assert Judgement.objects.get().picks == 0b10
    assert JudgementRevision.objects.get().picks == 0b100


def test_a_key_of_another_post_is_refused(browser, ada, campaign, held):
    browser(ada).post(door(held), said("neutral"))
    following = assignments.claim(campaign=campaign, rater=ada)[0]

    page = browser(ada).post(door(following), said("saddened"))

    assert page.status_code == 422
    assert "This idempotency key was already used for another answer." in page.text
    assert Judgement.objects.get().campaign_post == held.campaign_post


def test_an_ended_lease_is_told_kindly_and_the_next_post_is_there(browser, ada, held):
    Assignment.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    page = browser(ada).post(door(held), said("neutral"), follow=True)

    assert page.status_code == 200
    assert "The time for this post had ended and it went back to the queue." in page.text
    assert "second post" in page.text
    assert Judgement.objects.count() == 0


def test_skipping_gives_the_post_back_with_a_reason(browser, ada, held):
    page = browser(ada).post(door(held, "skip/"), UPSET, follow=True)

    held.refresh_from_db()
    assert "second post" in page.text
    assert (held.state, held.skip_reason) == ("skipped", "It is too upsetting for me")
    assert CampaignPost.objects.get(id=held.campaign_post_id).reserved == 0


def test_a_reason_of_ones_own_invention_is_not_among_the_reasons(browser, ada, held):
    page = browser(ada).post(door(held, "skip/"), {"skip-reason": "bored"}, follow=True)

    held.refresh_from_db()
    assert "Please choose a reason" in page.text
    assert held.state == "offered"


def test_a_flag_goes_to_the_admin_and_the_post_stays_on_the_desk(browser, ada, ben, held):
    page = browser(ada).post(door(held, "flag/"), DANGER, follow=True)

    assert "an admin will look at this post" in page.text
    assert "first post" in page.text
    assert "danger: an address" in browser(ben).get("/campaigns/feelings/").text


def test_when_nothing_is_left_the_page_says_so(browser, ada, campaign):
    page = browser(ada).get(JUDGE)

    assert page.status_code == 200
    assert "Nothing left to judge" in page.text


def test_a_paused_campaign_keeps_what_was_on_the_desk(browser, ada, campaign, held):
    campaigns.change_state(campaign=campaign, state="paused")

    page = browser(ada).post(door(held), said("neutral"), follow=True)

    assert "The campaign is not open at the moment. Nothing is lost" in page.text
    assert Judgement.objects.count() == 1


def test_a_paused_rater_is_told_so(browser, ada, posts):
    ada.memberships.update(state="paused")

    assert "Your part in this campaign is paused." in browser(ada).get(JUDGE).text


def test_the_personal_frame_asks_its_own_question(browser, ada, campaign, held):
    campaign.taxonomy.question_personal = "How do you feel?"
    campaign.taxonomy.save()
    campaign.frame = "personal"
    campaign.save()

    assert "How do you feel?" in browser(ada).get(JUDGE).text


def test_a_post_is_text_and_never_markup(browser, ada, campaign, add_posts):
    add_posts(campaign, "<script>alert(1)</script>\nline 2", publisher="<b>Eve</b>", language='"x')

    page = browser(ada).get(JUDGE)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nline 2" in page.text
    assert "&lt;b&gt;Eve&lt;/b&gt;" in page.text
    assert 'lang="&quot;x"' in page.text


def test_the_last_judgements_can_be_revised(browser, ada, held):
    judgement = judgements.submit(assignment=held, picks=["neutral"], seconds=9)
    page = browser(ada).get("/campaigns/feelings/recent/")
    assert f'href="/judgements/{judgement.id}/"' in page.text

    assert picks_on(browser(ada).get(f"/judgements/{judgement.id}/")) == ["neutral"]
    page = browser(ada).post(f"/judgements/{judgement.id}/", {"picks": ["saddened"]}, follow=True)

    judgement.refresh_from_db()
    assert "Your judgement is revised." in page.text
    assert (judgement.picks, judgement.revision, judgement.seconds) == (0b10, 1, 9)


def test_a_revision_with_too_many_picks_is_refused(browser, ada, held):
    judgement = judgements.submit(assignment=held, picks=["neutral"])
    answer = {"picks": ["entertained", "neutral", "saddened"]}

    page = browser(ada).post(f"/judgements/{judgement.id}/", answer)

    assert page.status_code == 422
    assert "Please take 1 away." in page.text
    assert JudgementRevision.objects.count() == 0


def test_the_guideline_defines_every_affect(browser, ada, campaign):
    campaign.guideline = "Take your time."
    campaign.save()
    campaign.taxonomy.affects.filter(key="saddened").update(
        definition="Sorrow.", example="They took the piano.", near_miss="If it warms: touched."
    )

    page = browser(ada).get("/campaigns/feelings/guideline/").text

    for text in (
        "Take your time.",
        "Entertained",
        "Sorrow.",
        "the piano.",
        "If it warms: touched.",
    ):
        assert text in page
