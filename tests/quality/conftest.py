"""A campaign in which one rater says the same of every post."""

import pytest
from hypothesis import settings

from annotation import campaigns
from annotation.models import Campaign, CampaignPost, Judgement, Membership, Rater
from tests.agreement.stored import judgement, ragged, store

# A busy machine is no failure: the examples count, not how long one of them takes.
settings.register_profile("quality", deadline=None)
settings.load_profile("quality")


@pytest.fixture
def judged(campaign) -> Campaign:
    """Seven raters, of whom r0 always says neutral, each a member of the campaign."""
    store(campaign, ragged(5, posts=60))
    Membership.objects.bulk_create(
        Membership(campaign=campaign, rater=rater)
        for rater in Rater.objects.filter(judgements__campaign=campaign).distinct()
    )
    Judgement.objects.filter(rater__key="r0").update(seconds=1.0)
    Judgement.objects.exclude(rater__key="r0").update(seconds=9.0)
    return campaign


@pytest.fixture
def liner(judged) -> Membership:
    """The part of r0 in the campaign."""
    return Membership.objects.get(campaign=judged, rater__key="r0")


@pytest.fixture
def add_gold():
    """Answers to gold: `add_gold(campaign, rater, right=3, wrong=1)`."""

    def add(campaign: Campaign, rater: Rater, *, right: int, wrong: int) -> None:
        from annotation.models import Gold
        from tests.agreement.stored import add_post

        for number in range(right + wrong):
            key = f"gold {number}"
            post = CampaignPost.objects.filter(campaign=campaign, post__key=key).first()
            if post is None:
                post = add_post(campaign, key, 0)
                CampaignPost.objects.filter(id=post.id).update(state="gold", wanted=32767)
                Gold.objects.create(campaign_post=post, expected=0b010, excluded=0b001)
            said = {"saddened"} if number < right else {"entertained"}
            judgement(post, rater, said, seconds=8.0, gold_right=number < right).save()

    return add


@pytest.fixture
def page(client):
    """`page(ben)`: the client, signed in as that person."""

    def sign_in(person):
        client.force_login(getattr(person, "user", person))
        return client

    return sign_in


@pytest.fixture
def elsewhere(taxonomy, people) -> Campaign:
    """Another campaign, whose raters and judgements must never show."""
    other = campaigns.create(slug="elsewhere", taxonomy=taxonomy)
    store(other, {"foreign": {"foreign rater": {"neutral"}, "r0": {"saddened"}}})
    for key in ("foreign rater", "r0"):
        rater = Rater.objects.get(key=key)
        Membership.objects.create(campaign=other, rater=rater)
    return other
