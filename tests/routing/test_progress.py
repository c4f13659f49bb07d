"""How far raters came with rounds: exact for the newest, and now and then for the others."""

import pytest
from django.core.cache import cache

from agreement import live
from routing import progress, queries, rounds, yields


@pytest.fixture
def two(campaign, learnt):
    """Two rounds of four posts each, the newer one first."""
    for seed in (1, 2):
        rounds.run(campaign=campaign, strategy="uniform", budget=4, seed=seed)
    return campaign.rounds.order_by("-id")


def judge_drawn(round, judge, count: int) -> None:
    drawn = round.selections.select_related("campaign_post")
    judge([each.campaign_post for each in drawn[:count]], "neutral")


def test_drawn_posts_with_a_judgement_are_counted_round_by_round(two, judge):
    judge_drawn(two[0], judge, 3)
    judge_drawn(two[1], judge, 1)

    found = [each.asked for each in queries.with_progress(two)]

    assert found == [each.selections.filter(campaign_post__judged__gt=0).count() for each in two]
    assert found[0] >= 3 and found[1] >= 1


def test_the_newest_round_is_counted_for_every_visit_and_others_once_a_minute(two, judge):
    assert [each.asked for each in progress.asked(two)] == [0, 0]
    for round, count in zip(two, (2, 4), strict=True):
        judge_drawn(round, judge, count)

    newest, older = progress.asked(two.all())

    assert newest.asked >= 2 and older.asked == 0
    cache.delete(progress._key([older]))
    assert [each.asked for each in progress.asked(two.all())] == [
        each.asked for each in queries.with_progress(two.all())
    ]


def test_what_was_counted_of_an_unfinished_round_is_not_taken_for_that_of_a_finished_one(
    two, judge
):
    older = two[1]
    older.state = "running"
    before = progress._key([older])
    older.state = "done"

    assert progress._key([older]) != before


def test_the_page_of_a_round_tells_each_new_judgement(two, campaign, judge):
    live.current(campaign=campaign)
    newest = two[0]
    before = yields.shown(newest)
    judge_drawn(newest, judge, 2)

    found = [yields.shown(newest) for _ in range(2)]

    assert (before["judged"], found[0]["judged"]) == (0, 2)
    assert found[0] == found[1] == yields.report(newest)
    live.current(campaign=campaign)
    assert yields.shown(newest) == found[0]
    assert progress.asked(two)[0].asked == 2
