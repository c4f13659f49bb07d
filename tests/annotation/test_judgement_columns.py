import numpy as np
import pytest

from annotation import judgement_columns
from annotation.judgement_columns import JudgementColumns
from annotation.models import Gold, Judgement, Rater

pytestmark = pytest.mark.django_db


def columns(*rows: tuple[int, str, str, int]) -> JudgementColumns:
    """From (row, post, rater, picks)."""
    posts = sorted({row[1] for row in rows})
    raters = sorted({row[2] for row in rows})
    numbers = [(place, posts.index(p), raters.index(r), picks) for place, p, r, picks in rows]
    return JudgementColumns(*np.array(numbers, np.int64).T, posts, raters)


def add(campaign, *rows):
    rejects = []
    done = judgement_columns.add(campaign=campaign, columns=columns(*rows), reject=rejects.append)
    return done, rejects


def stored(campaign) -> set[tuple[str, str, int]]:
    rows = Judgement.objects.filter(campaign=campaign)
    return set(rows.values_list("campaign_post__post__key", "rater__key", "picks"))


def test_judgements_are_stored_and_counted_on_their_posts(campaign, add_posts):
    first, second = add_posts(campaign, "one", "two")
    rows = [(1, "p1", "a", 1), (2, "p1", "b", 2), (3, "p1", "c", 3), (4, "p2", "a", 0)]

    done, rejects = add(campaign, *rows)

    assert (done.added, done.unchanged, done.raters, rejects) == (4, 0, 3, [])
    assert stored(campaign) == {row[1:] for row in rows}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.judged, first.reserved, first.wanted) == (3, 3, 3)
    assert (second.judged, second.reserved, second.wanted) == (1, 1, 2)
    assert campaign.memberships.count() == 3


def test_the_same_again_changes_nothing(campaign, add_posts):
    (post,) = add_posts(campaign, "one")
    add(campaign, (1, "p1", "a", 1))

    done, rejects = add(campaign, (1, "p1", "a", 1), (2, "p1", "b", 2))

    assert (done.added, done.unchanged, done.raters, rejects) == (1, 1, 1, [])
    post.refresh_from_db()
    assert post.judged == 2


def test_another_answer_and_an_unknown_post_are_rejected(campaign, add_posts):
    add_posts(campaign, "one")
    add(campaign, (1, "p1", "a", 1))

    done, rejects = add(campaign, (7, "p1", "a", 2), (8, "nowhere", "a", 1))

    assert (done.added, done.unchanged) == (0, 0)
    assert [(reject.row, reject.field, reject.id) for reject in rejects] == [
        (8, "post_id", "nowhere"),
        (7, "picks", "p1"),
    ]
    assert stored(campaign) == {("p1", "a", 1)}


def test_gold_checks_these_raters_too(campaign, add_posts):
    (post,) = add_posts(campaign, "one")
    Gold.objects.create(campaign_post=post, expected=1, excluded=2)

    add(campaign, (1, "p1", "a", 1), (2, "p1", "b", 3))

    found = dict(Judgement.objects.values_list("rater__key", "gold_right"))
    assert found == {"a": True, "b": False}


def test_a_rater_who_is_known_is_not_made_again(campaign, add_posts):
    add_posts(campaign, "one")
    Rater.objects.create(key="a")

    done, _ = add(campaign, (1, "p1", "a", 1), (2, "p1", "b", 1))

    assert done.raters == 1


def test_chunks_add_up(campaign, add_posts, monkeypatch):
    monkeypatch.setattr(judgement_columns, "CHUNK_ROWS", 2)
    (post,) = add_posts(campaign, "one")
    told = []
    rows = columns(*((place, "p1", f"r{place}", 1) for place in range(5)))

    done = judgement_columns.add(
        campaign=campaign, columns=rows, reject=pytest.fail, told=told.append
    )

    assert (done.added, told) == (5, [2, 2, 1])
    post.refresh_from_db()
    assert post.judged == 5
