"""Invitations over REST."""

import pytest

from joining import invitations
from joining.models import Invitation

URL = "/api/v1/campaigns/feelings/invitations/"


def test_an_admin_makes_links_and_reads_them(api, ben, campaign):
    made = api(ben).post(URL, {"days": 3})
    mailed = api(ben).post(URL, {"email": "Eve@x.org"})

    assert (made.status_code, made.data["state"], made.data["email"]) == (201, "open", "")
    assert made.data["link"].startswith(f"http://testserver/join/{made.data['id']}.")
    listed = api(ben).get(URL).data["results"]
    assert [one["email"] for one in listed] == ["", "eve@x.org"]
    assert mailed.data == listed[1]


def test_the_same_address_again_is_the_same_link(api, ben, campaign):
    first, again = (api(ben).post(URL, {"email": "eve@x.org"}).data for _ in range(2))

    assert first == again
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("body", [{"email": "eve"}, {"days": 0}, {"days": 1000}, {"days": "x"}])
def test_what_makes_no_sense_is_refused_in_one_shape(body, api, ben, campaign):
    answer = api(ben).post(URL, body)

    assert answer.status_code == 400
    assert answer.data["errors"][0]["where"] == next(iter(body))


def test_links_are_for_admins_only(api, ben, ada, cleo, dan, campaign):
    invitations.make(campaign=campaign, by=ben)

    for person, status in [(None, 401), (ada, 403), (cleo, 403), (dan, 403), (ben, 200)]:
        assert api(person).get(URL).status_code == status
        assert api(person).post(URL, {"days": "x"}).status_code == (
            400 if person is ben else status
        )
