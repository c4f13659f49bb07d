"""Who may open what of joining."""

import pytest

from annotation import campaigns
from annotation.models import Membership
from joining import consents, invitations
from joining.invitation_links import path_of


@pytest.fixture
def doors(campaign, ada) -> dict[str, str]:
    """Every address: the way to ask, then the address. Those of entrances have a table of theirs."""
    consents.publish(campaign=campaign, text="We store what you judge.")
    invitation = invitations.make(campaign=campaign, by=None)
    return {
        "join": f"GET {path_of(invitation)}",
        "strata": "GET /my-strata/",
        "next": "GET /campaigns/feelings/welcome/",
        "consent": "GET /campaigns/feelings/consent/",
        "withdraw-consent": "POST /campaigns/feelings/consent/withdraw/",
        "declined": "GET /campaigns/feelings/declined/",
        "guideline-read": "POST /campaigns/feelings/guideline/read/",
        "people": "GET /campaigns/feelings/joining/",
        "entry": "POST /campaigns/feelings/joining/entry/",
        "publish-consent": "POST /campaigns/feelings/joining/consent/",
        "invite": "POST /campaigns/feelings/joining/invitations/",
        "invite-many": "POST /campaigns/feelings/joining/invitations/csv/",
        "send": "POST /campaigns/feelings/joining/invitations/send/",
        "links": "GET /campaigns/feelings/joining/invitations.csv",
        "invitation": f"POST /campaigns/feelings/joining/invitations/{invitation.id}/",
    }


# Cleo judges elsewhere, Pat is paused, Dan is the engineer, Ben the admin. Strangers sign in first,
# except where the link itself lets them in. 422: the door is open, the form empty.
RATERS = {"stranger": "sign in", "ada": 302, "cleo": 404, "pat": 302, "dan": 404, "ben": 404}
PAGES = {**RATERS, "ada": 200, "pat": 200}
STAFF = {"stranger": "sign in", "ada": 403, "cleo": 403, "pat": 403, "dan": 403}
ACCESS = {
    "join": {"stranger": 200, "ada": 302, "cleo": 200, "pat": 302, "dan": 200, "ben": 200},
    "strata": {**PAGES, "cleo": 200},
    "next": RATERS,
    "consent": PAGES,
    "withdraw-consent": RATERS,
    "declined": PAGES,
    "guideline-read": RATERS,
    "people": {**STAFF, "ben": 200},
    "entry": {**STAFF, "ben": 302},
    "publish-consent": {**STAFF, "ben": 422},
    "invite": {**STAFF, "ben": 422},
    "invite-many": {**STAFF, "ben": 422},
    "send": {**STAFF, "ben": 302},
    "links": {**STAFF, "ben": 200},
    "invitation": {**STAFF, "ben": 302},
}


@pytest.fixture
def pat(campaign, people):
    """A rater who is paused."""
    membership = campaigns.add_rater(campaign=campaign, user=people("Pat"))
    Membership.objects.filter(id=membership.id).update(state="paused", paused_reason="a break")
    return membership.rater


@pytest.mark.parametrize("name", ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(
    name, browser, client, pat, doors, ada, cleo, dan, ben
):
    method, url = doors[name].split()

    def ask(person) -> int | str:
        client.logout() if person is None else browser(person)
        answer = client.generic(method, url)
        to_sign_in = answer.status_code == 302 and answer.url == f"/signin/?next={url}"
        return "sign in" if to_sign_in else answer.status_code

    who = {"stranger": None, "ada": ada, "cleo": cleo, "pat": pat, "dan": dan, "ben": ben}
    assert {name: ask(person) for name, person in who.items()} == ACCESS[name]


def test_the_table_names_every_address_of_joining(doors):
    from joining import crowd_urls
    from joining.urls import urlpatterns

    of_entrances = {pattern.name for pattern in crowd_urls.urlpatterns}
    assert {pattern.name for pattern in urlpatterns} - of_entrances == set(ACCESS) == set(doors)


@pytest.mark.parametrize("url", ["withdraw-consent", "guideline-read", "entry", "send"])
def test_what_changes_something_is_not_done_by_a_link(url, browser, doors, ada, ben):
    person = ada if url in ("withdraw-consent", "guideline-read") else ben

    assert browser(person).get(doors[url].split()[1]).status_code == 405


def test_an_invitation_of_another_campaign_is_not_there(browser, ben, campaign, taxonomy):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    invitation = invitations.make(campaign=other, by=ben)

    answer = browser(ben).post(f"/campaigns/feelings/joining/invitations/{invitation.id}/")

    assert answer.status_code == 404
    invitation.refresh_from_db()
    assert invitation.state == "open"
