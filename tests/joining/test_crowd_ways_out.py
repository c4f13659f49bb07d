"""The two ways out of people who came by an entrance: done, or before the first post."""

import pytest

from annotation import assignments, campaigns, gold
from annotation.models import Campaign, Membership
from joining.models import Participant
from qualification.models import Quiz, QuizTry
from tests.joining.doors import HIT, WELCOME, came, judge

FINISHED = "/campaigns/feelings/finished/"
SCREENED_OUT = "/campaigns/feelings/screened-out/"


@pytest.fixture
def three_posts(campaign, add_posts):
    return add_posts(campaign, "one", "two", "three")


def test_whoever_is_done_gets_the_code_and_the_way_back(client, make, three_posts):
    participant = came(client, make())
    judge(participant, 2)

    page = client.get(FINISHED)

    assert page.status_code == 200
    assert "C0DE" in page.text
    assert 'href="https://app.prolific.com/submissions/complete?cc=C0DE"' in page.text
    assert "Back to Prolific" in page.text
    assert Participant.objects.get().finished_at is not None


def test_the_way_back_carries_the_ids_it_asks_for(client, make, three_posts):
    url = "https://lab.example/done?p={participant}&s={study}&a={assignment}"
    participant = came(client, make("mturk", completion_url=url, completion_code=""), HIT)
    judge(participant, 2)

    page = client.get(FINISHED)

    assert 'href="https://lab.example/done?p=A1EVE&amp;s=3XYZ&amp;a=3QQQ"' in page.text
    assert 'rel="noreferrer"' in page.text
    assert "Back to Mechanical Turk" in page.text


def test_whoever_is_not_done_learns_what_is_left_and_no_code(client, make, three_posts):
    participant = came(client, make())
    judge(participant, 1)

    page = client.get(FINISHED)

    assert "1 post is left" in page.text
    assert 'href="/campaigns/feelings/judge/"' in page.text
    assert "C0DE" not in page.text
    assert Participant.objects.get().finished_at is None


def test_whoever_has_judged_all_there_is_is_done(client, make, campaign, add_posts):
    add_posts(campaign, "only one")
    judge(came(client, make()), 1)

    assert "C0DE" in client.get(FINISHED).text


def test_whoever_found_no_post_at_all_is_led_back_without_a_code(client, make):
    came(client, make(screen_out_url="https://lab.example/out?p={participant}"))

    page = client.get(FINISHED, follow=True)

    assert page.redirect_chain == [(SCREENED_OUT, 302)]
    assert 'href="https://lab.example/out?p=5f1aEVE"' in page.text
    participant = Participant.objects.get()
    assert (participant.finished_at, participant.screened_out_at is None) == (None, False)


def test_skipping_everything_earns_no_code(client, make, campaign, add_posts):
    add_posts(campaign, "only one")
    participant = came(client, make())
    held = assignments.claim(campaign=campaign, rater=participant.rater)[0]
    assignments.skip(assignment=held)

    assert "C0DE" not in client.get(FINISHED, follow=True).text


def test_the_end_is_kept_whatever_comes_after(client, make, three_posts, campaign):
    judge(came(client, make()), 2)
    client.get(FINISHED)
    first = Participant.objects.get().finished_at
    Membership.objects.update(state="paused", quota=3)
    campaigns.change_state(campaign=campaign, state="paused")

    assert "C0DE" in client.get(FINISHED).text
    assert Participant.objects.get().finished_at == first


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"state": "paused", "paused_reason": "A word, please"}, 409, "A word, please"),
        ({"admitted": False}, 302, ""),
    ],
)
def test_whoever_may_not_judge_gets_no_code(client, make, three_posts, changed, status, sentence):
    came(client, make())
    Membership.objects.update(**changed)

    page = client.get(FINISHED)

    assert (page.status_code, sentence in page.text) == (status, True)
    assert "C0DE" not in page.text


def test_a_rater_with_an_account_is_thanked_without_a_code(client, make, campaign, ada):
    make()
    client.force_login(ada.user)

    page = client.get(FINISHED)

    assert "Thank you, you are done!" in page.text
    assert "C0DE" not in page.text


# The way out before the first post


@pytest.fixture
def out(client, make, campaign):
    """Eve, who has to pass a quiz first."""
    Campaign.objects.filter(id=campaign.id).update(entry_required=True)
    return came(client, make(screen_out_url="https://lab.example/out?s={session}"))


def fail_the_quiz(participant: Participant, add_posts) -> None:
    campaign = participant.entrance.campaign
    gold.put(campaign_post=add_posts(campaign, "quiz")[0], expected=["neutral"], use="quiz")
    Quiz.objects.create(campaign=campaign, tries=1)
    membership = participant.rater.memberships.get()
    QuizTry.objects.create(membership=membership, number=1, passed=False)


def test_whoever_failed_the_quiz_is_thanked_and_led_back(client, out, add_posts):
    fail_the_quiz(out, add_posts)

    page = client.get(SCREENED_OUT)

    assert "Thank you for your time" in page.text
    assert 'href="https://lab.example/out?s=61d3"' in page.text
    first = Participant.objects.get().screened_out_at
    client.get(SCREENED_OUT)
    assert Participant.objects.get().screened_out_at == first is not None


def test_whoever_has_failed_nothing_is_shown_the_next_step(client, out):
    page = client.get(SCREENED_OUT)

    assert (page.status_code, page.url) == (302, WELCOME)
    assert Participant.objects.get().screened_out_at is None


def test_whoever_would_rather_not_is_thanked_and_led_back(client, out):
    assert "Thank you for your time" in client.post(SCREENED_OUT).text
    assert Participant.objects.get().screened_out_at is not None
    assert client.get(SCREENED_OUT).status_code == 200


def test_whoever_judges_already_is_not_screened_out(client, make):
    came(client, make())

    assert client.post(SCREENED_OUT).url == WELCOME
    assert Participant.objects.get().screened_out_at is None


def test_a_rater_with_an_account_may_say_no_as_well(client, make, ada):
    make(screen_out_url="https://lab.example/out")
    Membership.objects.update(admitted=False)
    client.force_login(ada.user)

    page = client.post(SCREENED_OUT)

    assert "Thank you for your time" in page.text
    assert "lab.example" not in page.text


# Who may open what


@pytest.mark.parametrize("address", [FINISHED, SCREENED_OUT])
def test_the_ways_out_are_for_members(address, client, ada, cleo, ben, dan, campaign):
    got = {}
    for name, person in {"stranger": None, "cleo": cleo, "ben": ben, "dan": dan}.items():
        client.logout()
        if person:
            client.force_login(getattr(person, "user", person))
        got[name] = client.get(address).status_code

    assert got == {"stranger": 302, "cleo": 404, "ben": 404, "dan": 404}
