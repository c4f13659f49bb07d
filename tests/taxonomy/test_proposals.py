"""What an affect of the next taxonomy might be: the verbs, and the door over REST."""

import doctest

import pytest

from taxonomy import files, proposals, taxonomies
from taxonomy.errors import AlreadyThere
from taxonomy.models import Proposal

pytestmark = pytest.mark.django_db

DOOR = "/api/v1/taxonomies/small/proposals/"


def test_a_proposal_is_kept_with_its_words_and_changes_no_taxonomy(taxonomy, ben):
    before = taxonomies.as_file(taxonomy)

    proposal = proposals.propose(
        taxonomy=taxonomy,
        name="  Mildly   confused ",
        note="Often",
        examples=["What?", " ", "What?", "Hm"],
        proposed_by=ben,
    )

    assert (proposal.name, proposal.note) == ("Mildly confused", "Often")
    assert proposal.examples == ["What?", "Hm"]
    assert list(proposals.standing(taxonomy)) == [proposal]
    assert taxonomies.as_file(taxonomy) == before


@pytest.mark.parametrize("name", ["Confused", "CONFUSED", "Saddened", "saddened"])
def test_what_is_there_is_not_proposed_again(taxonomy, name):
    proposals.propose(taxonomy=taxonomy, name="confused")

    with pytest.raises(AlreadyThere, match="already"):
        proposals.propose(taxonomy=taxonomy, name=name)


def test_what_was_withdrawn_is_gone_and_may_be_proposed_anew(taxonomy):
    proposal = proposals.propose(taxonomy=taxonomy, name="confused")

    proposals.withdraw(proposal=proposal)
    withdrawn_at = Proposal.objects.get().withdrawn_at
    proposals.withdraw(proposal=proposal)

    assert list(proposals.standing(taxonomy)) == []
    assert Proposal.objects.get().withdrawn_at == withdrawn_at
    proposals.propose(taxonomy=taxonomy, name="confused")


def test_proposals_outlive_the_version_they_were_made_for(taxonomy):
    proposal = proposals.propose(taxonomy=taxonomy, name="confused")
    raw = {"key": "small", "version": 2, "question": "What?", "affects": [{"key": "joy"}]}
    successor, _ = taxonomies.load(file=files.parse(raw))

    assert list(proposals.standing(successor)) == [proposal]


def test_the_key_of_a_name_is_one_that_a_file_may_hold():
    assert doctest.testmod(proposals) == (0, 1)
    assert proposals.key_of("Émue 2!") == "emue_2"


def test_rest_proposes_lists_and_withdraws(api, ben, dan, taxonomy):
    made = api(ben).post(DOOR, {"name": "Confused", "note": "Often", "examples": ["What?"]})

    assert made.status_code == 201
    listed = api(dan).get(DOOR).json()
    assert listed == [made.json()]
    assert {name: listed[0][name] for name in ("taxonomy", "version", "key", "name")} == {
        "taxonomy": "small",
        "version": 1,
        "key": "confused",
        "name": "Confused",
    }
    assert listed[0]["proposed_by"] == ben.username
    assert api(ben).delete(f"{DOOR}{listed[0]['id']}/").status_code == 204
    assert api(ben).delete(f"{DOOR}{listed[0]['id']}/").status_code == 404
    assert api(dan).get(DOOR).json() == []


def test_rest_refuses_what_is_there_and_what_has_no_name(api, ben, taxonomy):
    again = api(ben).post(DOOR, {"name": "Saddened"})
    nameless = api(ben).post(DOOR, {"name": " "})

    assert (again.status_code, again.json()["code"]) == (409, "already_there")
    assert nameless.status_code == 400


@pytest.mark.parametrize(
    ("who", "reads", "writes"), [("ben", 200, 201), ("dan", 200, 403), ("ada", 403, 403)]
)
def test_engineers_read_and_admins_propose(api, campaign, request, who, reads, writes):
    door = api(getattr(request.getfixturevalue(who), "user", request.getfixturevalue(who)))

    assert [door.get(DOOR).status_code, door.post(DOOR, {"name": "Odd"}).status_code] == [
        reads,
        writes,
    ]
