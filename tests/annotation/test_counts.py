"""Stored counts are what counting comes to, whatever happens in between."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from annotation import assignments, campaigns, counts, gold, judgements, members, queries
from annotation.models import (
    Assignment,
    Campaign,
    CampaignPost,
    Judgement,
    Membership,
    PostCount,
    WorkCount,
)
from lib.errors import PathosError


def counted(campaign: Campaign) -> dict:
    """Every figure of the campaign by looking at its posts and judgements."""
    posts = list(CampaignPost.objects.filter(campaign=campaign))
    asked = [post for post in posts if post.state == "open"]
    withdrawn = [post for post in posts if post.state == "withdrawn"]
    made = Judgement.objects.filter(campaign=campaign, gold_right=None)
    own = sum(post.judged for post in withdrawn)
    return {
        "posts": len(asked),
        "done": sum(post.judged >= post.wanted for post in asked),
        "begun": sum(0 < post.judged < post.wanted for post in asked),
        "withdrawn": len(withdrawn),
        "judged": sum(post.judged for post in asked) + own,
        "wanted": sum(post.wanted for post in asked) + own,
        "set_aside": made.filter(set_aside=True).count(),
    }


def stored(campaign: Campaign) -> dict:
    shown = queries.with_progress(Campaign.objects.filter(id=campaign.id)).get()
    return {name: getattr(shown, name) for name in counted(campaign)}


def work(campaign: Campaign) -> dict:
    """Judgements of each rater, by stored counts."""
    shown = queries.with_work(campaign.memberships.all())
    return {membership.rater_id: membership.judged for membership in shown}


def work_counted(campaign: Campaign) -> dict:
    return {
        membership.rater_id: campaign.judgements.filter(rater=membership.rater_id).count()
        for membership in campaign.memberships.all()
    }


class Crowd:
    """What raters and admins may do, each act by a random hand."""

    def __init__(self, campaign, raters, ben, seed):
        self.campaign, self.raters, self.ben = campaign, raters, ben
        self.rng = random.Random(seed)

    def claim(self):
        assignments.claim(campaign=self.campaign, rater=self.rng.choice(self.raters), count=2)

    def submit(self):
        if held := self.held():
            judgements.submit(assignment=held, picks=["neutral"], seconds=2.0)

    def skip(self):
        if held := self.held():
            assignments.skip(assignment=held, reason="no")

    def expire(self):
        ended = timezone.now() - timedelta(hours=1)
        Assignment.objects.filter(state="offered").update(lease_expires_at=ended)
        assignments.release_ended_leases(campaign=self.campaign)

    def revise(self):
        if made := self.some(Judgement):
            judgements.revise(judgement=made, picks=[self.rng.choice(["saddened", "neutral"])])

    def withdraw(self):
        campaigns.withdraw_post(campaign_post=self.some(CampaignPost))

    def set_aside(self):
        again = self.rng.random() < 0.5
        part = self.some(Membership)
        members.set_aside(membership=part, reason="x", by=self.ben, ask_again=again, pause=False)

    def bring_back(self):
        members.bring_back(membership=self.some(Membership), by=self.ben)

    def make_gold(self):
        gold.put(campaign_post=self.some(CampaignPost), expected=["neutral"])

    def fold(self):
        counts.fold(campaign=self.campaign)

    def held(self):
        return self.one_of(assignments.live(self.campaign, self.rng.choice(self.raters)))

    def some(self, model):
        return self.one_of(model.objects.filter(campaign=self.campaign).order_by("id"))

    def one_of(self, rows):
        return self.rng.choice(found) if (found := list(rows)) else None


ACTS = [
    "claim", "claim", "submit", "submit", "submit", "skip", "expire", "revise", "withdraw",
    "set_aside", "bring_back", "make_gold", "fold",
]  # fmt: skip


@pytest.fixture
def crowd(campaign, posts, ada, ben, people, add_posts):
    add_posts(campaign, *(f"post {number}" for number in range(6)))
    eve = campaigns.add_rater(campaign=campaign, user=people("Eve")).rater
    return lambda seed: Crowd(campaign, [ada, eve], ben, seed)


@pytest.mark.parametrize("seed", range(10))
def test_stored_counts_are_what_counting_comes_to(seed, crowd):
    crowd = crowd(seed)

    for act in crowd.rng.choices(ACTS, k=60):
        with suppress(PathosError):
            getattr(crowd, act)()

    assert stored(crowd.campaign) == counted(crowd.campaign)
    assert work(crowd.campaign) == work_counted(crowd.campaign)
    assert counts.recount(campaign=crowd.campaign) == 0


def test_what_is_imported_is_counted(campaign, add_posts, ada, tmp_path):
    add_posts(campaign, "one", "two")
    file = tmp_path / "judgements.csv"
    rows = [f"{post.post.key},{who},neutral" for post in posts_of(campaign) for who in "xyz"]
    file.write_text("\n".join(["post_id,rater_id,picks", *rows]))

    call_command("import_judgements", str(file), campaign="feelings", verbosity=0)

    assert stored(campaign) == counted(campaign)
    assert stored(campaign)["judged"] == 6
    assert PostCount.objects.count() == 1
    assert work(campaign) == work_counted(campaign)


def posts_of(campaign):
    return campaign.campaign_posts.select_related("post")


def test_a_recount_finds_and_mends_what_is_wrong(campaign, posts, ada):
    (held,) = assignments.claim(campaign=campaign, rater=ada)
    judgements.submit(assignment=held, picks=["neutral"])
    PostCount.objects.filter(judged=1, posts=1).delete()
    WorkCount.objects.update(judgements=7)

    assert counts.recount(campaign=campaign) == 2
    assert stored(campaign) == counted(campaign)
    assert counts.recount(campaign=campaign) == 0


def test_folding_leaves_one_row_for_each_number(campaign, add_posts, ada):
    add_posts(campaign, "one", "two", "three")
    for _ in range(3):
        (held,) = assignments.claim(campaign=campaign, rater=ada)
        judgements.submit(assignment=held, picks=["neutral"])
    before = stored(campaign)

    counts.fold(campaign=campaign)

    assert stored(campaign) == before
    assert list(PostCount.objects.values_list("state", "wanted", "judged", "posts")) == [
        ("open", 2, 1, 3)
    ]
    assert list(WorkCount.objects.values_list("judgements", "set_aside", "gold")) == [(3, 0, 0)]


def test_a_claim_writes_no_difference(campaign, posts, ada):
    before = PostCount.objects.count()

    assignments.claim(campaign=campaign, rater=ada)

    assert PostCount.objects.count() == before


def test_progress_looks_at_no_post(campaign, posts, ada, django_assert_num_queries):
    """However many posts there are: the statement names no table of theirs."""
    with connection.execute_wrapper(_no_table("annotation_campaignpost", "annotation_judgement")):
        stored_only = queries.with_progress(Campaign.objects.all()).get()

    assert stored_only.posts == len(posts)


def _no_table(*tables: str):
    def execute(execute, sql, params, many, context):
        assert not [table for table in tables if f'"{table}"' in sql], sql
        return execute(sql, params, many, context)

    return execute
