"""The quiz's pages, without any script: one post at a time, told at once what fits, no way round."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotation import campaigns, gold
from annotation.models import Assignment, Judgement, Membership
from qualification import quizzes
from qualification.models import QuizAnswer, QuizTry

URL = "/campaigns/feelings/quiz/"


@pytest.fixture
def page(browser, ada, quiz):
    return browser(ada)


@pytest.fixture
def asked(membership, quiz, quiz_posts):
    """What Ada's try asks of the goat at the baker's."""
    started = quizzes.start(membership=membership)
    return started.answers.get(campaign_post=quiz_posts[0])


def address(asked):
    return f"{URL}{asked.id}/"


def test_the_quiz_first_says_what_it_asks_for(page):
    shown = page.get(URL).text

    assert "You see 3 posts" in shown
    assert "To pass, 3 of 3 answers have to be right." in shown
    assert "You have 2 tries." in shown
    assert "a goat" not in shown
    assert not QuizTry.objects.exists()


def test_starting_leads_to_the_first_post_with_the_desks_card_and_choices(page):
    shown = page.post(URL, follow=True).text

    first = QuizAnswer.objects.get(position=1)
    assert first.campaign_post.post.body.replace("'", "&#x27;") in shown
    assert "Post 1 of 3" in shown
    assert shown.count('name="picks"') == 3
    assert 'id="answer"' in shown
    assert "Why skip this post?" not in shown


def test_an_answer_is_followed_by_what_fits_and_why(page, asked):
    answered = page.post(address(asked), {"picks": ["saddened"], "seconds": "2.5"})

    assert (answered.status_code, answered.url) == (302, address(asked))
    shown = page.get(answered.url)
    assert [affect.key for affect in shown.context["picked"]] == ["saddened"]
    assert [affect.key for affect in shown.context["expected"]] == ["entertained"]
    assert [affect.key for affect in shown.context["excluded"]] == ["saddened"]
    for told in ("Not quite", "“Saddened” is a misreading here.", "Because it is entertained."):
        assert told in shown.text
    assert QuizAnswer.objects.get(id=asked.id).seconds == 2.5


def test_a_right_answer_is_said_to_be_right(page, asked):
    shown = page.post(address(asked), {"picks": ["entertained"]}, follow=True).text

    assert "Not quite" not in shown
    assert "Next post" in shown


def test_what_fits_is_not_shown_before_the_answer(page, asked):
    early = page.get(address(asked))

    assert (early.status_code, early.url) == (302, URL)
    shown = page.get(URL).text
    assert "Because it is" not in shown


def test_a_refused_answer_comes_back_with_its_picks_and_a_sentence(page, asked):
    refused = page.post(address(asked), {"picks": ["entertained", "saddened", "neutral"]})

    assert refused.status_code == 422
    assert refused.text.count(" checked") >= 3
    assert "take 1 away" in refused.text
    assert QuizAnswer.objects.get(id=asked.id).answered_at is None


def test_a_second_submit_and_the_back_button_change_nothing(page, asked):
    page.post(address(asked), {"picks": ["saddened"]})

    again = page.post(address(asked), {"picks": ["entertained"]})

    assert again.url == address(asked)
    assert QuizAnswer.objects.get(id=asked.id).right is False


def test_failing_once_tells_the_score_and_offers_the_next_try(page, membership, take):
    take(membership, right=1)

    shown = page.get(URL).text

    for told in ("Not yet", "1 of 3 answers were right", "You have 1 more try.", "Try again"):
        assert told in shown
    assert shown.count("not quite") == 2


def test_passing_leads_on(page, membership, take):
    take(membership, right=3)

    shown = page.get(URL).text

    assert "Passed" in shown and "3 of 3" in shown
    assert 'href="/campaigns/feelings/welcome/"' in shown


def test_failing_for_good_is_told_kindly_and_starts_nothing_more(page, membership, take):
    take(membership, right=0)
    take(membership, right=1)

    shown = page.post(URL, follow=True).text

    assert "Thank you for trying" in shown
    assert "Try again" not in shown
    assert 'href="/campaigns/feelings/screened-out/"' in shown
    assert QuizTry.objects.count() == 2


def test_a_campaign_without_a_quiz_sends_on(browser, ada):
    answer = browser(ada).get(URL)

    assert (answer.status_code, answer.url) == (302, "/campaigns/feelings/welcome/")


def test_a_quiz_that_ends_meanwhile_sends_back_without_a_fault(page, asked, campaign):
    quizzes.drop(campaign=campaign)

    assert page.post(address(asked), {"picks": ["neutral"]}).status_code == 404
    assert page.get(URL).url == "/campaigns/feelings/welcome/"


def test_nothing_of_the_quiz_becomes_an_assignment_or_a_judgement(page, asked):
    page.post(address(asked), {"picks": ["neutral"]})

    assert (Assignment.objects.count(), Judgement.objects.count()) == (0, 0)


@pytest.fixture
def people_around(people, campaign, ada, ben, cleo, dan, quiz):
    """Eve rates in another campaign, Pia is paused, Finn rates here, too."""
    other = campaigns.create(slug="other", taxonomy=campaign.taxonomy)
    eve = campaigns.add_rater(campaign=other, user=people("Eve")).rater
    pia = campaigns.add_rater(campaign=campaign, user=people("Pia")).rater
    Membership.objects.filter(rater=pia).update(state="paused", paused_reason="Please call us")
    finn = campaigns.add_rater(campaign=campaign, user=people("Finn")).rater
    return {
        "ada": ada, "finn": finn, "pia": pia, "eve": eve, "cleo": cleo, "dan": dan, "ben": ben,
    }  # fmt: skip


# The quiz is for the campaign's own raters; what one is asked exists for nobody else.
ACCESS = {
    "GET quiz": {"ada": 200, "finn": 200, "pia": 200, "eve": 404, "cleo": 404, "dan": 404, "ben": 404},
    "POST quiz": {"ada": 302, "finn": 302, "pia": 200, "eve": 404, "cleo": 404, "dan": 404, "ben": 404},
    "GET answer": {"ada": 302, "finn": 404, "pia": 404, "eve": 404, "cleo": 404, "dan": 404, "ben": 404},
    "POST answer": {"ada": 422, "finn": 404, "pia": 404, "eve": 404, "cleo": 404, "dan": 404, "ben": 404},
}  # fmt: skip


@pytest.mark.parametrize("door", ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(door, browser, people_around, asked):
    method, name = door.split()
    url = {"quiz": URL, "answer": address(asked)}[name]

    got = {
        who: browser(person).generic(method, url).status_code
        for who, person in people_around.items()
    }

    assert got == ACCESS[door]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_strangers_sign_in_first(client, asked, method):
    for url in (URL, address(asked)):
        answer = client.generic(method, url)
        assert (answer.status_code, answer.url) == (302, f"/signin/?next={url}")


def test_paused_raters_read_why_and_are_asked_nothing(browser, people_around):
    for method in ("GET", "POST"):
        shown = browser(people_around["pia"]).generic(method, URL).text
        assert "Please call us" in shown
    assert QuizTry.objects.count() == 0


def test_a_closed_campaign_asks_nothing(page, asked, campaign):
    campaigns.change_state(campaign=campaign, state="paused")

    assert "not open" in page.get(URL).text
    assert "not open" in page.post(address(asked), {"picks": ["neutral"]}).text
    assert QuizAnswer.objects.get(id=asked.id).answered_at is None


def test_longer_quizzes_ask_no_more_queries(page, membership, quiz, take, add_posts, campaign):
    quizzes.change(campaign=campaign, pass_mark=1.0, tries=5)
    counts = []
    for _ in range(2):
        take(membership, right=1)
        with CaptureQueriesContext(connection) as asked:
            page.get(URL)
        counts.append(len(asked))
        for post in add_posts(campaign, "more", "and more"):
            gold.put(campaign_post=post, expected=["neutral"], use="quiz")

    assert counts[0] == counts[1]
