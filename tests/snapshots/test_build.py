"""What the files of a snapshot say, compared with a plain loop over the rows they come from."""

import json
from collections import defaultdict

import pandas as pd
import pytest

from annotation import campaigns
from annotation.models import Judgement
from taxonomy.rules import OTHER_BIT, keys_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def judged(campaign, add_posts, judge):
    """Posts with five, two and no judgements; the second one also has one that was set aside."""
    posts = add_posts(campaign, "A funny dog", "a FUNNY  dog", "Nobody saw this")
    for rater in ["ada", "bob", "cyd"]:
        judge(posts[0], rater, "touched", "entertained")
    judge(posts[0], "dov", other="wistful")
    judge(posts[0], "eve")
    judge(posts[1], "ada", "saddened", other="=1+1")
    judge(posts[1], "bob", "saddened", seconds=None)
    judge(posts[1], "cyd", "entertained", set_aside=True)
    return posts


def test_labels_say_what_a_plain_loop_over_the_judgements_says(judged, write, taxonomy):
    labels = pd.read_parquet(write("votes>=3", "votes>=1", "soft") / "labels.parquet")

    votes, raters = defaultdict(int), defaultdict(int)
    for judgement in Judgement.objects.filter(set_aside=False):
        key = judgement.campaign_post.post.key
        raters[key] += 1
        for affect in keys_of(judgement.picks, taxonomy.keys):
            votes[key, affect] += 1
        votes[key, "other"] += judgement.picks >> OTHER_BIT & 1
    expected = [
        {
            "post_id": key,
            "affect": affect,
            "votes": votes[key, affect],
            "raters": raters[key],
            "soft": votes[key, affect] / raters[key],
            "label_votes_3": None if raters[key] < 3 else int(votes[key, affect] >= 3),
            "label_votes_1": int(votes[key, affect] >= 1),
            "propensity": 1.0,
        }
        for key in ["p1", "p2"]
        for affect in [*taxonomy.keys, "other"]
    ]
    found = labels.astype(object).where(labels.notna(), None).to_dict("records")
    assert found == expected
