"""Groups of posts that are alike, and what diversity makes of them."""

import numpy as np

from routing import clusters, heads, queries, rounds
from routing.models import Plan

TOPICS = ["cats purr and sleep on sofas", "trains run late in winter", "bread rises in the oven"]


def topic(number: int, count: int) -> list[str]:
    words = TOPICS[number].split()
    return [" ".join(np.roll(words, n)) + f" {number}x{n}" for n in range(count)]


def test_posts_about_the_same_are_in_the_same_group():
    texts = [*topic(0, 40), *topic(1, 40), *topic(2, 40)]
    rows = heads.hashed(texts)

    groups = clusters.find(rows, np.random.default_rng(1)).of(rows)

    shared = set(groups[:40]) & set(groups[40:80]) | set(groups[40:80]) & set(groups[80:])
    assert not shared


def test_groups_are_found_on_an_embedding_too():
    rng = np.random.default_rng(1)
    rows = np.concatenate([rng.normal(m, 0.1, (40, 8)) for m in np.eye(8)[:3]]).astype(np.float32)

    groups = clusters.find(rows, np.random.default_rng(1)).of(rows)

    assert not set(groups[:40]) & set(groups[40:])


def test_the_same_seed_makes_the_same_groups():
    rows = heads.hashed([*topic(0, 40), *topic(1, 40)])

    first, again = (clusters.find(rows, np.random.default_rng(3)).of(rows) for _ in range(2))

    assert first.tolist() == again.tolist()


def test_few_posts_are_one_group():
    rows = heads.hashed(["a", "b"])

    assert clusters.find(rows, np.random.default_rng(1)).of(rows).tolist() == [0, 0]


def test_diversity_gives_posts_of_a_small_group_the_better_chance(campaign, add_posts):
    """60 posts about cats, 20 about trains: no head knows anything, groups do."""
    posts = add_posts(campaign, *topic(0, 60), *topic(1, 20))
    Plan.objects.create(
        campaign=campaign, exploit=0, uncertainty=0, diversity=0.8, uniform=0.2, collapses=False
    )

    round = rounds.run(campaign=campaign, budget=10, seed=1)

    pi = queries.pool_of(round).of(np.array([post.id for post in posts]))
    assert round.heads["groups"] > 1
    assert pi[60:].mean() > pi[:60].mean()
    assert pi.min() >= 0.2 * 10 / 80
