"""The verbs on entrances: one id is one rater, places hold, and ends are noted once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from annotation import assignments, campaigns, judgements
from annotation.errors import CampaignNotOpen, MembershipPaused, NotAdmitted
from annotation.models import Campaign, Membership, Rater
from joining import entrances
from joining.crowd_errors import (
    AlreadyTookPart,
    BadEntrance,
    EntranceClosed,
    EntranceFull,
    HasLeft,
)
from joining.crowd_rules import Ids
from joining.models import Entrance, Participant

EVE = Ids("5f1a", "study1", "session1")


@pytest.fixture
def entrance(campaign):
    return entrances.make(campaign=campaign, name="Pilot", kind="prolific", quota=2)


def member(participant: Participant) -> Membership:
    return Membership.objects.select_related("campaign", "rater").get(rater=participant.rater)


def judge(participant: Participant, count: int) -> None:
    for _ in range(count):
        campaign, rater = participant.entrance.campaign, participant.rater
        held = assignments.claim(campaign=campaign, rater=rater)[0]
        judgements.submit(assignment=held, picks=["neutral"])


def test_a_newcomer_becomes_a_rater_without_password_name_or_rights(entrance):
    participant = entrances.enter(entrance=entrance, ids=EVE)

    user = participant.rater.user
    assert not user.has_usable_password()
    assert (user.is_staff, user.is_superuser, user.email, user.groups.count()) == (
        False,
        False,
        "",
        0,
    )
    assert participant.rater.key == user.username
    assert "5f1a" not in user.username
    assert (member(participant).quota, member(participant).admitted) == (2, True)
    assert (participant.study, participant.session) == ("study1", "session1")


def test_a_newcomer_first_takes_the_steps_that_the_campaign_asks_for(entrance, campaign):
    Campaign.objects.filter(id=campaign.id).update(entry_required=True)

    participant = entrances.enter(entrance=entrance, ids=EVE)

    assert not member(participant).admitted


def test_the_same_id_is_the_same_rater(entrance):
    first = entrances.enter(entrance=entrance, ids=EVE)
    again = entrances.enter(entrance=entrance, ids=EVE)
    other = entrances.enter(entrance=entrance, ids=Ids("60bb", "study1", "session2"))

    assert again == first
    assert other.rater != first.rater
    assert Rater.objects.count() == 2


def test_the_latest_session_counts_until_one_is_finished(entrance):
    participant = entrances.enter(entrance=entrance, ids=EVE)

    entrances.enter(entrance=entrance, ids=Ids("5f1a", "study1", "session2"))
    participant.refresh_from_db()
    assert participant.session == "session2"

    entrances.finish(participant=participant)
    entrances.enter(entrance=entrance, ids=Ids("5f1a", "study1", "session3"))
    participant.refresh_from_db()
    assert participant.session == "session2"


def test_the_quota_holds_over_all_visits(entrance, add_posts, campaign):
    add_posts(campaign, "one", "two", "three")
    judge(entrances.enter(entrance=entrance, ids=EVE), 1)
    judge(entrances.enter(entrance=entrance, ids=EVE), 1)

    participant = entrances.enter(entrance=entrance, ids=EVE)

    assert assignments.claim(campaign=campaign, rater=participant.rater) == []
    assert entrances.judgements_left(member(participant)) == 0


def later(hours: int):
    return timezone.now() + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"is_open": False}, EntranceClosed),
        ({"closes_at": later(-1)}, EntranceClosed),
        ({"places": 1}, EntranceFull),
    ],
)
def test_who_is_in_may_come_back_when_nobody_new_may(entrance, changed, error):
    first = entrances.enter(entrance=entrance, ids=EVE)
    Entrance.objects.filter(id=entrance.id).update(**changed)

    with pytest.raises(error):
        entrances.enter(entrance=entrance, ids=Ids("60bb", "s", "t"))

    assert entrances.enter(entrance=entrance, ids=EVE) == first
    assert Rater.objects.count() == get_user_model().objects.count() == 1


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_nobody_comes_into_a_campaign_that_is_not_open(entrance, campaign, state):
    campaigns.change_state(campaign=campaign, state=state)
    entrance.campaign.refresh_from_db()

    with pytest.raises(EntranceClosed):
        entrances.enter(entrance=entrance, ids=EVE)


def test_an_entrance_may_close_later(entrance):
    entrances.change(entrance=entrance, closes_at=later(1))

    assert entrances.enter(entrance=entrance, ids=EVE)


def test_nobody_takes_part_twice_by_two_entrances_of_one_platform(entrance, campaign):
    main = entrances.make(campaign=campaign, name="Main", kind="prolific")
    entrances.enter(entrance=entrance, ids=EVE)

    with pytest.raises(AlreadyTookPart):
        entrances.enter(entrance=main, ids=EVE)


def test_two_labs_may_number_their_people_alike(campaign):
    labs = [entrances.make(campaign=campaign, name=name, kind="open") for name in "AB"]

    raters = {entrances.enter(entrance=lab, ids=Ids("7")).rater for lab in labs}

    assert len(raters) == 2


def test_another_campaign_knows_nothing_of_the_first(entrance, taxonomy):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    there = entrances.make(campaign=other, name="There", kind="prolific")

    here = entrances.enter(entrance=entrance, ids=EVE)
    there = entrances.enter(entrance=there, ids=EVE)

    assert there.rater != here.rater
    assert here.rater.memberships.get().campaign == entrance.campaign


@pytest.mark.parametrize("how", ["deleted", "inactive", "left"])
def test_whose_account_is_gone_does_not_come_back(entrance, how):
    participant = entrances.enter(entrance=entrance, ids=EVE)
    if how == "deleted":
        participant.rater.user.delete()
    elif how == "inactive":
        get_user_model().objects.update(is_active=False)
    else:
        Rater.objects.update(left_at=timezone.now())

    with pytest.raises(HasLeft):
        entrances.enter(entrance=entrance, ids=EVE)


def test_the_participant_is_known_by_the_membership(entrance, ada, campaign):
    participant = entrances.enter(entrance=entrance, ids=EVE)

    assert entrances.participant_of(member(participant)) == participant
    assert entrances.participant_of(campaign.memberships.get(rater=ada)) is None
    assert entrances.is_crowd_account(participant.rater.user)
    assert not entrances.is_crowd_account(ada.user)


def test_ends_are_noted_once(entrance):
    participant = entrances.enter(entrance=entrance, ids=EVE)

    for note, field in [
        (entrances.finish, "finished_at"),
        (entrances.screen_out, "screened_out_at"),
    ]:
        note(participant=participant)
        first = getattr(participant, field)
        note(participant=Participant.objects.get())
        assert first is not None
        assert getattr(Participant.objects.get(), field) == first


def test_the_end_is_there_when_the_quota_is_reached(entrance, add_posts, campaign):
    add_posts(campaign, "one", "two", "three")
    participant = entrances.enter(entrance=entrance, ids=EVE)

    assert not entrances.is_at_the_end(member(participant))
    judge(participant, 2)
    assert entrances.is_at_the_end(member(participant))


def test_the_end_is_there_when_no_post_is_left(entrance, add_posts, campaign):
    add_posts(campaign, "only one")
    participant = entrances.enter(entrance=entrance, ids=EVE)

    assert not entrances.is_at_the_end(member(participant))
    judge(participant, 1)
    assert entrances.is_at_the_end(member(participant))


def test_a_campaign_that_closes_meanwhile_leaves_no_post(entrance, add_posts, campaign):
    add_posts(campaign, "one", "two", "three")
    participant = entrances.enter(entrance=entrance, ids=EVE)

    campaigns.change_state(campaign=campaign, state="paused")
    with pytest.raises(CampaignNotOpen):
        entrances.is_at_the_end(member(participant))

    campaigns.change_state(campaign=campaign, state="closed")
    assert entrances.is_at_the_end(member(participant))


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"state": "paused"}, MembershipPaused), ({"admitted": False}, NotAdmitted)],
)
def test_whoever_may_not_judge_is_not_at_the_end(entrance, add_posts, campaign, changed, error):
    add_posts(campaign, "one", "two", "three")
    participant = entrances.enter(entrance=entrance, ids=EVE)
    Membership.objects.update(**changed)

    with pytest.raises(error):
        entrances.is_at_the_end(member(participant))


def test_forgetting_takes_the_ids_and_leaves_the_counts(entrance):
    rater = entrances.enter(entrance=entrance, ids=EVE).rater

    entrances.forget(rater=rater)

    forgotten = Participant.objects.get()
    assert forgotten.participant.startswith("forgotten-")
    assert (forgotten.study, forgotten.session) == ("", "")
    assert forgotten.rater == rater


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("completion_url", "javascript:alert(1)"),
        ("completion_url", "ftp://example.org/"),
        ("completion_url", "https://example.org/{name}"),
        ("screen_out_url", "data:text/html,x"),
        ("screen_out_url", "example.org"),
        ("quota", 0),
        ("places", 0),
        ("kind", "unheard"),
        ("name", ""),
    ],
)
def test_an_entrance_that_leads_nowhere_is_refused(campaign, field, value):
    fields = {"name": "Pilot", "kind": "prolific", field: value}

    with pytest.raises(BadEntrance) as refused:
        entrances.make(campaign=campaign, **fields)

    assert [fault["where"] for fault in refused.value.errors] == [field]
    assert not Entrance.objects.exists()


def test_a_refused_change_is_not_stored(entrance):
    with pytest.raises(BadEntrance):
        entrances.change(entrance=entrance, completion_url="javascript:alert(1)")

    assert Entrance.objects.get().completion_url == ""


def test_each_entrance_has_a_link_that_nobody_guesses(campaign):
    made = [entrances.make(campaign=campaign, name="x", kind="open") for _ in range(3)]

    assert len({entrance.token for entrance in made}) == 3
    assert min(len(entrance.token) for entrance in made) >= 20


def at_once(entrance: Entrance, ids: list[Ids]) -> list:
    """Enters with each of the ids, all at the same time; errors are handed back."""

    def enter(one: Ids):
        try:
            return entrances.enter(entrance=Entrance.objects.get(id=entrance.id), ids=one)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(ids)) as pool:
        return list(pool.map(enter, ids))


@pytest.mark.django_db(transaction=True)
def test_eight_first_visits_at_once_are_one_rater(entrance):
    came = at_once(entrance, [EVE] * 8)

    assert len(set(came)) == 1
    counted = [model.objects.count() for model in (Participant, Rater, Membership)]
    assert counted == [1, 1, 1]
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_places_hold_when_many_come_at_once(entrance):
    entrances.change(entrance=entrance, places=3)

    came = at_once(entrance, [Ids(f"p{number}", "s", "t") for number in range(8)])

    assert sum(isinstance(one, Participant) for one in came) == 3
    assert sum(isinstance(one, EntranceFull) for one in came) == 5
    assert Rater.objects.count() == get_user_model().objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_entrances_at_once_let_one_person_in_once(entrance, campaign):
    main = entrances.make(campaign=campaign, name="Main", kind="prolific")

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(lambda one: at_once(one, [EVE])[0], [entrance, main]))

    assert sorted(type(one).__name__ for one in came) == ["AlreadyTookPart", "Participant"]
    assert Rater.objects.count() == 1
