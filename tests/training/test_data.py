"""A snapshot as training sees it: splits apart, thin tasks left out, batches in a fixed order."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.snapshot_factory import edit_table
from training.batches import by_length, in_order, make_batch, shuffled
from training.data import prepare
from training.errors import NothingToLearn, TrainingError
from training.features import PersonScale, content_features, person_features
from training.recipes import tiny
from training.rows import NOBODY, Rows
from training.snapshot import read_snapshot
from training.tokens import Texts

PERSONAL = replace(tiny(), tasks="kdd22-23")


@pytest.fixture(scope="module")
def snapshot(snapshot_folder):
    return read_snapshot(snapshot_folder)


def enabled(data):
    return [task.key for task in data.tasks]


def test_no_post_is_in_two_splits(snapshot):
    data = prepare(snapshot, tiny())

    split = snapshot.posts["split"]
    assert set(split.iloc[data.train.post_R]) == {"train"}
    for name, kinds in data.truth.items():
        assert {part for rows in kinds.values() for part in split.iloc[rows.post_R]} == {name}


def test_tasks_with_too_few_cells_are_left_out_and_counted(snapshot):
    data = prepare(snapshot, PERSONAL)

    assert enabled(data) == ["like", "love", "adoring", "entertained", "grateful"]
    counts = {count.task.key: count for count in data.counts}
    assert (counts["wow"].positives, counts["wow"].enabled) == (0, False)
    assert (counts["touched"].negatives, counts["touched"].enabled) == (0, False)
    assert data.train.known_RT.shape[1] == 5


def test_without_impressions_no_engagement_task_is_learnt(own_snapshot):
    edit_table(own_snapshot, "signals", lambda table: table[table["kind"] != "impression"])

    assert "love" not in enabled(prepare(read_snapshot(own_snapshot), PERSONAL))


def test_nothing_to_learn_is_said_in_a_sentence(snapshot):
    with pytest.raises(NothingToLearn, match="None of the 5 tasks has 9999 positives"):
        prepare(snapshot, replace(tiny(), fewest=9999))


def test_the_tokenizer_never_sees_test_posts(own_snapshot):
    def rename(table):
        table.loc[table["split"] != "train", "body"] = "xylophone"
        return table

    edit_table(own_snapshot, "posts", rename)

    tokenizer = prepare(read_snapshot(own_snapshot), tiny()).tokenizer
    assert "Ġhouse" in tokenizer.get_vocab()
    assert len(tokenizer.encode("xylophone").ids) > 3


def test_the_figures_are_measured_on_the_same_cells_whatever_is_learnt(snapshot):
    hard, soft = (prepare(snapshot, replace(tiny(), target=rule)) for rule in ("primary", "soft"))

    assert set(np.unique(soft.truth["test"]["posts"].target_RT)) == {0, 1}
    for part in ("validation", "test"):
        for mine, other in zip(
            vars(hard.truth[part]["posts"]).values(),
            vars(soft.truth[part]["posts"]).values(),
            strict=True,
        ):
            np.testing.assert_array_equal(mine, other)


def test_a_like_says_nothing_about_a_personal_label(snapshot):
    """Every personal row comes from a like or a love: within a task that flag is constant."""
    rows = prepare(snapshot, tiny()).truth["train"]["people"]
    signals = snapshot.signals[snapshot.signals["kind"].isin(["like", "love"])]
    liked = set(zip(signals["person_id"], signals["post_id"], strict=True))

    people, posts = snapshot.people["person_id"], snapshot.posts["post_id"]
    assert all(
        (people[person], posts[post]) in liked
        for person, post in zip(rows.person_R, rows.post_R, strict=True)
    )
    assert set(np.unique(rows.target_RT[rows.known_RT])) == {0, 1}


def test_a_balanced_draw_is_undone_by_the_prior_shift(snapshot):
    data = prepare(snapshot, replace(tiny(), between="negative", weighted=False, negatives=1.0))

    positives, negatives = data.train.counts()
    assert positives[1] == negatives[1]
    # "entertained" is rarer in the pool than among the rows that were drawn
    assert -2.0 < data.prior_shift_T[1] < -0.5


def test_a_snapshot_without_people_is_learnt_from_posts_alone(own_snapshot):
    for table in ("people", "signals", "personal_rows"):
        edit_table(own_snapshot, table, lambda frame: frame[:0])

    data = prepare(read_snapshot(own_snapshot), tiny())

    assert data.people is None
    assert set(data.train.person_R) == {NOBODY}


def make_texts(lengths):
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    ids = np.ones(offsets[-1], np.uint16)
    return Texts(ids, ids.astype(np.uint8), offsets, 64, np.zeros((len(lengths), 1), np.float32))


def make_rows(posts, people):
    cells = np.ones((len(posts), 1), np.float32)
    return Rows(np.array(posts), np.array(people), cells > 0, cells, cells)


def test_a_batch_holds_each_post_and_each_person_once():
    rows = make_rows([3, 1, 3, 1], [NOBODY, 2, 2, 0])

    batch = make_batch(rows, make_texts([4, 5, 6, 7]), make_texts([1, 2, 3]))

    assert batch.content.mask_BN.sum(1).tolist() == [5, 7]
    assert batch.people.mask_BN.sum(1).tolist() == [1, 3]
    assert batch.post_R.tolist() == [1, 0, 1, 0]
    assert batch.person_R.tolist() == [0, 2, 2, 1]


@pytest.mark.parametrize("people", [None, make_texts([1])])
def test_a_batch_about_nobody_has_no_people(people):
    batch = make_batch(make_rows([0], [NOBODY]), make_texts([4]), people)

    assert batch.people is None
    assert batch.person_R.tolist() == [0]


def test_an_epoch_has_every_row_once_and_its_own_order():
    rows, texts = make_rows(range(200), [NOBODY] * 200), make_texts(np.arange(200) % 50)
    first, again, later = (
        np.concatenate(shuffled(rows, texts, size=16, seed=1, epoch=epoch)) for epoch in (0, 0, 1)
    )

    assert sorted(first) == list(range(200))
    assert first.tolist() == again.tolist() != later.tolist()


def test_a_batch_holds_texts_of_like_length():
    rows, texts = make_rows(range(200), [NOBODY] * 200), make_texts(np.arange(200) % 50)

    spreads = [np.ptp(texts.lengths[batch]) for batch in in_order(rows, texts, size=16)]

    assert max(spreads) <= 5


def test_rows_of_one_post_are_neighbours():
    rows = make_rows([0, 1, 0, 1, 0], [NOBODY] * 5)

    (batch,) = by_length(np.arange(5), rows, make_texts([3, 3]), 16)

    assert rows.post_R[batch].tolist() == [0, 0, 0, 1, 1]


def test_content_features_know_what_a_post_has():
    posts = [{"title": "a", "body": None, "image": "x.png", "sensitive": True}, {"transcript": "b"}]

    assert content_features(posts)[:, 1:].tolist() == [[1, 1, 0, 1], [0, 0, 1, 0]]


def test_person_features_are_scaled_and_their_gaps_flagged():
    people = [{"features": [1.0, 5.0]}, {"features": [3.0, np.nan]}, {"features": None}]
    raw = person_features(people)

    scale = PersonScale.of(raw[:2])

    assert scale == PersonScale(mean=(2.0, 5.0), spread=(1.0, 1.0))
    assert scale.apply(raw).tolist() == [[-1, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 1]]


def test_people_of_unequal_features_are_refused():
    with pytest.raises(TrainingError, match="2 to 3 features"):
        person_features([{"features": [1, 2]}, {"features": [1, 2, 3]}])
