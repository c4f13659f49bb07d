"""What the tests of the pages share: a signed-in client, and a post on Ada's desk."""

import pytest


@pytest.fixture
def browser(client):
    """`browser(ada)`: the client, signed in as that person."""

    def sign_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return sign_in


@pytest.fixture
def posts(campaign, add_posts):
    return add_posts(campaign, "first post", "second post")


@pytest.fixture
def held(campaign, ada, posts):
    """The post on Ada's desk."""
    from annotation import assignments

    return assignments.claim(campaign=campaign, rater=ada)[0]


@pytest.fixture
def gold_post(campaign, add_posts):
    """A gold post that is right as entertained, and wrong as saddened."""
    from annotation import gold

    post = add_posts(campaign, "gold")[0]
    gold.put(campaign_post=post, expected=["entertained"], excluded=["saddened"])
    return post


@pytest.fixture
def mixed(campaign):
    """Sets the share of gold: `mixed(0.2)`."""
    from annotation import gold

    def change(share):
        gold.change_share(campaign=campaign, share=share)
        campaign.refresh_from_db()

    return change
