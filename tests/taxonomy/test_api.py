"""Taxonomies over REST, in the shape of their files."""

import pytest

from taxonomy.models import Taxonomy

pytestmark = pytest.mark.django_db

TAXONOMIES = "/api/v1/taxonomies/"
FILE = {
    "key": "t",
    "version": 1,
    "question": "What?",
    "affects": [{"key": "joy"}, {"key": "grief", "valence": "negative"}],
}


def test_whoever_is_signed_in_may_read_them(api, ada, taxonomy):
    answer = api(ada).get(TAXONOMIES)

    assert answer.status_code == 200
    listed = {found["key"]: found for found in answer.json()["results"]}
    assert sorted(listed) == ["affects", "small"]
    assert listed["small"]["max_picks"] == 2
    assert listed["small"]["affects"][0] == {
        "key": "entertained",
        "name": "Entertained",
        "definition": "",
        "example": "",
        "near_miss": "",
        "valence": "positive",
        "importance": 2.0,
        "personalised": True,
    }


def test_one_is_found_by_its_key_and_version(api, ada, taxonomy):
    assert api(ada).get(f"{TAXONOMIES}small/").json()["version"] == 1
    assert api(ada).get(f"{TAXONOMIES}small:1/").json()["version"] == 1

    missing = api(ada).get(f"{TAXONOMIES}small:2/")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_taxonomy")


def test_nobody_reads_them_without_a_token(api):
    assert api().get(TAXONOMIES).status_code == 401


def test_an_admin_loads_one_and_the_same_again_changes_nothing(api, ben):
    first = api(ben).post(TAXONOMIES, FILE)
    again = api(ben).post(TAXONOMIES, first.json())

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Taxonomy.objects.get(key="t").keys == ("joy", "grief")


def test_a_bad_one_is_a_problem_with_every_fault(api, ben):
    answer = api(ben).post(TAXONOMIES, {**FILE, "key": "T T", "version": 0})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_taxonomy")
    assert [fault["where"] for fault in answer.json()["errors"]] == ["key", "version"]


def test_one_that_a_campaign_uses_is_not_changed(api, ben, campaign):
    answer = api(ben).post(TAXONOMIES, {**FILE, "key": "small"})

    assert (answer.status_code, answer.json()["code"]) == (409, "taxonomy_frozen")


@pytest.mark.parametrize("who", ["ada", "dan"])
def test_only_admins_load_them(api, campaign, request, who):
    answer = api(request.getfixturevalue(who)).post(TAXONOMIES, FILE)

    assert answer.status_code == 403
    assert not Taxonomy.objects.filter(key="t").exists()
