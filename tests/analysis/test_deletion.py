"""Analyses can be taken away again: all of what was brought, and nothing of anybody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreement import queries
from agreement.models import Change, Report
from analysis import analyses
from analysis.errors import BeingRead, InUse, NotBrought
from analysis.models import Analysis
from analysis.plans import Plan
from analysis.tasks import delete_campaign, read_file
from annotation import assignments, judgements
from annotation.models import (
    Campaign,
    CampaignPost,
    Judgement,
    Post,
    PostCount,
    Rater,
    WorkCount,
)
from snapshots.models import Snapshot
from taxonomy.models import Taxonomy

pytestmark = pytest.mark.django_db

ROWS = b"id,text,rater,label\n1,Sun,a,joy\n1,Sun,b,joy\n2,Fog,a,awe\n2,Fog,b,joy\n,Rain,a,awe\n"
KINDS = (
    Analysis, Campaign, CampaignPost, Post, Judgement, Rater, Taxonomy, PostCount, WorkCount,
    Change, Report,
)  # fmt: skip


def bring(name: str = "study") -> Analysis:
    analysis = analyses.ask(chunks=[ROWS], file_name="study.csv", name=name, plan=Plan())
    read_file(analysis.id)
    analysis.refresh_from_db()
    return analysis


def all_there_is() -> dict:
    return {kind.__name__: set(kind.objects.values_list("id", flat=True)) for kind in KINDS}


@pytest.fixture
def bens(client, ben):
    client.force_login(ben)
    return client


@pytest.fixture
def elsewhere(campaign, ada, add_posts):
    """A campaign in which Ada has judged, and another analysis."""
    add_posts(campaign, "first text")
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    judgements.submit(assignment=held, picks=["neutral"])
    bring("another study")


def test_whatever_was_brought_goes_and_nothing_else(elsewhere, settings):
    before = all_there_is()
    first, second = bring(), bring()
    assert first.campaign == second.campaign

    analyses.delete(analysis=first)

    assert all_there_is() == before
    assert not first.folder.exists() and not second.folder.exists()
    assert len(list(settings.ANALYSES_DIR.iterdir())) == 1


def test_the_same_name_can_be_used_again(elsewhere):
    analyses.delete(analysis=bring())

    again = bring()

    assert (again.state, again.counts["judgements"]) == ("ready", 4)


def test_what_others_use_stays(campaign):
    analysis = bring()
    shared = Post.objects.get(key="study/1")
    CampaignPost.objects.create(campaign=campaign, post=shared, wanted=2)

    analyses.delete(analysis=analysis)

    assert list(Post.objects.all()) == [shared]


def test_while_a_worker_reads_nothing_is_deleted():
    analysis = bring()
    waiting = analyses.ask(chunks=[ROWS], file_name="b.csv", name="Study", plan=Plan())
    Analysis.objects.filter(id=waiting.id).update(state="reading")
    before = all_there_is()

    for each in (analysis, waiting):
        with pytest.raises(BeingRead):
            analyses.delete(analysis=each)

    assert all_there_is() == before
    assert waiting.upload.exists()


def test_what_a_snapshot_rests_on_stays():
    analysis = bring()
    Snapshot.objects.create(campaign=analysis.campaign, name="x", rules=["soft"])
    before = all_there_is()

    with pytest.raises(InUse):
        analyses.delete(analysis=analysis)

    assert all_there_is() == before
    assert analysis.rejects.exists()


def test_a_campaign_in_which_people_judge_is_no_analysis(campaign, bens):
    with pytest.raises(NotBrought):
        analyses.delete_campaign(campaign=campaign)

    assert bens.post(reverse("analysis:delete-campaign", args=["feelings"])).status_code == 404
    assert Campaign.objects.get() == campaign


def test_rest_deletes_an_analysis(api, ben):
    url = f"/api/v1/analyses/{bring().id}/"

    assert api(ben).delete(url).status_code == 204
    assert api(ben).delete(url).json()["code"] == "unknown_analysis"
    assert not Campaign.objects.exists()


def test_of_many_judgements_a_worker_is_asked(api, ben, bens, monkeypatch):
    rung, analysis = [], bring()
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    monkeypatch.setattr(delete_campaign, "delay_on_commit", rung.append)

    assert api(ben).delete(f"/api/v1/analyses/{analysis.id}/").status_code == 202
    page = bens.post(reverse("analysis:delete-campaign", args=["study"]), follow=True)
    assert "will be gone in some minutes" in page.content.decode()
    assert rung == [analysis.campaign_id] * 2
    assert Judgement.objects.count() == 4

    for campaign_id in rung:
        delete_campaign(campaign_id)
    assert not Campaign.objects.exists() and not analysis.folder.exists()


def test_what_stays_is_said_before_a_worker_is_asked(api, ben, monkeypatch):
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    analysis = bring()
    Snapshot.objects.create(campaign=analysis.campaign, name="x", rules=["soft"])

    refused = api(ben).delete(f"/api/v1/analyses/{analysis.id}/")

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    delete_campaign(analysis.campaign_id)
    assert Judgement.objects.count() == 4


def test_the_overview_leads_to_a_page_that_says_what_goes(bens):
    bring()
    page = reverse("analysis:delete-campaign", args=["study"])
    assert f'href="{page}"' in bens.get("/campaigns/study/").content.decode()
    assert "<b>4 judgements</b>" in bens.get(page).content.decode()

    done = bens.post(page, follow=True)

    assert "The analysis “study” is deleted." in done.content.decode()
    assert not Analysis.objects.exists()


def test_to_say_what_goes_no_judgement_is_looked_at(bens):
    bring()
    address = reverse("analysis:delete-campaign", args=["study"])

    with CaptureQueriesContext(connection) as asked:
        assert "4 judgements" in bens.get(address).content.decode()

    assert not [each for each in asked if '"annotation_judgement"' in each["sql"]]


def test_a_page_says_why_it_stays(bens):
    Snapshot.objects.create(campaign=bring().campaign, name="x", rules=["soft"])

    refused = bens.post(reverse("analysis:delete-campaign", args=["study"]), follow=True)

    assert "snapshots rest on it" in refused.content.decode()
    assert Campaign.objects.exists()


def test_a_file_that_failed_can_be_deleted_from_its_page(bens):
    analysis = analyses.ask(chunks=[ROWS], file_name="study.csv", plan=Plan())
    Analysis.objects.update(state="failed", error="It was not to be.")
    page = bens.get(reverse("analysis:detail", args=[analysis.id])).content.decode()
    door = reverse("analysis:delete", args=[analysis.id])
    assert f'action="{door}"' in page

    bens.post(door)

    assert not Analysis.objects.exists() and not analysis.folder.exists()


def test_a_file_that_was_read_is_not_deleted_without_being_asked(bens):
    analysis = bring()

    answer = bens.post(reverse("analysis:delete", args=[analysis.id]))

    assert answer.url == reverse("analysis:delete-campaign", args=["study"])
    assert Judgement.objects.count() == 4


def test_only_admins_delete(client, api, ada, dan):
    analysis = bring()
    doors = [
        reverse("analysis:delete", args=[analysis.id]),
        reverse("analysis:delete-campaign", args=["study"]),
    ]

    assert [client.post(door).status_code for door in doors] == [302, 302]
    for user in (ada.user, dan):
        client.force_login(user)
        assert [client.post(door).status_code for door in doors] == [403, 403]
        assert api(user).delete(f"/api/v1/analyses/{analysis.id}/").status_code == 403
    page = client.get("/campaigns/study/").content.decode()
    assert "Delete this analysis" not in page
    assert Judgement.objects.count() == 4
