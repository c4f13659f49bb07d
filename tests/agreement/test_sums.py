from hypothesis import given

from agreement.sums import Sums
from agreement.table import Judgements
from tests.agreement.crowds import AFFECTS, crowds, table


def without(crowd, post):
    return {other: answers for other, answers in crowd.items() if other != post}


@given(crowds())
def test_the_sums_of_posts_are_the_sum_of_their_sums(crowd):
    total = Sums.of(table({}))
    for post, answers in crowd.items():
        total += Sums.of(table({post: answers}))

    assert total == Sums.of(table(crowd))


@given(crowds())
def test_a_post_is_taken_out_without_a_trace(crowd):
    post = next(iter(crowd), None)
    part = {post: crowd[post]} if crowd else {}

    assert Sums.of(table(crowd)) - Sums.of(table(part)) == Sums.of(table(without(crowd, post)))


@given(crowds())
def test_sums_are_read_back_as_they_were_stored(crowd):
    sums = Sums.of(table(crowd))

    assert Sums.from_bytes(sums.as_bytes()) == sums


def test_one_other_pick_makes_other_sums():
    one, other = (Judgements.of([(7, 1, 1), (7, 2, picks)], AFFECTS) for picks in (0, 2))

    assert Sums.of(one) != Sums.of(other)
