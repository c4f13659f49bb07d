"""Whoever has a step left to take gets no real post, by whichever door."""

import pytest

from annotation import access, assignments, queries
from annotation.models import Membership, Post
from joining import consents

PLANTED = "PLANTEDPOST"


@pytest.fixture
def held(campaign, ada, add_posts):
    """What Ada was handed before a step came; two more posts wait for her."""
    add_posts(campaign, *(f"{PLANTED} {number}" for number in range(3)), image="cat.png")
    return assignments.claim(campaign=campaign, rater=ada)[0]


@pytest.fixture
def unproven(held, quiz, campaign, ada) -> Membership:
    """Ada, now that consent and the quiz are asked for."""
    consents.publish(campaign=campaign, text="We store what you judge.")
    return Membership.objects.get(rater=ada)


def test_consent_that_is_asked_for_later_bars_the_desk(unproven):
    assert not unproven.admitted


@pytest.mark.parametrize(
    "address", ["welcome/", "consent/", "declined/", "guideline/", "quiz/", "finished/", "recent/"]
)
def test_no_page_shows_one(address, browser, unproven, ada):
    page = browser(ada).get(f"/campaigns/feelings/{address}", follow=True)

    assert page.status_code == 200
    assert PLANTED not in page.text


def test_rest_hands_none_out_and_says_why(api, unproven, ada):
    answer = api(ada).post("/api/v1/campaigns/feelings/assignments/", {"count": 3})

    assert (answer.status_code, answer.data["code"]) == (409, "not_admitted")
    assert PLANTED not in str(answer.data)


@pytest.mark.parametrize("address", ["posts/", "judgements/", ""])
def test_rest_lists_none(address, api, unproven, ada):
    answer = api(ada).get(f"/api/v1/campaigns/feelings/{address}")

    assert PLANTED not in str(answer.data)


def test_pictures_are_shown_of_the_quiz_and_of_what_is_held(unproven, held, ada):
    in_the_quiz, in_hand = Post.objects.get(body="What a day!"), held.campaign_post.post

    assert set(queries.shown_to(Post.objects.all(), ada)) == {in_the_quiz, in_hand}


def test_pictures_of_all_posts_are_shown_once_admitted(unproven, ada, campaign, cleo):
    Membership.objects.update(admitted=True)

    assert queries.shown_to(Post.objects.all(), ada).count() == 4
    assert queries.shown_to(Post.objects.all(), cleo).count() == 0


@pytest.mark.parametrize("change", [{"admitted": False}, {"admitted": True, "state": "paused"}])
def test_what_is_held_may_still_be_judged(change, api, unproven, held, ada):
    Membership.objects.update(**change)
    address = f"/api/v1/assignments/{held.id}/judgement/"

    answer = api(ada).post(address, {"picks": ["neutral"], "next": True})

    assert answer.status_code == 201
    assert answer.data["next"] is None
    assert access.get_rater_for(ada.user).judgements.count() == 1
