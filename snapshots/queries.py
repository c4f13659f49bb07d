"""The SQL behind a snapshot: what each file holds and in which order.

All queries take %(campaign)s and %(states)s, the states of the campaign posts that belong to the
snapshot. Posts stand in the order in which they joined the campaign; within a post, rows stand in
the order of pseudonyms.
"""

import pyarrow as pa

from signals.personal import FANS
from snapshots.pseudonyms import alias_sql
from taxonomy.rules import OTHER, OTHER_BIT

TIME = pa.timestamp("us", tz="UTC")

POSTS_WITHIN = """
    campaign_post.campaign_id = %(campaign)s AND campaign_post.state = ANY(%(states)s)
"""

POST_INDEX_SCHEMA = pa.schema([("id", pa.int64()), ("key", pa.string())])
POST_INDEX = f"""
SELECT campaign_post.id, post.key
FROM annotation_campaignpost AS campaign_post
JOIN annotation_post AS post ON post.id = campaign_post.post_id
WHERE {POSTS_WITHIN}
ORDER BY campaign_post.id
"""

POSTS = f"""
SELECT post.key, post.title, post.body, post.ocr_text, post.transcript, post.image, post.language,
    post.publisher, post.publisher_feeling, post.sensitive, post.created_at, post.metadata::text
FROM annotation_campaignpost AS campaign_post
JOIN annotation_post AS post ON post.id = campaign_post.post_id
WHERE {POSTS_WITHIN}
ORDER BY campaign_post.id
"""

JUDGEMENTS_SCHEMA = pa.schema(
    [
        ("campaign_post", pa.int64()),
        ("rater", pa.string()),
        ("picks", pa.int64()),
        ("other", pa.string()),
        ("frame", pa.string()),
        ("seconds", pa.float64()),
        ("judged_at", TIME),
    ]
)
# Whoever picked `other` without a word of their own is given that very word, so that no pick is lost.
# The campaign is named twice, so that the index on either table can be used.
JUDGEMENTS = f"""
WITH rater AS MATERIALIZED (
    SELECT id, {alias_sql("rater", "key")} COLLATE "C" AS alias
    FROM annotation_rater AS rater
    WHERE EXISTS (SELECT FROM annotation_judgement WHERE rater_id = rater.id)
)
SELECT judgement.campaign_post_id, rater.alias, judgement.picks,
    CASE WHEN judgement.other = '' AND judgement.picks >> {OTHER_BIT} & 1 = 1
        THEN '{OTHER}' ELSE judgement.other END,
    judgement.frame, judgement.seconds, judgement.judged_at
FROM annotation_judgement AS judgement
JOIN annotation_campaignpost AS campaign_post ON campaign_post.id = judgement.campaign_post_id
JOIN rater ON rater.id = judgement.rater_id
WHERE {POSTS_WITHIN} AND judgement.campaign_id = %(campaign)s AND NOT judgement.set_aside
ORDER BY judgement.campaign_post_id, rater.alias
"""

PERSON = f"""
WITH person AS MATERIALIZED (
    SELECT id, {alias_sql("person", "key")} COLLATE "C" AS alias
    FROM signals_person AS person
    WHERE consented AND EXISTS (
        SELECT FROM signals_signal AS signal
        JOIN annotation_campaignpost AS campaign_post USING (post_id)
        WHERE signal.person_id = person.id AND {POSTS_WITHIN}
    )
)
"""
SIGNALS_SCHEMA = pa.schema(
    [("person", pa.string()), ("campaign_post", pa.int64()), ("kind", pa.string()), ("at", TIME)]
)
SIGNALS = f"""
{PERSON}
SELECT person.alias, campaign_post.id, signal.kind, signal.at
FROM annotation_campaignpost AS campaign_post
JOIN signals_signal AS signal USING (post_id)
JOIN person ON person.id = signal.person_id
WHERE {POSTS_WITHIN}
ORDER BY campaign_post.id, person.alias, signal.at, signal.kind COLLATE "C"
"""

PEOPLE = f"""
{PERSON}
SELECT person.alias, described.bio, described.features
FROM person JOIN signals_person AS described ON described.id = person.id
ORDER BY person.alias
"""

FANS_SCHEMA = pa.schema([("campaign_post", pa.int64()), ("person", pa.string())])
FANS_OF_POSTS = f"""
{PERSON}
SELECT fan.campaign_post_id, person.alias
FROM ({FANS}) AS fan
JOIN person ON person.id = fan.person_id
JOIN annotation_campaignpost AS campaign_post ON campaign_post.id = fan.campaign_post_id
WHERE {POSTS_WITHIN}
ORDER BY fan.campaign_post_id, person.alias
"""

COUNTS = f"""
SELECT judgements.*, signals.*, raters.*, withdrawn.*
FROM (
    SELECT count(*) FILTER (WHERE NOT set_aside) AS judgements,
        count(*) FILTER (WHERE set_aside) AS set_aside_judgements,
        max(judged_at) FILTER (WHERE NOT set_aside) AS last_judged_at
    FROM annotation_judgement AS judgement
    JOIN annotation_campaignpost AS campaign_post ON campaign_post.id = judgement.campaign_post_id
    WHERE {POSTS_WITHIN}
) AS judgements, (
    SELECT count(*) FILTER (WHERE consented) AS signals,
        count(*) FILTER (WHERE NOT consented) AS signals_without_consent
    FROM annotation_campaignpost AS campaign_post
    JOIN signals_signal AS signal USING (post_id)
    JOIN signals_person AS person ON person.id = signal.person_id
    WHERE {POSTS_WITHIN}
) AS signals, (
    SELECT count(*) AS raters FROM annotation_rater AS rater WHERE EXISTS (
        SELECT FROM annotation_judgement AS judgement
        JOIN annotation_campaignpost AS campaign_post
            ON campaign_post.id = judgement.campaign_post_id
        WHERE judgement.rater_id = rater.id AND NOT set_aside AND {POSTS_WITHIN}
    )
) AS raters, (
    SELECT count(*) AS withdrawn_posts FROM annotation_campaignpost
    WHERE campaign_id = %(campaign)s AND state = 'withdrawn' AND NOT state = ANY(%(states)s)
) AS withdrawn
"""
