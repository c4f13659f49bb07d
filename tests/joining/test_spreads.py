"""Claims tell strata apart by a number that follows what raters declare, and nothing else."""

import pytest

from annotation import assignments, campaigns, judgements
from annotation.models import Membership
from joining import consents, entries, members, spreads, strata
from joining.errors import NothingToSpreadBy
from work import accounts


def stratum(rater) -> int | None:
    return Membership.objects.get(rater=rater).stratum


@pytest.fixture
def spread_by(campaign):
    """`spread_by("gender")`: posts go to raters of several genders."""

    def change(question: str) -> None:
        entries.change(campaign=campaign, asks_strata=True, shows_guideline=False, spread=question)

    return change


@pytest.mark.parametrize(
    ("question", "answer", "number"),
    [
        ("age_band", "18-24", 1),
        ("ideology", "nowhere", 6),
        ("gender", "two spirit", 0),  # own words are one stratum, so that nobody stands out
        ("gender", "", None),
    ],
)
def test_each_answer_of_a_list_has_a_number(question, answer, number):
    assert spreads.number(question, answer) == number


def test_the_number_follows_what_is_declared(ada, spread_by):
    spread_by("gender")
    assert stratum(ada) is None

    strata.declare(rater=ada, gender="woman", age_band="75+")
    assert stratum(ada) == 1

    strata.declare(rater=ada, gender="man")
    assert stratum(ada) == 2


def test_withdrawing_takes_it_away(ada, spread_by):
    spread_by("gender")
    strata.declare(rater=ada, gender="woman")

    strata.withdraw(rater=ada)

    assert stratum(ada) is None


def test_deleting_the_account_takes_it_away(ada, ben, spread_by):
    spread_by("gender")
    strata.declare(rater=ada, gender="woman")

    accounts.delete(rater=ada)

    assert stratum(ada) is None


def test_another_question_or_none_changes_it_for_all(ada, spread_by):
    strata.declare(rater=ada, gender="woman", age_band="35-44")
    assert stratum(ada) is None

    spread_by("gender")
    assert stratum(ada) == 1
    spread_by("age_band")
    assert stratum(ada) == 3
    spread_by("")
    assert stratum(ada) is None


def test_who_has_declared_elsewhere_brings_it_along(campaign, ada, spread_by, taxonomy):
    spread_by("gender")
    strata.declare(rater=ada, gender="man")
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    consents.publish(campaign=other, text="We store what you judge.")
    entries.change(campaign=other, asks_strata=True, shows_guideline=False, spread="gender")
    member = campaigns.add_rater(campaign=other, user=ada.user)
    consents.give(membership=member, consent_text=other.consent_texts.get())

    members.admit(membership=member)

    member.refresh_from_db()
    assert (member.admitted, member.stratum) == (True, 2)


@pytest.mark.parametrize(("asks", "question"), [(False, "gender"), (True, "location")])
def test_posts_are_spread_by_a_list_that_raters_are_asked_about(asks, question, campaign):
    with pytest.raises(NothingToSpreadBy):
        entries.change(campaign=campaign, asks_strata=asks, shows_guideline=False, spread=question)

    campaign.refresh_from_db()
    assert campaign.spread == ""


def test_posts_go_to_both_once_both_have_told(campaign, people, add_posts, spread_by):
    """From the answers on the page to the posts on the desk; each post wants two raters."""
    spread_by("gender")
    first, second = add_posts(campaign, "first", "second")
    seen = {}
    joined = {}
    for name, gender in (("Eve", "woman"), ("Fay", "woman"), ("Gil", "man")):
        joined[name] = campaigns.add_rater(campaign=campaign, user=people(name))
        strata.declare(rater=joined[name].rater, gender=gender)
        members.admit(membership=joined[name])

    for name, member in joined.items():
        (held,) = assignments.claim(campaign=campaign, rater=member.rater)
        judgements.submit(assignment=held, picks=["neutral"])
        seen[name] = held.campaign_post

    assert seen == {"Eve": first, "Fay": second, "Gil": first}
