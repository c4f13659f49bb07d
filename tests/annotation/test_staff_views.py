"""The pages on which Ben runs campaigns."""

import pytest

from annotation import assignments, judgements
from annotation.models import CampaignPost, Flag


def test_ben_makes_a_campaign(browser, ben, taxonomy):
    form = browser(ben).get("/new-campaign/").context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    filled |= {"slug": "spring", "name": "Spring", "taxonomy": taxonomy.id, "frame": "universal"}
    filled["lease_minutes"] = 5

    page = browser(ben).post("/new-campaign/", filled, follow=True)
    again = browser(ben).post("/new-campaign/", filled)

    made = page.context["campaign"]
    assert page.redirect_chain == [("/campaigns/spring/", 302)]
    assert (made.lease_seconds, made.max_picks, made.raters_per_post) == (300, 2, 5)
    assert again.status_code == 422
    assert "Campaign with this Slug already exists." in again.text


def test_ben_adds_a_rater_who_has_an_account(browser, ben, cleo, campaign):
    unknown = browser(ben).post("/campaigns/feelings/raters/", {"username": "nobody"})
    known = browser(ben).post("/campaigns/feelings/raters/", {"username": "cleo"}, follow=True)

    assert unknown.status_code == 422
    assert "There is no account &#x27;nobody&#x27;." in unknown.text
    assert "cleo can judge here now." in known.text
    assert browser(cleo).get("/campaigns/feelings/judge/").status_code == 200


def test_ben_pauses_and_opens_a_campaign(browser, ben, campaign):
    for state in ("paused", "open"):
        browser(ben).post("/campaigns/feelings/state/", {"state": state})
        campaign.refresh_from_db()
        assert campaign.state == state


def test_the_overview_counts_what_there_is(browser, ben, held):
    judgements.submit(assignment=held, picks=["neutral"])

    shown = browser(ben).get("/campaigns/feelings/").context

    campaign, (membership,) = shown["campaign"], shown["memberships"]
    assert (campaign.posts, campaign.done, campaign.judged, campaign.wanted) == (2, 0, 1, 4)
    assert (membership.judged, membership.rater.key) == (1, "ada")


@pytest.mark.parametrize("decision", ["keep", "cover", "withdraw"])
def test_ben_decides_on_a_flag(decision, browser, ben, held):
    flag = assignments.flag(assignment=held, reason="It is not a real post")

    page = browser(ben).post(
        f"/campaigns/feelings/flags/{flag.id}/", {"post": decision}, follow=True
    )

    place = CampaignPost.objects.get(id=held.campaign_post_id)
    assert "not a real post" not in page.text
    assert Flag.objects.get().resolved_at
    assert place.state == {"keep": "open", "cover": "open", "withdraw": "withdrawn"}[decision]
    assert place.sensitive == (decision == "cover")
