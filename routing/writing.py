"""Writes a round in one transaction, in a handful of statements however many posts there are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.utils import timezone

from annotation.assignments import change_many_posts
from routing.models import PoolBlock, Round
from routing.pools import Pool
from routing.rules import PINNED
from routing.scoring import Scored

#: Drawn posts get a priority in [1, 2). Whatever somebody has begun to judge by the time of a round
#: moves up to [2, 3), so that half-judged posts are finished first. From rules.PINNED on an
#: admin has spoken, and rounds keep away. Near-duplicates come after all others, which have 0.
DRAWN, BEGUN, OTHERS, REPEATED = 1.0, 2.0, 0.0, -1.0

#: Blocks of the pool that are sent to the database at a time.
BLOCKS = 100

STAGE = """
CREATE TEMPORARY TABLE drawn (
    id bigint PRIMARY KEY, priority float8, propensity float8,
    exploit float8, uncertainty float8, diversity float8, uniform float8, scores float8[]
)
"""

FINISH_BEGUN_FIRST = """
UPDATE annotation_campaignpost
SET priority = CASE WHEN priority < %(drawn)s THEN %(begun)s ELSE priority + 1 END
WHERE campaign_id = %(campaign)s AND state = 'open' AND reserved > 0 AND reserved < wanted
  AND priority < %(begun)s
"""

STAGE_TWINS = """
CREATE TEMPORARY TABLE twin (id bigint PRIMARY KEY, representative bigint)
"""

# Posts of earlier rounds that nobody has taken yet are in the pool again, and have their chance in
# this draw; had they kept their priority, they would be asked whatever this round draws.
LOWER = """
UPDATE annotation_campaignpost AS place SET priority = %(others)s
WHERE campaign_id = %(campaign)s AND state = 'open' AND reserved = 0
  AND priority < %(pinned)s AND priority <> %(others)s
  AND NOT EXISTS (SELECT FROM drawn WHERE drawn.id = place.id)
  AND NOT EXISTS (SELECT FROM twin WHERE twin.id = place.id)
"""

ASK_TWINS_LAST = """
UPDATE annotation_campaignpost AS place SET priority = %(repeated)s
FROM twin WHERE place.id = twin.id AND state = 'open' AND reserved = 0
  AND priority < %(pinned)s AND priority <> %(repeated)s
"""

FORGET_TWINS = """
DELETE FROM routing_nearduplicate AS known USING annotation_campaignpost AS place
WHERE place.id = known.campaign_post_id AND place.campaign_id = %(campaign)s
  AND NOT EXISTS (
    SELECT FROM twin WHERE twin.id = place.id AND twin.representative = known.representative_id
  )
"""

KEEP_TWINS = """
INSERT INTO routing_nearduplicate (campaign_post_id, representative_id)
SELECT id, representative FROM twin ON CONFLICT (campaign_post_id) DO NOTHING
"""

# A post that was claimed since the pool was read was not handed out because of this draw.
SELECT_AND_RAISE = """
WITH raised AS (
    UPDATE annotation_campaignpost AS place SET priority = drawn.priority
    FROM drawn WHERE place.id = drawn.id AND place.state = 'open' AND place.reserved = 0
    RETURNING place.id
)
INSERT INTO routing_selection (
    round_id, campaign_post_id, propensity, exploit, uncertainty, diversity, uniform, scores
)
SELECT %(round)s, id, propensity, exploit, uncertainty, diversity, uniform, scores
FROM drawn JOIN raised USING (id) ORDER BY priority DESC
"""


@dataclass(frozen=True, eq=False)
class Twins:
    """Posts int64[M], rising, that are left out of the pool, each for its representative int64[M]."""

    posts: np.ndarray
    representatives: np.ndarray

    @classmethod
    def among(cls, ids: np.ndarray, stand_in: np.ndarray, pool: np.ndarray) -> "Twins":
        """Those of the posts in the pool for which another one stands in."""
        left_out = (ids != stand_in) & np.isin(ids, pool, assume_unique=True)
        return cls(ids[left_out], stand_in[left_out])


def write(
    round: Round,
    scored: Scored,
    parts: np.ndarray,
    pi: np.ndarray,
    drawn: np.ndarray,
    twins: Twins,
    rng: np.random.Generator,
) -> None:
    """Priorities, selections, the pool and the round's own row. Call it inside a transaction.

    parts float64[N, 4], pi float64[N] as by `rules`; drawn int64[n]: positions in the pool. The
    drawn get the order in which they are asked by lot: whenever the next round begins, those that
    were reached are a random part of them.

    Raters go on meanwhile: claims pass over rows that are locked here, and the posts in their hands,
    for which a submit would wait, are touched last.
    """
    blocks, summary = list(Pool(scored.ids, pi).packed()), scored.summary(round.affects)
    change_many_posts(campaign=round.campaign)
    order = DRAWN + rng.permutation(len(drawn)) / max(len(drawn), 1)
    values = {
        "campaign": round.campaign_id,
        "round": round.id,
        "drawn": DRAWN,
        "begun": BEGUN,
        "others": OTHERS,
        "repeated": REPEATED,
        "pinned": PINNED,
    }
    with connection.cursor() as cursor:
        _stage(cursor, STAGE, "drawn", _rows(scored, parts, pi, drawn, order))
        columns = (twins.posts.tolist(), twins.representatives.tolist())
        _stage(cursor, STAGE_TWINS, "twin", zip(*columns, strict=True))
        cursor.execute(LOWER, values)
        cursor.execute(ASK_TWINS_LAST, values)
        cursor.execute(FORGET_TWINS, values)
        cursor.execute(KEEP_TWINS, values)
        round.drawn = cursor.execute(SELECT_AND_RAISE, values).rowcount
        cursor.execute("DROP TABLE drawn, twin")
        PoolBlock.objects.bulk_create(
            (PoolBlock(round=round, number=number, propensities=kept) for number, kept in blocks),
            batch_size=BLOCKS,
        )
        round.chunks.all().delete()
        cursor.execute(FINISH_BEGUN_FIRST, values)
    round.near_duplicates, round.pool_size = len(twins.posts), len(scored.ids)
    round.scores = summary
    _close(round)


def _stage(cursor, table: str, name: str, rows: Iterable[tuple]) -> None:
    cursor.execute(table)
    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {name}")


def _rows(
    scored: Scored, parts: np.ndarray, pi: np.ndarray, drawn: np.ndarray, order: np.ndarray
) -> Iterator[tuple]:
    shares = parts[drawn] / parts[drawn].sum(axis=1, keepdims=True)
    columns = (scored.ids[drawn], order, pi[drawn], *shares.T)
    scores = np.round(scored.scores[drawn].astype(float), 5)
    yield from zip(*(column.tolist() for column in (*columns, scores)), strict=True)


def _close(round: Round) -> None:
    round.state, round.finished_at = Round.State.DONE, timezone.now()
    counts = ["pool_size", "near_duplicates", "drawn"]
    round.save(update_fields=["state", "finished_at", "scores", *counts])
