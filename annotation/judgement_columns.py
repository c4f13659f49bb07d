"""The verb that brings in judgements by whole columns: millions of them, made elsewhere.

`imported_judgements` reads rows, one at a time, and may meet anything in them. Here somebody has
read already, each post, rater and answer once, and what is left are numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from annotation import counts
from annotation.assignments import change_many_posts
from annotation.imported_judgements import AND_COUNT, JudgementsAdded, contradicts, unknown
from annotation.models import Campaign
from lib.bulk import copy_columns
from lib.tables import Reject

#: One transaction each: an import that is stopped keeps what it has, and is simply run again.
CHUNK_ROWS = 200_000

FIND_POSTS = """
SELECT number - 1, campaign_post.id
FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS given (key, number)
JOIN annotation_post AS post ON post.key = given.key
JOIN annotation_campaignpost AS campaign_post
    ON campaign_post.post_id = post.id AND campaign_post.campaign_id = %(campaign)s
"""

ADD_RATERS = """
INSERT INTO annotation_rater (key, created_at)
SELECT key, now() FROM unnest(%(keys)s::text[]) AS given (key)
ON CONFLICT (key) DO NOTHING
"""

FIND_RATERS = """
SELECT number - 1, rater.id
FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS given (key, number)
JOIN annotation_rater AS rater ON rater.key = given.key
"""

ADD_MEMBERSHIPS = """
INSERT INTO annotation_membership (campaign_id, rater_id, state, joined_at)
SELECT %(campaign)s, rater.id, 'active', now()
FROM annotation_rater AS rater WHERE key = ANY(%(keys)s::text[])
ON CONFLICT (campaign_id, rater_id) DO NOTHING
"""

INCOMING = "place bigint, campaign_post_id bigint, rater_id bigint, picks bigint"

# Gold checks these raters like all others.
ADD_JUDGEMENTS = f"""
WITH stored AS (
    INSERT INTO annotation_judgement (
        campaign_id, campaign_post_id, rater_id, picks, other, frame, judged_at, revision,
        set_aside, gold_right
    )
    SELECT %(campaign)s, campaign_post_id, rater_id, picks, '', %(frame)s, now(), 0, false,
        picks & gold.expected <> 0 AND picks & gold.excluded = 0
    FROM incoming_columns LEFT JOIN annotation_gold AS gold USING (campaign_post_id)
{AND_COUNT}
"""

FIND_OTHERS = """
SELECT place, post.key FROM incoming_columns AS incoming
JOIN annotation_judgement AS stored USING (campaign_post_id, rater_id)
JOIN annotation_campaignpost AS campaign_post ON campaign_post.id = campaign_post_id
JOIN annotation_post AS post ON post.id = campaign_post.post_id
WHERE (stored.picks, stored.other) <> (incoming.picks, '') ORDER BY place
"""


@dataclass(frozen=True)
class JudgementColumns:
    """N judgements, each rater once a post.

    places  int64[N]: the row that each comes from
    posts   int64[N]: its post, as an index of `post_keys`
    raters  int64[N]: its rater, as an index of `rater_keys`
    picks   int64[N]: bit masks
    """

    places: np.ndarray
    posts: np.ndarray
    raters: np.ndarray
    picks: np.ndarray
    post_keys: Sequence[str]
    rater_keys: Sequence[str]


def add(
    *,
    campaign: Campaign,
    columns: JudgementColumns,
    reject: Callable[[Reject], None],
    told: Callable[[int], None] = lambda rows: None,
) -> JudgementsAdded:
    """Stores the judgements and counts them on their posts; those that can't go to `reject`.

    The same judgements again change nothing; another answer of the same rater to the same post is
    rejected, and so is one to a post that the campaign doesn't have. `told` hears of each chunk.
    """
    done = JudgementsAdded()
    posts = _found(FIND_POSTS, campaign, columns.post_keys)
    raters, done.raters = _raters(campaign, columns.rater_keys)
    ids = posts[columns.posts]
    for index in np.flatnonzero(ids < 0):
        reject(
            unknown(campaign, int(columns.places[index]), columns.post_keys[columns.posts[index]])
        )
    known = np.flatnonzero(ids >= 0)
    # Post by post, so that each post is counted in one chunk and its index pages lie together.
    order = known[np.argsort(ids[known], kind="stable")]
    table = np.stack([columns.places, ids, raters[columns.raters], columns.picks])
    for first in range(0, len(order), CHUNK_ROWS):
        chunk = table[:, order[first : first + CHUNK_ROWS]]
        _add_chunk(campaign, chunk, reject, done)
        told(chunk.shape[1])
    return done


def _add_chunk(
    campaign: Campaign, chunk: np.ndarray, reject: Callable, done: JudgementsAdded
) -> None:
    names = {"campaign": campaign.id, "frame": campaign.frame}
    rows = chunk.shape[1]
    with transaction.atomic(), connection.cursor() as cursor:
        change_many_posts(campaign=campaign)
        copy_columns(cursor, "incoming_columns", INCOMING, chunk)
        added = cursor.execute(ADD_JUDGEMENTS, names).fetchone()[0]
        others = cursor.execute(FIND_OTHERS).fetchall() if added < rows else []
        counts.fold_posts(campaign=campaign)
    for place, key in others:
        reject(contradicts(place, key))
    done.added += added
    done.unchanged += rows - added - len(others)


def _raters(campaign: Campaign, keys: Sequence[str]) -> tuple[np.ndarray, int]:
    """int64: the raters' ids in the order of their keys, and how many of them are new."""
    with transaction.atomic(), connection.cursor() as cursor:
        names = {"campaign": campaign.id, "keys": list(keys)}
        added = cursor.execute(ADD_RATERS, names).rowcount
        cursor.execute(ADD_MEMBERSHIPS, names)
    return _found(FIND_RATERS, campaign, keys), added


def _found(query: str, campaign: Campaign, keys: Sequence[str]) -> np.ndarray:
    """int64: the id behind each key, -1 where there is none."""
    ids = np.full(len(keys), -1, np.int64)
    with connection.cursor() as cursor:
        rows = cursor.execute(query, {"campaign": campaign.id, "keys": list(keys)}).fetchall()
    if rows:
        numbers, found = np.array(rows, np.int64).T
        ids[numbers] = found
    return ids
