"""What the tests of joining share: a signed-in client, a member, and a campaign with every step."""

import pytest

from annotation.models import Membership


@pytest.fixture
def browser(client):
    """`browser(ada)`: the client, signed in as that person."""

    def sign_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return sign_in


@pytest.fixture
def member(ada):
    """Ada's part in the campaign."""
    return Membership.objects.select_related("campaign", "rater__user").get(rater=ada)


@pytest.fixture
def quiz(campaign, add_posts):
    """A quiz of one post, with one try."""
    from annotation.models import CampaignPost, Gold
    from qualification.models import Quiz

    post = add_posts(campaign, "What a day!")[0]
    CampaignPost.objects.filter(id=post.id).update(state="quiz")
    Gold.objects.create(campaign_post=post, expected=1)
    return Quiz.objects.create(campaign=campaign, tries=1)


@pytest.fixture
def every_step(campaign, quiz):
    """The campaign asks for consent, strata, the guideline and the quiz."""
    from joining import consents, entries

    consents.publish(campaign=campaign, text="We store what you judge.")
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=True)
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def make(campaign):
    """Makes an entrance; `make("mturk", quota=5)`."""

    def make(kind="prolific", **settings):
        from joining import entrances

        settings = {"quota": 2, "completion_code": "C0DE", **settings}
        return entrances.make(campaign=campaign, name="Pilot", kind=kind, **settings)

    return make
