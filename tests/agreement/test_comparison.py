import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from agreement.comparison import compare, most_split
from bench.consensus import SPAMMERS, scores
from tests.agreement import plain
from tests.agreement.crowds import crowds, simulated, table

RULES = ["votes>=3", "soft", "dawid_skene", "weighted"]


@hypothesis_settings(max_examples=25)
@given(crowds())
def test_rules_are_laid_side_by_side_over_the_same_posts(crowd):
    judgements = table(crowd)

    found = compare(judgements)

    assert list(found.labels) == RULES
    assert {labels.shape for labels in found.labels.values()} == {found.votes.shape}
    for post, raters, votes in zip(found.posts, found.raters, found.votes, strict=True):
        answers = crowd[int(post)].values()
        assert raters == len(answers)
        assert votes.tolist() == [sum(o in picks for picks in answers) for o in found.options]


@pytest.fixture(scope="module")
def spammed():
    """A third of the raters judge by lot."""
    noise = np.where(np.arange(12) < 4, 1.0, 0.1)
    return compare(simulated(np.random.default_rng(5), posts=500, noise=noise))


def test_differences_count_the_posts_on_which_two_rules_part(spammed):
    votes, model = spammed.labels["votes>=3"], spammed.labels["dawid_skene"]

    found = spammed.differences()

    assert len(found) == 6
    assert found["votes>=3", "dawid_skene"] == ((votes == 1) != (model > 0.5)).sum(axis=0).tolist()
    assert sum(found["votes>=3", "dawid_skene"]) > 0


def test_the_most_disputed_posts_come_first_and_are_disputed(spammed):
    rows = spammed.disputed(most=20)

    spread = [max(row["labels"].values()) - min(row["labels"].values()) for row in rows]
    assert spread == sorted(spread, reverse=True)
    assert len(rows) == 20
    for row in rows:
        assert {label > 0.5 for label in row["labels"].values()} == {True, False}
        place = spammed.posts.tolist().index(row["post"])
        assert spammed.raters[place] == row["raters"]
        assert spammed.votes[place, spammed.options.index(row["affect"])] == row["votes"]


def test_a_rule_without_a_label_disputes_nothing():
    found = compare(table({7: {1: {"calm"}, 2: {"calm"}}}))

    assert found.disputed() == []
    assert found.positives()["votes>=3"] == [0, 0, 0, 0]


@given(crowds())
def test_the_posts_that_raters_split_on_are_farthest_apart(crowd):
    found = most_split(table(crowd), most=5)

    apart = {}
    for post, answers in plain.shared(crowd).items():
        sets = [frozenset(picks) for picks in answers.values()]
        pairs = [(a, b) for n, a in enumerate(sets) for b in sets[:n]]
        apart[post] = sum(plain.masi(a, b) for a, b in pairs) / len(pairs)
    for post, value in found:
        assert value == pytest.approx(apart.pop(post), abs=1e-9)
    assert max(apart.values(), default=0) <= min((v for _, v in found), default=0) + 1e-9


def test_against_planted_truth_votes_do_as_long_as_nobody_picks_by_lot():
    found = scores(posts=20_000, spammers=0)

    assert found["votes>=3"] > 0.9
    assert found["dawid_skene"] == pytest.approx(found["votes>=3"], abs=0.01)


def test_against_planted_truth_spammers_spoil_votes_and_hardly_the_others():
    found = scores(posts=20_000, spammers=SPAMMERS)

    assert found["votes>=3"] < 0.75
    assert found["dawid_skene"] > found["weighted"] > found["votes>=3"] + 0.06
