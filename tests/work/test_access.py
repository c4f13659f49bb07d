"""Who may open which door of work."""

import pytest

from annotation import members
from annotation.models import Rater

DOORS = {
    "mine": "GET /work/",
    "export": "GET /work/my-data.json",
    "judgements": "GET /work/my-judgements.csv",
    "delete": "GET /work/delete/",
    "delete for good": "POST /work/delete/",
    "deleted": "GET /work/deleted/",
    "hours": "GET /campaigns/feelings/hours/",
    "hours csv": "GET /campaigns/feelings/hours.csv",
    "rest hours": "GET /api/v1/campaigns/feelings/hours/",
}

# Eve is paused in the campaign; Cleo judges elsewhere; Dan is the engineer, Ben the admin, and
# neither of them judges. 422: the door is open, the form empty.
RATERS = {"ada": 200, "eve": 200, "cleo": 200, "dan": 404, "ben": 404}
ADMINS = {"ada": 403, "eve": 403, "cleo": 403, "dan": 403, "ben": 200}
ACCESS = {
    "mine": RATERS,
    "export": RATERS,
    "judgements": RATERS,
    "delete": RATERS,
    "delete for good": {"ada": 422, "eve": 422, "cleo": 422, "dan": 404, "ben": 404},
    "deleted": dict.fromkeys(RATERS, 200),
    "hours": ADMINS,
    "hours csv": ADMINS,
}


@pytest.fixture
def eve(people, campaign) -> Rater:
    """A rater of the campaign who is paused."""
    from annotation import campaigns

    membership = campaigns.add_rater(campaign=campaign, user=people("Eve"))
    members.pause(membership=membership, reason="too fast")
    return membership.rater


@pytest.mark.parametrize("name", ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(name, browser, ada, eve, cleo, dan, ben):
    method, url = DOORS[name].split()
    people = {"ada": ada, "eve": eve, "cleo": cleo, "dan": dan, "ben": ben}

    got = {who: browser(person).generic(method, url).status_code for who, person in people.items()}

    assert got == ACCESS[name]


def test_rest_opens_for_admins(api, ada, eve, cleo, dan, ben):
    url = DOORS["rest hours"].split()[1]
    people = {"ada": ada, "eve": eve, "cleo": cleo, "dan": dan, "ben": ben}

    got = {who: api(person).get(url).status_code for who, person in people.items()}

    assert (got, api().get(url).status_code) == (ADMINS, 401)


@pytest.mark.parametrize("name", ACCESS.keys() - {"deleted"})
def test_strangers_are_sent_to_sign_in(name, client, campaign):
    method, url = DOORS[name].split()

    answer = client.generic(method, url)

    assert (answer.status_code, answer.url) == (302, f"/signin/?next={url}")


def test_whoever_has_left_may_read_the_last_page(client, db):
    assert client.get("/work/deleted/").status_code == 200
