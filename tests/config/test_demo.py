"""The demo as people find it: its rater may judge at once, its door asks for every step."""

import pytest

from annotation import assignments
from annotation.models import CampaignPost, Membership
from config import demo
from joining.models import Participant
from tests.annotation.test_demo_content import read_lines


@pytest.fixture
def campaign(db, settings, tmp_path):
    settings.PATHOS_HOME = tmp_path
    return demo.create_campaign()


@pytest.fixture
def log_ins(campaign):
    return demo.add_people(campaign)


def test_its_rater_may_judge_at_once(campaign, log_ins):
    rater = Membership.objects.get(campaign=campaign).rater

    assert rater.user.get_username() == "rater"
    assert len(assignments.claim(campaign=campaign, rater=rater, count=3)) == 3


def test_its_door_leads_through_every_step(client, log_ins):
    pages = [client.post(log_ins.door, follow=True)]
    for address, said in [
        ("/campaigns/demo/consent/", {"version": "1"}),
        ("/my-strata/?then=demo", {}),
        ("/campaigns/demo/guideline/read/", {}),
    ]:
        pages.append(client.post(address, said, follow=True))

    assert [page.redirect_chain[-1][0] for page in pages] == [
        "/campaigns/demo/consent/",
        "/my-strata/?then=demo",
        "/campaigns/demo/guideline/?step=",
        "/campaigns/demo/quiz/",
    ]
    assert not Membership.objects.get(rater=Participant.objects.get().rater).admitted


def test_its_gold_is_what_the_file_says(campaign):
    kept = {row["post_id"]: row["use"] for row in read_lines("gold.jsonl")}

    placed = CampaignPost.objects.filter(campaign=campaign, gold__isnull=False)
    assert dict(placed.values_list("post__key", "state")) == kept


def test_its_crowd_meets_gold(campaign, monkeypatch):
    campaign.gold_share = 5 * campaign.gold_share  # so that few judgements are enough
    monkeypatch.setattr(demo, "JUDGEMENTS", 60)

    demo.let_the_crowd_judge(campaign)

    assert campaign.judgements.filter(gold_right=True).exists()


def test_loading_it_again_leaves_it_as_people_left_it(campaign, log_ins):
    membership = Membership.objects.get(campaign=campaign)
    Membership.objects.update(admitted=False)

    assert demo.add_people(campaign) == log_ins
    membership.refresh_from_db()
    assert (membership.admitted, campaign.entrances.count()) == (False, 1)


def test_a_demo_that_asks_for_nothing_lets_its_rater_in(campaign):
    campaign.consent_texts.all().delete()
    campaign.campaign_posts.filter(state=CampaignPost.State.QUIZ).delete()

    demo.add_people(campaign)

    assert Membership.objects.get(campaign=campaign).admitted
