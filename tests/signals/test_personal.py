import doctest

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from signals import person_rows, personal
from signals.personal import personalise


@given(st.integers(0, 2**32 - 1))
def test_rows_are_those_of_a_plain_loop(seed):
    rng = np.random.default_rng(seed)
    posts, affects, people = rng.integers(1, 6, 3)
    raters = rng.integers(0, 6, posts)
    votes = rng.integers(0, raters[:, None] + 1, (posts, affects))
    labels = np.where(raters[:, None] < 3, np.nan, votes >= 3)
    fans = np.sort(rng.integers(0, posts, people))

    expected = [
        (fan, affect, int(labels[post, affect] == 1))
        for fan, post in enumerate(fans)
        for affect in range(affects)
        if labels[post, affect] == 1 or (raters[post] > 0 and votes[post, affect] == 0)
    ]

    found = list(zip(*personalise(labels, votes, raters, fans), strict=True))
    assert found == expected


def test_the_worked_examples_in_the_docstrings_are_true():
    for module in (personal, person_rows):
        result = doctest.testmod(module)
        assert (result.failed, result.attempted > 0) == (0, True)
