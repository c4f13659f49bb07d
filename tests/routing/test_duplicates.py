"""Posts that say nearly the same are found, and only they."""

import numpy as np
import pytest

from annotation.models import CampaignPost
from routing import duplicates, heads, queries, rounds
from routing.models import NearDuplicate, Plan

STORY = "the mayor opened the new bridge over the river on sunday with a long and happy speech"
SAME = STORY + " today"
OTHER = "our cat has learnt to open the fridge and now nobody in this house has any cheese left"


def stands_for(texts: list[str], images: list[str] | None = None) -> list[int]:
    """For every text the number of the one that stands for it."""
    rows = heads.hashed(texts)
    keys = duplicates.bands(rows, images or [""] * len(texts))
    found = duplicates.representatives(keys, np.arange(len(texts)), lambda places: rows[places])
    return found.tolist()


CASES = [
    ([STORY, OTHER], [0, 1], "different stories"),
    ([STORY, STORY], [0, 0], "the same words"),
    ([STORY, OTHER, SAME], [0, 1, 0], "a word more"),
    ([STORY.upper(), STORY], [0, 0], "capitals say nothing new"),
    (["", "", "!"], [0, 1, 2], "nothing is known of posts without words"),
    ([], [], "no post at all"),
    ([STORY, SAME, SAME + " again"], [0, 0, 0], "a chain ends at its oldest post"),
]


@pytest.mark.parametrize(("texts", "expected", "why"), CASES)
def test_near_duplicates_have_one_representative(texts, expected, why):
    assert stands_for(texts) == expected, why


def test_posts_with_different_images_are_different_posts():
    assert stands_for([STORY] * 3, ["cat.png", "dog.png", "cat.png"]) == [0, 1, 0]


def test_similarity_is_jaccards():
    left, right = heads.hashed(["a b", "a b", ""]), heads.hashed(["a b", "a c", ""])

    # {a, b, "a b"} and {a, c, "a c"} share one of five.
    assert duplicates.similarity(left, right).tolist() == pytest.approx([1, 1 / 5, 0])


def test_of_a_thousand_slightly_changed_posts_nearly_all_are_found():
    """One word of forty is another one: three features of 79 differ on either side."""
    rng = np.random.default_rng(5)
    originals = [" ".join(f"w{n}" for n in rng.integers(5000, size=40)) for _ in range(1000)]
    changed = [text.replace(text.split()[7], "changed", 1) for text in originals]

    found = np.array(stands_for([*originals, *changed]))

    assert (found[:1000] == np.arange(1000)).all()
    assert (found[1000:] == np.arange(1000)).mean() > 0.98


def test_only_one_of_several_near_duplicates_is_drawn_and_the_others_say_why(campaign, add_posts):
    first, second, other = add_posts(campaign, STORY, SAME, OTHER)

    round = rounds.run(campaign=campaign, budget=3, seed=1)

    assert (round.pool_size, round.drawn, round.near_duplicates) == (2, 2, 1)
    drawn = round.selections.values_list("campaign_post_id", flat=True)
    assert set(drawn) == {first.id, other.id}
    pairs = NearDuplicate.objects.values_list("campaign_post_id", "representative_id")
    assert list(pairs) == [(second.id, first.id)]
    second.refresh_from_db()
    assert second.priority == -1


def test_a_post_that_repeats_a_judged_one_is_left_out(campaign, add_posts, judge):
    older, judged = add_posts(campaign, STORY, SAME)
    judge([judged], "neutral")
    (other,) = add_posts(campaign, OTHER)

    round = rounds.run(campaign=campaign, budget=3, seed=1)

    assert list(round.selections.values_list("campaign_post_id", flat=True)) == [other.id]
    assert NearDuplicate.objects.get().campaign_post_id == older.id


def test_a_post_whose_representative_is_withdrawn_comes_back(campaign, add_posts):
    first, second = add_posts(campaign, STORY, SAME)
    rounds.run(campaign=campaign, budget=2, seed=1)
    CampaignPost.objects.filter(id=first.id).update(state=CampaignPost.State.WITHDRAWN)

    round = rounds.run(campaign=campaign, budget=2, seed=1)

    assert list(round.selections.values_list("campaign_post_id", flat=True)) == [second.id]
    assert not NearDuplicate.objects.exists()


def test_a_plan_may_ask_for_every_post(campaign, add_posts):
    add_posts(campaign, STORY, SAME, OTHER)
    Plan.objects.create(campaign=campaign, collapses=False)

    round = rounds.run(campaign=campaign, budget=3, seed=1)

    assert (round.pool_size, round.near_duplicates) == (3, 0)


def test_other_campaigns_keep_their_near_duplicates(campaign, add_posts, taxonomy):
    from annotation import campaigns

    other = campaigns.create(slug="other", taxonomy=taxonomy)
    add_posts(other, STORY, SAME)
    rounds.run(campaign=other, budget=2, seed=1)
    add_posts(campaign, OTHER)

    rounds.run(campaign=campaign, budget=2, seed=1)

    assert NearDuplicate.objects.get().campaign_post.campaign_id == other.id


def test_the_pool_that_figures_speak_of_is_that_of_different_posts(campaign, add_posts):
    first, _, other = add_posts(campaign, STORY, SAME, OTHER)

    round = rounds.run(campaign=campaign, budget=1, seed=1)

    assert queries.pool_of(round).ids.tolist() == [first.id, other.id]
    assert queries.pool_of(round).propensities.tolist() == [0.5, 0.5]


def test_ben_sees_which_post_is_asked_in_whose_stead(campaign, add_posts, ben, client):
    first, second = add_posts(campaign, STORY, SAME)
    round = rounds.run(campaign=campaign, budget=2, seed=1)
    client.force_login(ben)
    pages = "/campaigns/feelings/routing/"

    of_round = client.get(f"{pages}{round.number}/").content.decode()
    of_first = client.get(f"{pages}posts/?key={first.post.key}", follow=True).content.decode()
    of_second = client.get(f"{pages}posts/?key={second.post.key}", follow=True).content.decode()

    assert "near-duplicate was left to another post" in of_round.replace("\n", " ")
    assert "1 near-duplicate</span>" in of_round
    assert "It stands for 1 near-duplicate:" in of_first and second.post.key in of_first
    assert "says nearly the same as another post" in of_second
    assert "near-duplicate of <a" in of_second and first.post.key in of_second


def test_dan_reads_near_duplicates_over_rest(campaign, add_posts, dan, api):
    first, second, _ = add_posts(campaign, STORY, SAME, OTHER)
    rounds.run(campaign=campaign, budget=2, seed=1)
    posts = "/api/v1/campaigns/feelings/routing/posts/"

    kept, left_out = (api(dan).get(f"{posts}{p.post.key}/").json() for p in (first, second))

    assert (kept["near_duplicates"], kept["near_duplicate_of"]) == ([second.post.key], None)
    assert (left_out["near_duplicates"], left_out["near_duplicate_of"]) == ([], first.post.key)
    assert api(dan).get("/api/v1/campaigns/feelings/rounds/1/").json()["near_duplicates"] == 1
