"""Gold is told apart by nobody who judges, and is part of no figure."""

import json
import re
from io import StringIO

import pyarrow.parquet as parquet
import pytest
from django.core.management import call_command

from annotation import assignments, campaigns, gold, judgements, queries
from annotation.models import Assignment, Campaign, CampaignPost
from routing.models import Round, Selection

#: A share that no campaign can have: whatever can be gold is.
ALWAYS = 1.0


# Never told apart


def test_the_desk_tells_no_gold_apart(client, campaign, ada, add_posts, mixed):
    """The same post, once ordinary and once gold, makes the very same page but for its tokens."""
    client.force_login(ada.user)
    post, _ = add_posts(campaign, "post", "another")
    pages = [tokens_out(client.get("/campaigns/feelings/judge/").text)]
    hold_nothing()
    gold.put(campaign_post=post, expected=["entertained"], explanation="Known beforehand.")
    mixed(0.5)
    while not Assignment.objects.filter(campaign_post=post).exists():
        hold_nothing()
        page = client.get("/campaigns/feelings/judge/").text
    pages.append(tokens_out(page))

    assert pages[0] == pages[1]


def hold_nothing():
    Assignment.objects.all().delete()
    CampaignPost.objects.update(reserved=0)


def tokens_out(page):
    """The page without what is another one each time: tokens, keys, the assignment's number."""
    page = re.sub(r'(csrfmiddlewaretoken|idempotency_key)" value="[^"]+"', r"\1", page)
    page = re.sub(r"X-CSRFToken[^}]*}", "", page)
    page = re.sub(r"assignments/\d+", "assignments/n", page)
    return re.sub(r'(data-(?:assignment|expires|lease)[\w-]*|id)="[^"]*\d[^"]*"', r"\1", page)


def test_rest_tells_no_gold_apart(api, campaign, ada, gold_post, add_posts, mixed):
    add_posts(campaign, *(f"ordinary {n}" for n in range(9)))
    mixed(0.5)
    seen, client = {}, api(ada)
    while set(seen) != {True, False}:
        held = client.post("/api/v1/campaigns/feelings/assignments/", {"count": 1}, format="json")
        (assignment,) = held.json()["assignments"]
        answer = client.post(
            f"/api/v1/assignments/{assignment['id']}/judgement/",
            {"picks": ["neutral"], "seconds": 2, "next": False},
            format="json",
        )
        is_gold = assignment["post"]["id"] == gold_post.post.key
        seen[is_gold] = (shape(assignment), shape(answer.json()), answer.status_code)

    assert seen[True] == seen[False]


def shape(told):
    """The keys of a JSON answer, all the way down."""
    if isinstance(told, dict):
        return {key: shape(value) for key, value in sorted(told.items())}
    return [shape(one) for one in told] if isinstance(told, list) else type(told).__name__


# No part of any figure


@pytest.fixture
def judged_both(campaign, people, gold_post, add_posts):
    """Three raters have judged the gold post as well as three others."""
    add_posts(campaign, "one", "two", "three")
    CampaignPost.objects.exclude(id=gold_post.id).update(wanted=3)
    campaign.gold_share = ALWAYS
    for number, name in enumerate(("Eve", "Finn", "Gil")):
        rater = campaigns.add_rater(campaign=campaign, user=people(name)).rater
        while claimed := assignments.claim(campaign=campaign, rater=rater):
            post = claimed[0].campaign_post_id
            pick = "entertained" if post == gold_post.id else "neutral"
            other = "saddened" if number == post % 3 else pick
            judgements.submit(assignment=claimed[0], picks=[other])


def test_progress_leaves_gold_out(campaign, judged_both):
    shown = queries.with_progress(Campaign.objects.all()).get()

    assert (shown.posts, shown.done, shown.judged, shown.wanted) == (3, 3, 9, 9)


def test_agreement_leaves_gold_out(campaign, judged_both):
    told = StringIO()
    call_command("agreement", campaign="feelings", json=True, stdout=told)
    with_gold = json.loads(told.getvalue())

    assert (with_gold["posts"], with_gold["judgements"]) == (3, 9)
    assert with_gold["affects"]["entertained"]["votes"] in ([], [0, 0, 0], [0] * 5)


def test_routing_scores_and_asks_no_gold(campaign, judged_both, gold_post, add_posts):
    pool = add_posts(campaign, *(f"open {n}" for n in range(8)))
    call_command("route", campaign="feelings", strategy="uniform", budget=4, stdout=StringIO())

    chosen = Selection.objects.values_list("campaign_post_id", flat=True)
    assert len(chosen) == 4 and set(chosen) <= {post.id for post in pool}
    assert Round.objects.get().judgements == 9


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_leaves_gold_out(campaign, judged_both, gold_post, tmp_path):
    out = tmp_path / "snapshot"
    call_command("snapshot", campaign="feelings", rule=["votes>=2"], out=out, stdout=StringIO())

    for name in ("posts", "judgements", "labels"):
        keys = parquet.read_table(out / f"{name}.parquet", columns=["post_id"])["post_id"]
        assert set(keys.to_pylist()) == {"p2", "p3", "p4"}, name
