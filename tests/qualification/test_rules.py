"""Who passes, and what a try asks."""

from random import Random

import pytest

from qualification.rules import choose, passes, right_needed


@pytest.mark.parametrize(
    ("right", "asked", "mark", "passed"),
    [
        (4, 5, 0.8, True),  # just so
        (3, 5, 0.8, False),
        (7, 10, 0.7, True),  # no rounding stands in the way
        (2, 3, 0.67, False),  # two thirds are less than 67 %
        (0, 5, 0.0, True),  # a quiz that only teaches
        (0, 0, 0.0, False),  # but it has to ask something
    ],
)
def test_a_try_passes_with_the_mark_or_more(right, asked, mark, passed):
    assert passes(right, asked, mark) == passed


@pytest.mark.parametrize("mark", [0.0, 0.5, 0.67, 0.7, 0.8, 0.9, 1.0])
def test_what_is_needed_is_the_least_that_passes(mark):
    for asked in range(1, 30):
        needed = right_needed(asked, mark)

        assert passes(needed, asked, mark)
        assert needed == 0 or not passes(needed - 1, asked, mark)


def test_a_try_asks_none_of_the_posts_of_the_try_before_while_others_are_enough():
    chosen = choose(range(10), known={0, 1, 2, 3}, count=5, rng=Random(1))

    assert len(set(chosen)) == 5
    assert not set(chosen) & {0, 1, 2, 3}


def test_known_posts_fill_up_what_others_leave_open():
    chosen = choose(range(4), known={0, 1, 2}, count=3, rng=Random(1))

    assert len(set(chosen)) == 3
    assert 3 in chosen


def test_every_order_of_a_try_comes_up():
    orders = {tuple(choose(range(3), (), 3, Random(seed))) for seed in range(60)}

    assert len(orders) == 6


def test_known_posts_do_not_come_last_only():
    places = {choose(range(4), {0, 1, 2}, 4, Random(seed)).index(3) for seed in range(60)}

    assert places == {0, 1, 2, 3}
