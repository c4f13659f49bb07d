"""The overview of a campaign: where it stands, when it ends, and what rooms above hang in."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from annotation import assignments, campaigns, counts, judgements, overview, queries
from annotation.models import Campaign, CampaignPost, Flag, Judgement, Rater

PAGE = "/campaigns/feelings/"


@pytest.fixture
def judge(campaign, ada, add_posts):
    """`judge(ada, days_ago=3)`: a judgement of a new post, made then."""

    def add(rater, *, days_ago=0, **more):
        add_posts(campaign, "one more")
        (held,) = assignments.claim(campaign=campaign, rater=rater)
        made = judgements.submit(assignment=held, picks=["neutral"])
        at = timezone.now() - timedelta(days=days_ago)
        Judgement.objects.filter(id=made.id).update(judged_at=at, **more)
        return made

    return add


def progress(campaign):
    return queries.with_progress(Campaign.objects.filter(id=campaign.id)).get()


def test_posts_are_done_half_judged_untouched_or_withdrawn(browser, ben, ada, campaign, add_posts):
    add_posts(campaign, *"abcdefg")
    ids = CampaignPost.objects.order_by("id").values_list("id", flat=True)
    for id, judged in zip(ids, (2, 2, 1, 1, 1, 0), strict=False):
        CampaignPost.objects.filter(id=id).update(judged=judged, reserved=judged)
    campaigns.withdraw_post(campaign_post=CampaignPost.objects.latest("id"))

    shown = browser(ben).get(PAGE).context

    found = shown["campaign"]
    assert (found.done, found.begun, shown["untouched"], found.withdrawn) == (2, 3, 1, 1)
    assert (found.posts, found.judged, found.wanted) == (6, 7, 12)


def test_judgements_are_shown_by_the_day_of_the_pages(campaign, ada, judge, settings):
    settings.TIME_ZONE = "Asia/Kolkata"  # half an hour off the others
    timezone.activate("Asia/Kolkata")
    made = judge(ada)
    midnight = queries.midnight()
    Judgement.objects.filter(id=made.id).update(judged_at=midnight - timedelta(seconds=1))
    Judgement.objects.filter(id=judge(ada).id).update(judged_at=midnight)

    try:
        before = queries.by_day(campaign, days=3)
        counts.fold(campaign=campaign)
        after = queries.by_day(campaign, days=3)
    finally:
        timezone.deactivate()

    assert [made for _, made in before] == [0, 1, 1]
    assert after == before
    assert before[-1][0] == datetime.fromisoformat(midnight.isoformat()).date()


def test_raters_at_work_are_counted_once(campaign, ada, judge, people):
    eve = campaigns.add_rater(campaign=campaign, user=people("Eve")).rater
    for rater, ago in ((ada, 0), (ada, 0), (ada, 3), (eve, 4), (eve, 30)):
        judge(rater, days_ago=ago)

    found = overview.pace(progress(campaign))

    assert (found.today, found.week) == (1, 2)


def test_the_end_follows_from_the_last_full_days(campaign, ada, judge, add_posts):
    judge(ada, days_ago=6)  # its day began at some hour
    for ago in (5, 4, 3, 2, 1):
        judge(ada, days_ago=ago), judge(ada, days_ago=ago)
    add_posts(campaign, *"abcdefghi")

    found = overview.pace(progress(campaign))

    left = 2 * 20 - 11
    assert (found.full_days, found.per_day, found.end.expected) == (5, 2.0, left / 2)
    assert found.expected - found.now == timedelta(days=left / 2)


def test_a_paused_campaign_has_no_end(campaign, ada, judge, add_posts):
    for ago in (6, 5, 4, 3, 2, 1):
        judge(ada, days_ago=ago)
    campaigns.change_state(campaign=campaign, state="paused")
    campaign.refresh_from_db()

    assert overview.pace(progress(campaign)).end is None


def test_the_page_says_when_all_will_be_done(browser, ben, ada, campaign, judge, add_posts):
    add_posts(campaign, "waits")
    assert "It is too early to say" not in browser(ben).get(PAGE).text
    judge(ada)
    assert "It is too early to say" in browser(ben).get(PAGE).text
    for ago in (6, 5, 4, 3, 2, 1):
        judge(ada, days_ago=ago)

    assert "At this pace all is done about" in browser(ben).get(PAGE).text


def test_every_panel_leads_to_its_page(browser, ben, ada, campaign, judge):
    judge(ada)

    page = browser(ben).get(PAGE).text

    for address in ("agreement/", "raters-quality/", "routing/", "snapshots/", "models/"):
        assert f'<h2 id="{heading(address)}"><a href="{PAGE}{address}">' in page


def heading(address: str) -> str:
    return {
        "agreement/": "agreement",
        "raters-quality/": "quality",
        "routing/": "routing",
        "snapshots/": "snapshot",
        "models/": "champion",
    }[address]


def test_the_headline_is_that_of_the_page_about_agreement(
    browser, ben, ada, campaign, people, add_posts
):
    add_posts(campaign, *"abcd")
    eve = campaigns.add_rater(campaign=campaign, user=people("Eve")).rater
    for rater, picks in ((ada, "nsnn"), (eve, "nssn")):
        for pick in picks:
            (held,) = assignments.claim(campaign=campaign, rater=rater)
            judgements.submit(assignment=held, picks=[{"n": "neutral", "s": "saddened"}[pick]])

    panel = browser(ben).get(PAGE).context["panels"][0]
    figures = browser(ben).get(f"{PAGE}agreement/").context["figures"]

    assert panel.shown["agreement"]["interrater"] == figures["interrater"] > 0
    assert [affect["name"] for affect in panel.shown["affects"][:2]] == ["Neutral", "Saddened"]
    assert [affect["share"] for affect in panel.shown["affects"][:2]] == ["62\u00a0%", "38\u00a0%"]


def test_long_lists_are_cut_and_counted(browser, ben, campaign, add_posts):
    raters = [Rater.objects.create(key=f"r{n:02}") for n in range(25)]
    campaign.memberships.bulk_create(
        campaign.memberships.model(campaign=campaign, rater=rater) for rater in raters
    )
    (post,) = add_posts(campaign, "odd")
    Flag.objects.bulk_create(Flag(campaign_post=post, rater=r, reason="odd") for r in raters)

    shown = browser(ben).get(PAGE).context

    assert (len(shown["memberships"]), shown["members"]) == (20, 25)
    assert (len(shown["flags"]), shown["flagged"]) == (10, 25)


def test_nothing_is_asked_where_labels_were_made_elsewhere(browser, ben, taxonomy):
    campaigns.create(slug="study", taxonomy=taxonomy, analysis_only=True)

    page = browser(ben).get("/campaigns/study/").content.decode()

    assert "nobody is asked anything" in page
    assert "at work" not in page
