"""Writes a round in one transaction, in a handful of statements however many posts there are."""

from collections.abc import Iterator

import numpy as np
from django.db import connection
from django.utils import timezone

from routing.models import Candidates, Round
from routing.pools import Pool
from routing.scoring import Scored

#: Drawn posts get a priority in [1, 2); those that somebody has begun to judge by the time of the
#: next round move up to [2, 3), so that half-judged posts are finished first. All others have 0.
DRAWN, BEGUN = 1.0, 2.0

STAGE = """
CREATE TEMPORARY TABLE drawn (
    id bigint PRIMARY KEY, priority float8, propensity float8,
    exploit float8, uncertainty float8, uniform float8, scores float8[]
)
"""

FINISH_BEGUN_FIRST = """
UPDATE annotation_campaignpost SET priority = priority + 1
WHERE campaign_id = %(campaign)s AND state = 'open' AND reserved > 0 AND reserved < wanted
  AND priority >= %(drawn)s AND priority < %(begun)s
"""

# Posts of earlier rounds that nobody has taken yet are in the pool again, and have their chance in
# this draw; had they kept their priority, they would be asked whatever this round draws.
LOWER = """
UPDATE annotation_campaignpost SET priority = 0
WHERE campaign_id = %(campaign)s AND state = 'open' AND reserved = 0 AND priority <> 0
  AND id NOT IN (SELECT id FROM drawn)
"""

# A post that was claimed since the pool was read was not handed out because of this draw.
SELECT_AND_RAISE = """
WITH raised AS (
    UPDATE annotation_campaignpost AS place SET priority = drawn.priority
    FROM drawn WHERE place.id = drawn.id AND place.state = 'open' AND place.reserved = 0
    RETURNING place.id
)
INSERT INTO routing_selection (
    round_id, campaign_post_id, propensity, exploit, uncertainty, uniform, scores
)
SELECT %(round)s, id, propensity, exploit, uncertainty, uniform, scores
FROM drawn JOIN raised USING (id) ORDER BY priority DESC
"""


def write(
    round: Round,
    scored: Scored,
    parts: np.ndarray,
    pi: np.ndarray,
    drawn: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Priorities, selections, the pool and the round's own row. Call it inside a transaction.

    parts float64[N, 3], pi float64[N] as by `rules`; drawn int64[n]: positions in the pool. The
    drawn get the order in which they are asked by lot: whenever the next round begins, those that
    were reached are a random part of them.
    """
    order = DRAWN + rng.permutation(len(drawn)) / max(len(drawn), 1)
    rows = _rows(scored, parts, pi, drawn, order)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy("COPY drawn FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        values = {"campaign": round.campaign_id, "round": round.id, "drawn": DRAWN, "begun": BEGUN}
        cursor.execute(FINISH_BEGUN_FIRST, values)
        cursor.execute(LOWER, values)
        round.drawn = cursor.execute(SELECT_AND_RAISE, values).rowcount
        cursor.execute("DROP TABLE drawn")
    Candidates.objects.create(round=round, **Pool(scored.ids, pi).packed())
    _close(round, scored)


def _rows(
    scored: Scored, parts: np.ndarray, pi: np.ndarray, drawn: np.ndarray, order: np.ndarray
) -> Iterator[tuple]:
    shares = parts[drawn] / parts[drawn].sum(axis=1, keepdims=True)
    columns = (scored.ids[drawn], order, pi[drawn], *shares.T)
    scores = np.round(scored.scores[drawn].astype(float), 5)
    yield from zip(*(column.tolist() for column in (*columns, scores)), strict=True)


def _close(round: Round, scored: Scored) -> None:
    round.state, round.finished_at = Round.State.DONE, timezone.now()
    round.pool_size = len(scored.ids)
    round.scores = scored.summary(round.affects)
    round.save(update_fields=["state", "finished_at", "pool_size", "drawn", "heads", "scores"])
