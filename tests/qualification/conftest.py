"""A campaign with a quiz of three posts: the first two are entertaining, the third is sad."""

import pytest

from annotation import gold
from qualification import quizzes


@pytest.fixture
def browser(client):
    """`browser(ada)`: the client, signed in as that person."""

    def sign_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return sign_in


@pytest.fixture
def quiz_posts(campaign, add_posts):
    posts = add_posts(campaign, "a goat at the baker's", "a priest orders pizza", "an empty chair")
    for post, expected, excluded in zip(
        posts,
        ("entertained", "entertained", "saddened"),
        ("saddened", "saddened", "entertained"),
        strict=True,
    ):
        gold.put(
            campaign_post=post,
            expected=[expected],
            excluded=[excluded],
            explanation=f"Because it is {expected}.",
            use="quiz",
        )
    return posts


@pytest.fixture
def membership(ada, campaign):
    return ada.memberships.get(campaign=campaign)


@pytest.fixture
def quiz(campaign, quiz_posts, membership):
    return quizzes.require(campaign=campaign)


@pytest.fixture
def take():
    """`take(membership, right=2)`: a whole try with that many right answers."""

    def answer_all(membership, *, right: int):
        started = quizzes.start(membership=membership)
        for place, asked in enumerate(started.answers.select_related("campaign_post__gold")):
            expected = "entertained" if asked.campaign_post.gold.expected == 1 else "saddened"
            picks = [expected] if place < right else ["neutral"]
            quizzes.answer(asked=asked, picks=picks)
        started.refresh_from_db()
        return started

    return answer_all
