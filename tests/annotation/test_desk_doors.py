"""What the desk's script sends and hears: JSON at the same addresses as the forms."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation import assignments, campaigns, members
from annotation.care import RUN, Answer, word_on
from annotation.models import (
    Assignment,
    CampaignPost,
    Flag,
    Gold,
    Judgement,
    JudgementRevision,
    Membership,
)

AHEAD = "/campaigns/feelings/ahead/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def tell(browser, ada):
    """Sends what Ada's script would send: `tell(door, hold=3, picks=[...])`."""

    def send(door: str, who=ada, rater=None, **fields):
        body = {"rater": rater or ada.id, "idempotency_key": "k1", **fields}
        return browser(who).post(door, body, headers=JSON)

    return send


def door(held: Assignment, verb: str = "") -> str:
    return f"/assignments/{held.id}/{verb}"


def ended(held: Assignment, seconds: float = 1) -> None:
    over = timezone.now() - timedelta(seconds=seconds)
    Assignment.objects.filter(id=held.id).update(lease_expires_at=over)


def test_posts_come_ahead_and_their_leases_count(tell, campaign, ada, add_posts):
    add_posts(campaign, "one", "two", "three", "four")

    turn = tell(AHEAD, hold=3).json()

    live = list(assignments.live(campaign, ada))
    assert turn["held"] == [one.id for one in live] == [card["id"] for card in turn["cards"]]
    assert ["one" in turn["cards"][0]["html"], "three" in turn["cards"][2]["html"]] == [True, True]
    assert CampaignPost.objects.filter(reserved=1).count() == 3


def test_what_the_page_has_is_not_sent_again(tell, campaign, add_posts):
    add_posts(campaign, "one", "two", "three")
    first = tell(AHEAD, hold=2).json()

    again = tell(AHEAD, hold=3, have=f"{first['held'][0]},junk,{first['held'][1]}").json()

    assert again["held"][:2] == first["held"]
    assert [card["id"] for card in again["cards"]] == again["held"][2:]


def test_an_answer_is_stored_and_the_next_card_comes_with_the_receipt(tell, held, posts):
    turn = tell(door(held), picks=["neutral"], seconds="3.5", waited="0.01", hold=1).json()

    judgement = Judgement.objects.get()
    assert (judgement.picks, judgement.seconds) == (0b100, 3.5)
    assert turn["today"] == "1 judged today"
    assert "second post" in turn["cards"][0]["html"]


def test_an_answer_sent_twice_is_stored_once(tell, held):
    once = tell(door(held), picks=["neutral"], seconds="3.5", waited="0")
    twice = tell(door(held), picks=["neutral"], seconds="3.5", waited="9")

    assert (once.status_code, twice.status_code) == (200, 200)
    assert Judgement.objects.count() == 1
    assert JudgementRevision.objects.count() == 0


def test_an_answer_given_in_time_and_sent_late_is_taken(tell, held):
    ended(held, seconds=60)

    answer = tell(door(held), picks=["neutral"], waited="90")

    assert answer.status_code == 200
    assert Judgement.objects.get().assignment == held


def test_an_answer_given_too_late_is_told_kindly_and_its_time_is_kept(tell, held, posts):
    ended(held, seconds=60)

    answer = tell(door(held), picks=["neutral"], seconds="20", waited="5")

    held.refresh_from_db()
    assert answer.status_code == 410
    assert answer.json()["code"] == "lease_ended"
    assert "went back to the queue" in answer.json()["sentence"]
    assert "second post" in answer.json()["cards"][0]["html"]
    assert (held.seconds, Judgement.objects.count()) == (20, 0)


def test_what_was_said_last_counts_whichever_page_sends_last(tell, held):
    tell(door(held), picks=["neutral"])

    late = tell(door(held), picks=["saddened"], waited="60", idempotency_key="k2")
    assert late.status_code == 200
    assert Judgement.objects.get().picks == 0b100

    tell(door(held), picks=["saddened"], waited="0", idempotency_key="k3")
    assert Judgement.objects.get().picks == 0b10
    assert JudgementRevision.objects.get().picks == 0b100


def test_a_refused_answer_comes_back_with_its_card(tell, held):
    answer = tell(door(held), picks=["entertained", "saddened", "neutral"])

    body = answer.json()
    assert answer.status_code == 422
    assert "Please take 1 away." in body["sentence"]
    assert body["card"]["id"] == held.id
    assert "first post" in body["card"]["html"]


def test_a_withdrawn_post_is_told_kindly(tell, held, posts):
    campaigns.withdraw_post(campaign_post=held.campaign_post)

    answer = tell(door(held), picks=["neutral"])

    assert (answer.status_code, answer.json()["code"]) == (410, "post_withdrawn")


def test_skipping_keeps_the_reason_and_the_time(tell, held):
    reason = {"skip-reason": "I can’t tell", "seconds": "7.5"}
    turn = tell(door(held, "skip/"), **reason).json()

    held.refresh_from_db()
    assert (held.state, held.skip_reason, held.seconds) == ("skipped", "I can’t tell", 7.5)
    assert "second post" in turn["cards"][0]["html"]


def test_a_flag_leaves_the_post_on_the_desk(tell, held):
    turn = tell(door(held, "flag/"), have=held.id, **{"flag-reason": "It is not a real post"})

    assert Flag.objects.get().reason == "It is not a real post"
    assert (turn.json()["held"], turn.json()["cards"]) == ([held.id], [])


def test_somebody_elses_answers_wait_for_them(tell, cleo, held):
    """Cleo has signed in where Ada's answer still waits: it is neither stored nor thrown away."""
    answer = tell(door(held), who=cleo, picks=["neutral"])

    assert (answer.status_code, answer.json()["code"]) == (403, "other_rater")
    assert Judgement.objects.count() == 0


def test_a_signed_out_script_is_told_in_json(client, held):
    answer = client.post(door(held), {"picks": ["neutral"]}, headers=JSON)

    assert (answer.status_code, answer.json()) == (401, {"code": "signed_out"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "paused", "paused_reason": "Please call."}, "paused: Please call."),
        ({"admitted": False}, "One more step"),
        ({"quota": 0}, "That was the last post"),
        ({}, "Nothing left to judge"),
    ],
)
def test_when_there_is_no_post_the_script_is_told_why(change, words, tell, campaign):
    Membership.objects.update(**change)

    turn = tell(AHEAD).json()

    assert (turn["held"], turn["cards"]) == ([], [])
    assert words in turn["over"]


def test_gold_cannot_be_told_from_other_posts(tell, campaign, add_posts):
    gold, _other = add_posts(campaign, "one", "two")
    CampaignPost.objects.filter(id=gold.id).update(state="gold", wanted=32_767)
    Gold.objects.create(campaign_post=gold, expected=1)
    campaign.gold_share = 0.5
    campaign.save()

    cards = {"one": None, "two": None}
    while None in cards.values():
        Assignment.objects.all().delete()
        CampaignPost.objects.update(reserved=0)
        for card in tell(AHEAD, hold=2).json()["cards"]:
            text = "one" if "one" in card["html"] else "two"
            cards[text] = card["html"].replace(text, "…")

    assert cards["one"] == cards["two"]


def test_stopping_gives_back_what_is_held(browser, ada, campaign, held):
    page = browser(ada).post("/campaigns/feelings/stop/", follow=True)

    assert "see you soon" in page.text
    assert list(assignments.live(campaign, ada)) == []
    assert CampaignPost.objects.filter(reserved__gt=0).count() == 0


def test_sparing_takes_upsetting_posts_off_the_desk(browser, ada, campaign, held):
    CampaignPost.objects.filter(id=held.campaign_post_id).update(sensitive=True)

    page = browser(ada).post("/campaigns/feelings/spare/", {"spared": "1"}, follow=True)
    assert "You get no posts any more that may be upsetting." in page.text
    assert "second post" in page.text

    page = browser(ada).post("/campaigns/feelings/spare/", {"spared": "0"}, follow=True)
    assert "You get all kinds of posts again" in page.text
    assert not Membership.objects.get(rater=ada).avoids_sensitive


def test_a_covered_post_stays_covered_until_asked_for(browser, ada, campaign, held):
    CampaignPost.objects.filter(id=held.campaign_post_id).update(sensitive=True)

    page = browser(ada).get("/campaigns/feelings/judge/").text

    assert '<details class="veil" id="veil">' in page
    assert "Leave them out for me" in page


def test_whoever_is_not_admitted_is_led_to_the_steps(browser, ada, campaign):
    Membership.objects.update(admitted=False)

    answer = browser(ada).get("/campaigns/feelings/judge/")

    assert (answer.status_code, answer.url) == (302, "/campaigns/feelings/welcome/")


def same(number: int, **differs) -> list[Answer]:
    return [Answer(**({"picks": 1, "other": "", "seconds": 9.0} | differs))] * number


def test_only_an_answer_brings_a_soft_word(tell, campaign, add_posts):
    """Fetching posts ahead says nothing again that was said, and read, already."""
    add_posts(campaign, *(f"post {number}" for number in range(RUN + 1)))
    for number in range(RUN):
        held = tell(AHEAD, hold=1).json()["held"][0]
        answer = {"picks": ["neutral"], "idempotency_key": f"k{number}"}
        turn = tell(f"/assignments/{held}/", **answer).json()

    assert turn["word"].startswith("Your last 8 answers were all the same.")
    assert tell(AHEAD, hold=1).json()["word"] == ""


@pytest.mark.parametrize(
    ("latest", "begins"),
    [
        (same(RUN - 1) + same(1, picks=2), ""),
        (same(RUN) + same(1, picks=2), "Your last 8 answers were all the same."),
        (same(RUN + 1) + same(1, picks=2), ""),
        (same(2 * RUN) + same(1, picks=2), "Your last 8 answers were all the same."),
        (same(RUN, other="awe") + same(1), "Your last 8 answers were all the same."),
        (same(RUN, seconds=0.4) + same(1), "Your last answers came very quickly."),
        (same(RUN, seconds=None) + same(1, picks=2), "Your last 8 answers were all the same."),
        ([], ""),
    ],
)
def test_a_soft_word_comes_once_a_run(latest, begins):
    word = word_on(latest)

    assert word.startswith(begins) if begins else word == ""


def test_spared_raters_hold_only_what_may_stay(campaign, ada, add_posts):
    kept, upsetting = add_posts(campaign, "kept", "upsetting")
    CampaignPost.objects.filter(id=upsetting.id).update(sensitive=True)
    assignments.claim(campaign=campaign, rater=ada, count=2)

    members.spare(membership=Membership.objects.get(rater=ada), spared=True)

    assert [one.campaign_post_id for one in assignments.live(campaign, ada)] == [kept.id]
    assert CampaignPost.objects.get(id=upsetting.id).reserved == 0
