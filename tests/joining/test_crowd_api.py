"""Entrances over REST, for admins."""

import pytest

from joining import entrances
from joining.crowd_rules import Ids
from joining.models import Entrance

ADDRESS = "/api/v1/campaigns/feelings/entrances/"


def test_an_admin_makes_one_and_gets_its_link(api, ben, campaign):
    asked = {"name": "Pilot", "kind": "prolific", "quota": 20, "completion_code": "C0DE"}

    answer = api(ben).post(ADDRESS, asked)

    entrance = Entrance.objects.get()
    assert answer.status_code == 201
    assert answer.data == {
        "id": entrance.id,
        "name": "Pilot",
        "kind": "prolific",
        "quota": 20,
        "places": None,
        "closes_at": None,
        "completion_code": "C0DE",
        "completion_url": "",
        "screen_out_url": "",
        "is_open": True,
        "made_at": answer.data["made_at"],
        "link": f"http://testserver/enter/{entrance.token}/?PROLIFIC_PID={{{{%PROLIFIC_PID%}}}}"
        "&STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}}",
        "entered": 0,
        "finished": 0,
        "screened_out": 0,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [("completion_url", "ftp://example.org/"), ("quota", 0), ("kind", "unheard"), ("name", "")],
)
def test_a_mistake_names_its_place(api, ben, campaign, field, value):
    answer = api(ben).post(ADDRESS, {"name": "Pilot", "kind": "open", field: value})

    assert answer.status_code == 400
    assert [fault["where"] for fault in answer.json()["errors"]] == [field]


def test_the_list_counts_and_tells_no_ids(api, ben, campaign):
    entrance = entrances.make(campaign=campaign, name="Pilot", kind="prolific")
    entrances.enter(entrance=entrance, ids=Ids("5f1aEVE", "s", "t"))

    answer = api(ben).get(ADDRESS)

    assert [one["entered"] for one in answer.data["results"]] == [1]
    assert "5f1aEVE" not in answer.content.decode()


def test_entrances_are_for_admins(api, campaign, ada, cleo, dan):
    got = [
        (api(person).get(ADDRESS).status_code, api(person).post(ADDRESS, {}).status_code)
        for person in (None, ada, cleo, dan)
    ]

    assert got == [(401, 401), (403, 403), (403, 403), (403, 403)]
