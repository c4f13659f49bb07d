import numpy as np
import pytest

from agreement.consensus import Soft, VotesAtLeast, parse
from agreement.errors import UnknownRule


@pytest.mark.parametrize(
    ("text", "rule", "name", "column"),
    [
        ("votes>=3", VotesAtLeast(3), "votes>=3", "votes_3"),
        (" votes >= 12 ", VotesAtLeast(12), "votes>=12", "votes_12"),
        ("votes>=03", VotesAtLeast(3), "votes>=3", "votes_3"),
        ("soft", Soft(), "soft", "soft"),
    ],
)
def test_parse_reads_what_a_person_writes(text, rule, name, column):
    found = parse(text)

    assert (found, found.name, found.column) == (rule, name, column)


@pytest.mark.parametrize(
    "text", ["", "votes", "votes>3", "votes>=0", "votes>=-1", "votes>=2.5", "Soft", "majority"]
)
def test_parse_says_what_it_would_have_understood(text):
    with pytest.raises(UnknownRule) as refusal:
        parse(text)

    assert str(refusal.value) == (
        f'"{text}" is no consensus rule. Use "soft", or "votes>=k" with a whole number k from 1, '
        'such as "votes>=3".'
    )


@pytest.mark.parametrize(
    ("k", "votes", "raters", "label"),
    [
        (3, 3, 5, 1),
        (3, 2, 5, 0),  # a minority, though only just
        (3, 3, 6, 1),  # a tie: enough is enough
        (3, 0, 3, 0),
        (3, 2, 2, None),  # everybody so far, but too few to tell
        (3, 0, 2, None),
        (1, 0, 0, None),
        (1, 1, 1, 1),
    ],
)
def test_votes_at_least_k(k, votes, raters, label):
    labels = VotesAtLeast(k).apply(np.array([[votes]]), np.array([raters]))

    assert labels == pytest.approx(np.array([[np.nan if label is None else label]]), nan_ok=True)


def test_soft_labels_are_shares_and_missing_without_raters():
    labels = Soft().apply(np.array([[1, 3], [0, 0], [0, 2]]), np.array([3, 0, 2]))

    assert labels == pytest.approx(np.array([[1 / 3, 1], [np.nan] * 2, [0, 1]]), nan_ok=True)
