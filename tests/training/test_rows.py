"""What a row knows, what it says, and what it leaves unsaid."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from training.errors import SnapshotError
from training.rows import (
    NOBODY,
    Rows,
    balance,
    engagement_rows,
    join_rows,
    judged_rows,
    log_odds,
    personal_rows,
    truncate_weights,
)
from training.snapshot import Snapshot
from training.tasks import Task

ADORING = Task("adoring", "affect", ("human", "care"), "positive", personalise=True)
SCARED = Task("scared", "affect", ("human", "care"), "negative", personalise=False)
LOVE = Task("love", "reaction", ("signals",), "positive", personalise=False)
HAHA = Task("haha", "reaction", ("signals",), "positive", personalise=False)
TASKS = (ADORING, SCARED, LOVE, HAHA)
LABELS = [  # post, affect, votes, raters, soft, label, propensity
    ("p0", "adoring", 4, 5, 0.8, 1, 0.5),
    ("p0", "scared", 0, 5, 0.0, 0, 0.5),
    ("p1", "adoring", 2, 5, 0.4, 0, 1.0),
    ("p1", "scared", None, 0, None, None, 1.0),
    ("p2", "adoring", 0, 5, 0.0, 0, 1.0),
    ("p2", "other", 3, 5, 0.6, 1, 1.0),
]


def make_snapshot(*, labels=LABELS, signals=(), personal=()):
    columns = ["post_id", "affect", "votes", "raters", "soft", "label_votes_3", "propensity"]
    table = pd.DataFrame(list(labels), columns=columns)
    return Snapshot(
        manifest={},
        taxonomy={},
        posts=pd.DataFrame({"post_id": ["p0", "p1", "p2"]}),
        labels=table,
        signals=pd.DataFrame(list(signals), columns=["person_id", "post_id", "kind"]),
        people=pd.DataFrame({"person_id": ["ada", "ben"]}),
        personal_rows=pd.DataFrame(
            list(personal), columns=["post_id", "affect", "person_id", "label", "weight", "source"]
        ),
    )


def judged(column="label_votes_3", between="unknown", weighted=False, **tables):
    snapshot = make_snapshot(**tables)
    return judged_rows(snapshot, TASKS, column=column, between=between, weighted=weighted)


def cells(rows):
    """{(post, person): {task: target}} of the known cells."""
    return {
        (int(post), int(person)): {
            TASKS[t].key: pytest.approx(float(target[t])) for t in np.flatnonzero(known)
        }
        for post, person, known, target in zip(
            rows.post_R, rows.person_R, rows.known_RT, rows.target_RT, strict=True
        )
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # p1 has two of five votes: neither adoring nor surely not, so its row knows nothing
        ({}, {0: {"adoring": 1, "scared": 0}, 2: {"adoring": 0}}),
        (
            {"between": "negative"},
            {0: {"adoring": 1, "scared": 0}, 1: {"adoring": 0}, 2: {"adoring": 0}},
        ),
        # a share is a target of its own, nothing lies between
        (
            {"column": "soft"},
            {0: {"adoring": 0.8, "scared": 0}, 1: {"adoring": 0.4}, 2: {"adoring": 0}},
        ),
    ],
)
def test_judged_posts_become_rows_about_nobody(options, expected):
    assert cells(judged(**options)) == {(post, NOBODY): row for post, row in expected.items()}


def test_a_routed_post_counts_as_many_as_it_stands_for():
    snapshot = make_snapshot()
    weights = snapshot.labels["post_id"].map({"p0": 2.5, "p1": 1.0, "p2": 0.5})
    snapshot = replace(snapshot, labels=snapshot.labels.assign(weight=weights))
    ways = {"column": "label_votes_3", "between": "unknown"}

    assert judged_rows(snapshot, TASKS, **ways, weighted=True).weight_RT[:, 0].tolist() == [
        2.5,
        0.5,
    ]


def test_without_a_column_of_weights_it_counts_one_over_its_propensity():
    assert judged(weighted=True).weight_RT[:, 0].tolist() == [2.0, 1.0]
    assert judged(weighted=False).weight_RT[:, 0].tolist() == [1.0, 1.0]


def test_a_label_of_an_unknown_post_is_refused():
    with pytest.raises(SnapshotError, match="labels.parquet speaks of post p9"):
        judged(labels=[("p9", "adoring", 4, 5, 0.8, 1, 1.0)])


def test_personal_rows_keep_to_personalised_tasks_and_their_sources():
    rows = personal_rows(
        make_snapshot(
            personal=[
                ("p0", "adoring", "ben", 1, 0.5, "human"),
                ("p2", "adoring", "ada", 0, 1.0, "care"),
                ("p0", "scared", "ben", 1, 1.0, "human"),
                ("p0", "adoring", "ada", 1, 1.0, "guess"),
            ]
        ),
        TASKS,
    )

    assert cells(rows) == {(0, 1): {"adoring": 1}, (2, 0): {"adoring": 0}}
    assert rows.weight_RT[rows.known_RT].tolist() == [0.5, 1.0]


def test_an_absent_reaction_is_a_no_only_after_an_impression():
    rows = engagement_rows(
        make_snapshot(
            signals=[
                ("ada", "p0", "impression"),
                ("ada", "p0", "love"),
                ("ada", "p1", "impression"),
                ("ben", "p0", "love"),
                ("ben", "p1", "like"),
                ("cleo", "p2", "impression"),
            ]
        ),
        TASKS,
    )

    assert cells(rows.take(rows.known_RT.any(1))) == {
        (0, 0): {"love": 1, "haha": 0},
        (1, 0): {"love": 0, "haha": 0},
        (0, 1): {"love": 1},
        (2, NOBODY): {"love": 0, "haha": 0},  # people.parquet does not know Cleo
    }


def test_without_engagement_tasks_signals_say_nothing():
    snapshot = make_snapshot(signals=[("ada", "p0", "impression")])

    assert len(engagement_rows(snapshot, (ADORING,))) == 0


def grid(targets, weights=None):
    """Rows of one task, one cell each."""
    target = np.array(targets, np.float32)[:, None]
    weight = np.ones_like(target) if weights is None else np.array(weights, np.float32)[:, None]
    index = np.arange(len(targets))
    return Rows(index, np.full(len(targets), NOBODY), np.ones_like(target, bool), target, weight)


def test_balance_draws_negatives_per_positive_and_leaves_the_rest_unknown():
    rows = grid([1] * 10 + [0] * 90)

    drawn = balance(rows, negatives=2.0, most=5, rng=np.random.default_rng(0))

    assert [int(count[0]) for count in drawn.counts()] == [5, 10]
    assert len(drawn) == 15


def test_balance_is_repeatable():
    rows = grid([1, 0] * 50)

    first, second = (
        balance(rows, negatives=0.5, most=None, rng=np.random.default_rng(7)) for _ in "ab"
    )

    assert first.post_R.tolist() == second.post_R.tolist()


def test_log_odds_are_those_of_the_weighted_cells():
    # 3 weighted positives of 9: odds 3 : 6, half a cell added to each side
    assert log_odds(grid([1, 0, 0], [3, 2, 4]))[0] == pytest.approx(np.log(3.5 / 6.5))


def test_one_rare_draw_does_not_keep_its_whole_weight():
    rows = truncate_weights(grid([1] * 1000, [1.0] * 995 + [500.0] * 5))

    assert rows.weight_RT.max() == 1.0


def test_narrowing_the_tasks_drops_rows_that_know_nothing_more():
    rows = judged(between="negative").only_tasks(np.array([1]))

    assert rows.post_R.tolist() == [0]
    assert rows.known_RT.tolist() == [[True]]


def test_joined_rows_keep_their_order():
    assert join_rows([grid([1]), grid([0, 1])]).target_RT[:, 0].tolist() == [1, 0, 1]
