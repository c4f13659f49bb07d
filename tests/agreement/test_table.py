"""The table says the same however its rows lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.report import compute
from agreement.table import Judgements, tally
from tests.agreement.crowds import crowds, table


def shuffled(judgements: Judgements, seed: int) -> Judgements:
    order = np.random.default_rng(seed).permutation(len(judgements.posts))
    columns = (judgements.posts, judgements.raters, judgements.picks)
    return Judgements(*(column[order] for column in columns), judgements.affects)


def by_post(judgements: Judgements) -> dict:
    """The raters and picks of every judged post, from the blocks."""
    posts, raters = judgements.ids_of_all
    return {
        int(posts[block.posts[at]]): set(
            zip(raters[block.raters[:, at]].tolist(), block.picks[:, at].tolist(), strict=True)
        )
        for block in judgements.blocks_of_all
        for at in range(len(block.posts))
    }


@given(crowds(), st.integers(0, 2**32))
def test_posts_keep_their_judgements_in_any_order_of_rows(crowd, seed):
    judgements = table(crowd)

    found = shuffled(judgements, seed)

    assert by_post(found) == by_post(judgements)
    assert found.judged_posts == judgements.judged_posts == len(judgements.ids_of_all[0])
    ids, raters, votes = tally(found)
    assert sorted(zip(ids.tolist(), raters.tolist(), votes.tolist(), strict=True)) == sorted(
        zip(*(column.tolist() for column in tally(judgements)), strict=True)
    )


@given(crowds(), st.integers(0, 2**32))
def test_figures_are_the_same_in_any_order_of_rows(crowd, seed):
    judgements = table(crowd)

    figures, found = compute(judgements), compute(shuffled(judgements, seed))

    for name in ("posts", "judgements", "raters", "compared"):
        assert found[name] == figures[name]
    for name in ("interrater", "set_alpha"):
        assert found[name] == pytest.approx(figures[name], abs=1e-9)


def test_posts_come_in_the_order_in_which_they_are_first_named():
    rows = [(9, 1, 1), (2, 1, 1), (9, 2, 0), (5, 1, 1), (2, 2, 1), (5, 2, 3), (9, 3, 1)]

    judgements = Judgements.of(rows, ("calm", "glad"))

    assert judgements.shared_post_ids.tolist() == [9, 2, 5]
    assert tally(judgements)[0].tolist() == [9, 2, 5]
    assert tally(judgements)[1].tolist() == [3, 2, 2]
