"""Propensities and weights, read back from what rounds stored."""

import pytest

from annotation import assignments, campaigns, judgements
from routing import pins, queries, rounds


def judge_next(campaign, rater, count: int) -> list[int]:
    asked = []
    for _ in range(count):
        assignment = assignments.claim(campaign=campaign, rater=rater)[0]
        judgements.submit(assignment=assignment, picks=["neutral"])
        asked.append(assignment.campaign_post_id)
    return asked


def test_a_fully_judged_round_gives_its_own_propensities(campaign, ada, learnt):
    round = rounds.run(campaign=campaign, budget=6, seed=1)
    asked = judge_next(campaign, ada, 6)

    drawn = dict(round.selections.values_list("campaign_post_id", "propensity"))
    found = queries.propensities(campaign)
    assert found.keys() == set(asked)
    assert found == pytest.approx(drawn, rel=1e-6)
    assert queries.weights(campaign) == pytest.approx(
        {post: 1 / pi for post, pi in drawn.items()}, rel=1e-6
    )


def test_a_post_that_was_in_two_pools_combines_both(campaign, ada, pool):
    first = rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=1)
    asked_first = judge_next(campaign, ada, 6)
    second = rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=2)
    asked_second = judge_next(campaign, ada, 6)

    found = queries.propensities(campaign)
    assert (first.pool_size, second.pool_size) == (60, 54)
    assert [found[post] for post in asked_first] == pytest.approx([0.1] * 6)
    both = 1 - (1 - 6 / 60) * (1 - 6 / 54)
    assert [found[post] for post in asked_second] == pytest.approx([both] * 6)
    # λ = 1/2 each: half of 60 / 6 and, for the second estimate, known already; half of 54 / 6
    weights = queries.weights(campaign)
    assert [weights[post] for post in asked_first] == pytest.approx([5.5] * 6)
    assert [weights[post] for post in asked_second] == pytest.approx([4.5] * 6)
    assert sum(weights.values()) == pytest.approx(60)


def test_half_a_round_judged_halves_the_propensity(campaign, ada, pool):
    rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=1)
    judge_next(campaign, ada, 3)

    assert list(queries.propensities(campaign).values()) == pytest.approx([0.05] * 3)


def test_posts_judged_without_a_draw_are_not_in_it(campaign, ada, learnt):
    assert (queries.propensities(campaign), queries.weights(campaign)) == ({}, {})


def test_another_campaigns_rounds_do_not_count(campaign, taxonomy, add_posts, ada, pool):
    from annotation import campaigns

    other = campaigns.create(slug="other", taxonomy=taxonomy)
    add_posts(other, "one", "two")
    rounds.run(campaign=other, budget=2, seed=1)
    rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=1)
    asked = judge_next(campaign, ada, 6)

    assert queries.propensities(campaign).keys() == set(asked)


def test_the_number_of_statements_does_not_grow_with_the_pool(
    campaign, add_posts, learnt, django_assert_max_num_queries
):
    with django_assert_max_num_queries(75) as few:
        rounds.run(campaign=campaign, budget=3, seed=1)
    add_posts(campaign, *(f"more {n}" for n in range(200)))
    with django_assert_max_num_queries(len(few) + 2):
        rounds.run(campaign=campaign, budget=100, seed=1)


def test_near_duplicates_weigh_on_the_post_that_was_drawn_for_them(campaign, ada, add_posts, judge):
    same = add_posts(campaign, *["exactly the same words about the same old cat"] * 4)
    others = add_posts(campaign, "rain in the north", "bread and butter", "late trains again")
    round = rounds.run(campaign=campaign, strategy="uniform", budget=4, seed=1)
    judge_next(campaign, ada, 4)

    weights = queries.weights(campaign)

    assert (round.pool_size, round.near_duplicates) == (4, 3)
    assert weights == {same[0].id: 4.0} | {post.id: 1.0 for post in others}
    judge([same[1]], "neutral")
    assert queries.weights(campaign)[same[0].id] == 3.0


def test_the_size_of_the_pool_is_that_of_the_posts_a_round_may_draw(campaign, ada, ben, learnt):
    assert queries.pool_size(campaign) == queries.pool(campaign.campaign_posts).count() == 60

    judge_next(campaign, ada, 2)
    held = assignments.claim(campaign=campaign, rater=ada)[0].campaign_post_id
    free = [post for post in learnt if post.judged == 0 and post.id != held][10:13]
    pins.pin(campaign_post=free[0], by=ben)
    campaigns.withdraw_post(campaign_post=free[1])

    assert queries.pool_size(campaign) == queries.pool(campaign.campaign_posts).count() == 55


def test_judgements_to_learn_from_leave_out_what_is_set_aside(campaign, ada, learnt):
    before = queries.judgement_count(campaign)
    judge_next(campaign, ada, 3)

    campaign.judgements.filter(id=campaign.judgements.latest("id").id).update(set_aside=True)

    assert queries.judgement_count(campaign) == before + 2
