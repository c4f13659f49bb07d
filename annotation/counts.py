"""The verbs on a campaign's counts: put their rows together, count everything again."""

from django.conf import settings
from django.db import connection, transaction

from annotation.models import Campaign

#: Folding and recounting wait for each other; nobody else ever waits for them.
COUNTS_LOCK = 7_0002

# What raters write while these run is in none of their snapshots, so it is neither deleted nor
# counted: its rows stay, and add up with those that are put in here.
FOLD_POSTS = """
WITH gone AS (
    DELETE FROM annotation_postcount WHERE campaign_id = %(campaign)s
    RETURNING state, wanted, judged, posts
)
INSERT INTO annotation_postcount (campaign_id, state, wanted, judged, posts)
SELECT %(campaign)s, state, wanted, judged, sum(posts) FROM gone
GROUP BY state, wanted, judged HAVING sum(posts) <> 0
"""
# Days of one row, which are most of them, are left alone.
FOLD_WORK = """
WITH crowded AS (
    SELECT rater_id, date_trunc('day', at, %(zone)s) AS day FROM annotation_workcount
    WHERE campaign_id = %(campaign)s GROUP BY 1, 2 HAVING count(*) > 1
), gone AS (
    DELETE FROM annotation_workcount AS count USING crowded
    WHERE campaign_id = %(campaign)s AND count.rater_id = crowded.rater_id
      AND date_trunc('day', at, %(zone)s) = day
    RETURNING count.rater_id, day, judgements, set_aside, gold, milliseconds
)
INSERT INTO annotation_workcount
    (campaign_id, rater_id, at, judgements, set_aside, gold, milliseconds)
SELECT %(campaign)s, rater_id, day, sum(judgements), sum(set_aside), sum(gold), sum(milliseconds)
FROM gone
GROUP BY rater_id, day
"""
RECOUNT_POSTS = """
WITH gone AS (
    DELETE FROM annotation_postcount WHERE campaign_id = %(campaign)s
    RETURNING state, wanted, judged, posts
), stored AS (
    SELECT state, wanted, judged, sum(posts) AS posts FROM gone
    GROUP BY 1, 2, 3 HAVING sum(posts) <> 0
), found AS (
    SELECT state, wanted, judged, count(*) AS posts FROM annotation_campaignpost
    WHERE campaign_id = %(campaign)s GROUP BY 1, 2, 3
), put AS (
    INSERT INTO annotation_postcount (campaign_id, state, wanted, judged, posts)
    SELECT %(campaign)s, state, wanted, judged, posts FROM found
)
SELECT count(*) FROM stored FULL JOIN found USING (state, wanted, judged)
WHERE stored.posts IS DISTINCT FROM found.posts
"""
RECOUNT_WORK = """
WITH gone AS (
    DELETE FROM annotation_workcount WHERE campaign_id = %(campaign)s
    RETURNING rater_id, date_trunc('day', at, %(zone)s) AS day, judgements, set_aside, gold,
        milliseconds
), stored AS (
    SELECT rater_id, day, sum(judgements)::bigint AS judgements,
        sum(set_aside)::bigint AS set_aside, sum(gold)::bigint AS gold,
        sum(milliseconds)::bigint AS milliseconds
    FROM gone GROUP BY 1, 2
), found AS (
    SELECT rater_id, date_trunc('day', judged_at, %(zone)s) AS day,
        count(*) FILTER (WHERE gold_right IS NULL) AS judgements,
        count(*) FILTER (WHERE gold_right IS NULL AND set_aside) AS set_aside,
        count(gold_right) AS gold,
        coalesce(sum(round(seconds * 1000)), 0)::bigint AS milliseconds
    FROM annotation_judgement WHERE campaign_id = %(campaign)s GROUP BY 1, 2
), put AS (
    INSERT INTO annotation_workcount
        (campaign_id, rater_id, at, judgements, set_aside, gold, milliseconds)
    SELECT %(campaign)s, rater_id, day, judgements, set_aside, gold, milliseconds FROM found
)
SELECT count(*) FROM stored FULL JOIN found USING (rater_id, day)
WHERE coalesce(stored.judgements, 0) <> coalesce(found.judgements, 0)
   OR coalesce(stored.set_aside, 0) <> coalesce(found.set_aside, 0)
   OR coalesce(stored.gold, 0) <> coalesce(found.gold, 0)
   OR coalesce(stored.milliseconds, 0) <> coalesce(found.milliseconds, 0)
"""


@transaction.atomic
def fold(*, campaign: Campaign) -> None:
    """Puts rows together that differences have piled up; what they add up to stays the same."""
    fold_posts(campaign=campaign)
    _run(FOLD_WORK, campaign)


def fold_posts(*, campaign: Campaign) -> None:
    """The posts' alone: some milliseconds, for those who have just changed many of them."""
    _run(FOLD_POSTS, campaign)


@transaction.atomic
def recount(*, campaign: Campaign) -> int:
    """Counts all posts and judgements, keeps that, and says how many stored counts were wrong."""
    return sum(_run(statement, campaign)[0][0] for statement in (RECOUNT_POSTS, RECOUNT_WORK))


def _run(statement: str, campaign: Campaign) -> list[tuple]:
    asked = {"campaign": campaign.id, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        # In a statement of its own: the next one then sees all that the last holder has done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [COUNTS_LOCK, campaign.id])
        cursor.execute(statement, asked)
        return cursor.fetchall() if cursor.description else []
