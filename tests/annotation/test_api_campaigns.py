"""Campaigns over REST: raters see their own, admins make them."""

import pytest

from annotation import campaigns
from annotation.models import Campaign

pytestmark = pytest.mark.django_db

CAMPAIGNS = "/api/v1/campaigns/"


@pytest.fixture
def other(taxonomy, campaign):
    """A campaign in which Ada has no part."""
    return campaigns.create(slug="other", taxonomy=taxonomy)


def slugs(answer) -> list[str]:
    return [campaign["slug"] for campaign in answer.json()["results"]]


def test_a_rater_sees_her_own_campaigns(api, ada, other):
    answer = api(ada).get(CAMPAIGNS)

    assert answer.status_code == 200
    assert slugs(answer) == ["feelings"]


@pytest.mark.parametrize("who", ["ben", "dan"])
def test_admins_and_engineers_see_all(api, campaign, other, request, who):
    assert slugs(api(request.getfixturevalue(who)).get(CAMPAIGNS)) == ["feelings", "other"]


def test_nobody_sees_any_without_a_token(api, campaign):
    assert api().get(CAMPAIGNS).status_code == 401


def test_one_campaign_says_what_a_rater_must_know(api, ada, campaign):
    answer = api(ada).get(f"{CAMPAIGNS}feelings/").json()

    assert answer.pop("created_at")
    assert answer == {
        "slug": "feelings",
        "name": "Feelings",
        "state": "open",
        "question": "How might someone feel?",
        "frame": "universal",
        "taxonomy": "small v1",
        "raters_per_post": 2,
        "min_picks": 1,
        "max_picks": 2,
        "lease_seconds": 1800,
        "daily_limit": None,
        "break_after_minutes": 45,
        "support_text": "",
        "pay_per_hour": None,
        "pay_currency": "EUR",
        "leaves_out_sensitive": False,
    }


def test_a_campaign_of_others_does_not_exist_for_her(api, ada, other):
    assert api(ada).get(f"{CAMPAIGNS}other/").status_code == 404


def test_an_admin_makes_a_campaign(api, ben, taxonomy):
    answer = api(ben).post(
        CAMPAIGNS, {"slug": "study", "taxonomy": "small", "raters_per_post": 3, "max_picks": 1}
    )

    assert answer.status_code == 201
    assert (answer.json()["slug"], answer.json()["max_picks"]) == ("study", 1)
    assert Campaign.objects.get().raters_per_post == 3


@pytest.mark.parametrize(
    ("asked", "status", "where"),
    [
        ({"slug": "feelings", "taxonomy": "small"}, 400, ["slug"]),
        ({"slug": "a b", "taxonomy": "small"}, 400, ["slug"]),
        ({"slug": "s", "taxonomy": "large"}, 400, ["taxonomy"]),
        ({"slug": "s"}, 400, ["taxonomy"]),
        ({"slug": "s", "taxonomy": "small", "raters_per_post": 0}, 400, ["raters_per_post"]),
        ({"slug": "s", "taxonomy": "small", "frame": "shared"}, 400, ["frame"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_problem(api, ben, campaign, asked, status, where):
    answer = api(ben).post(CAMPAIGNS, asked)

    assert answer.status_code == status
    assert [fault["where"] for fault in answer.json()["errors"]] == where
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("who", ["ada", "dan"])
def test_only_admins_make_campaigns(api, campaign, request, who):
    answer = api(request.getfixturevalue(who)).post(CAMPAIGNS, {"slug": "s", "taxonomy": "small"})

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
