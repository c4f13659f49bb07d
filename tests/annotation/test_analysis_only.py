import pytest
from django.db import IntegrityError
from django.urls import reverse

from annotation import assignments, campaigns
from annotation.errors import AnalysisOnly, CampaignNotOpen
from annotation.models import Campaign, Membership, Rater
from joining import entrances, invitations
from routing import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(taxonomy):
    """A campaign of judgements that were made elsewhere."""
    return campaigns.create(slug="study", taxonomy=taxonomy, analysis_only=True)


def test_nobody_can_be_added_or_invited(study, people, ben):
    with pytest.raises(AnalysisOnly):
        campaigns.add_rater(campaign=study, user=people("Eve"))
    with pytest.raises(AnalysisOnly):
        invitations.make(campaign=study, by=ben)
    with pytest.raises(AnalysisOnly):
        invitations.make_many(campaign=study, emails=["eve@example.org"], by=ben)
    with pytest.raises(AnalysisOnly):
        entrances.make(campaign=study, name="Panel", kind="prolific")

    assert not study.memberships.exists()


def test_nothing_is_handed_out_even_to_a_member(study, add_posts):
    add_posts(study, "a post")
    rater = Rater.objects.create(key="study/1")
    Membership.objects.create(campaign=study, rater=rater)

    with pytest.raises(CampaignNotOpen):
        assignments.claim(campaign=study, rater=rater)


def test_no_round_draws_from_it(study, add_posts):
    add_posts(study, "a post")

    with pytest.raises(AnalysisOnly):
        rounds.ask(campaign=study, budget=1)


def test_it_stays_closed(study):
    with pytest.raises(AnalysisOnly):
        campaigns.change_state(campaign=study, state="open")
    with pytest.raises(IntegrityError):
        Campaign.objects.filter(id=study.id).update(state="open")


def test_its_pages_say_so(study, client, ben):
    client.force_login(ben)

    page = client.get("/campaigns/study/").content.decode()

    assert "Analysis only" in page
    for name in ("joining:people", "routing:rounds", "qualification:gold", "work:hours"):
        assert reverse(name, args=["study"]) not in page
