"""Gold over REST: engineers read it, admins bring it in, raters see nothing of it."""

import pytest

from annotation import gold
from annotation.models import Gold
from qualification.models import Quiz

URL = "/api/v1/campaigns/feelings/gold/"
ROW = {"post_id": "p1", "expected": ["entertained"], "excluded": ["saddened"], "use": "quiz"}


@pytest.fixture
def post(campaign, add_posts):
    return add_posts(campaign, "one")[0]


def test_admins_bring_gold_in_and_engineers_read_it(api, ben, dan, post):
    brought = api(ben).post(URL, [ROW, {**ROW, "post_id": "p9"}], format="json")

    assert brought.status_code == 207
    assert brought.json() == {
        "added": 1, "changed": 0, "unchanged": 0, "rejected_total": 1,
        "rejected": [
            {
                "row": 2, "field": "post_id", "id": "p9",
                "reason": "'p9' is no post of this campaign; bring it in first",
            }
        ],
    }  # fmt: skip
    assert Quiz.objects.exists()
    assert api(dan).get(URL).json()["results"] == [
        {
            "post_id": "p1", "use": "quiz", "expected": ["entertained"], "excluded": ["saddened"],
            "explanation": "", "answered": 0, "right": 0,
        }
    ]  # fmt: skip


def test_the_same_rows_again_change_nothing(api, ben, post):
    api(ben).post(URL, [ROW], format="json")

    again = api(ben).post(URL, [ROW], format="json").json()

    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)


@pytest.mark.parametrize(("who", "reads", "writes"), [("ada", 403, 403), ("cleo", 403, 403),
                                                      ("dan", 200, 403), ("ben", 200, 200),
                                                      (None, 401, 401)])  # fmt: skip
def test_each_door_opens_for_those_it_is_meant_for(
    who, reads, writes, api, ada, cleo, dan, ben, post
):
    person = {"ada": ada, "cleo": cleo, "dan": dan, "ben": ben, None: None}[who]

    got = api(person).get(URL).status_code, api(person).post(URL, [ROW], format="json").status_code

    assert got == (reads, writes)
    assert Gold.objects.count() == (1 if writes == 200 else 0)


def test_longer_lists_ask_no_more_queries(
    api, dan, campaign, add_posts, django_assert_max_num_queries
):
    for post in add_posts(campaign, "one", "two", "three", "four"):
        gold.put(campaign_post=post, expected=["neutral"])
    client = api(dan)

    with django_assert_max_num_queries(5):
        assert len(client.get(URL).json()["results"]) == 4
