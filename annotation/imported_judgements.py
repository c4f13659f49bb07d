"""The verb that brings in judgements which were made elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from annotation import counts, judgement_rows
from annotation.assignments import change_many_posts
from annotation.judgement_rows import JudgementRow
from annotation.models import Campaign
from lib.bulk import chunked, copy_to_temporary
from lib.fields import BadField
from lib.tables import Reject, Row, keep

#: One transaction each: an import that is stopped keeps what it has, and is simply run again.
CHUNK_ROWS = 20_000

INCOMING = """
place int, post_key text, rater_key text, picks bigint, other text, seconds float8,
judged_at timestamptz
"""

# Rows of posts that the campaign doesn't have drop out here, and are told of by UNKNOWN.
PLACE = """
CREATE TEMPORARY TABLE placed_judgement ON COMMIT DROP AS
SELECT incoming_judgement.*, campaign_post.id AS campaign_post_id
FROM incoming_judgement
JOIN annotation_post AS post ON post.key = post_key
JOIN annotation_campaignpost AS campaign_post
    ON campaign_post.post_id = post.id AND campaign_post.campaign_id = %(campaign)s
"""

UNKNOWN = """
SELECT place, post_key FROM incoming_judgement
WHERE place NOT IN (SELECT place FROM placed_judgement) ORDER BY place
"""

ADD_RATERS = """
INSERT INTO annotation_rater (key, created_at)
SELECT DISTINCT rater_key, now() FROM placed_judgement
WHERE NOT EXISTS (SELECT FROM annotation_rater WHERE key = rater_key)
ON CONFLICT (key) DO NOTHING
"""

ADD_MEMBERSHIPS = """
INSERT INTO annotation_membership (campaign_id, rater_id, state, joined_at)
SELECT %(campaign)s, rater.id, 'active', now()
FROM annotation_rater AS rater
WHERE key IN (SELECT rater_key FROM placed_judgement)
ON CONFLICT (campaign_id, rater_id) DO NOTHING
"""

# Ends the statement that stores judgements. A post may come to have more of them than it wanted; then
# it wanted as many as it has.
AND_COUNT = """
    ON CONFLICT (campaign_post_id, rater_id) DO NOTHING
    RETURNING campaign_post_id
), counted AS (
    SELECT campaign_post_id, count(*) AS more FROM stored GROUP BY campaign_post_id
), raised AS (
    UPDATE annotation_campaignpost AS post SET
        judged = judged + more,
        reserved = reserved + more,
        wanted = greatest(wanted, reserved + more)
    FROM counted WHERE post.id = campaign_post_id
)
SELECT coalesce(sum(more), 0)::int FROM counted
"""

# Gold checks these raters like all others.
ADD_JUDGEMENTS = f"""
WITH stored AS (
    INSERT INTO annotation_judgement (
        campaign_id, campaign_post_id, rater_id, picks, other, frame, seconds, judged_at,
        revision, set_aside, gold_right
    )
    SELECT %(campaign)s, campaign_post_id, rater.id, picks, other, %(frame)s, seconds,
        coalesce(judged_at, now()), 0, false,
        picks & gold.expected <> 0 AND picks & gold.excluded = 0
    FROM placed_judgement JOIN annotation_rater AS rater ON rater.key = rater_key
    LEFT JOIN annotation_gold AS gold USING (campaign_post_id)
    ORDER BY place
{AND_COUNT}
"""

FIND_OTHERS = """
SELECT place, post_key FROM placed_judgement AS placed
JOIN annotation_rater AS rater ON rater.key = rater_key
JOIN annotation_judgement AS stored
    ON stored.campaign_post_id = placed.campaign_post_id AND stored.rater_id = rater.id
WHERE (stored.picks, stored.other) <> (placed.picks, placed.other) ORDER BY place
"""


@dataclass
class JudgementsAdded:
    """What an import did: judgements that are new, those that were there, and raters new to us."""

    added: int = 0
    unchanged: int = 0
    raters: int = 0


def add(
    *,
    campaign: Campaign,
    rows: Iterable[Row | Reject],
    reject: Callable[[Reject], None],
    id_prefix: str = "",
) -> JudgementsAdded:
    """Stores the judgements and counts them on their posts; a row that can't be used goes to
    `reject`.

    Memory doesn't grow with the rows. The same rows again change nothing; another answer of the
    same rater to the same post is rejected, for only the rater may revise it. Raters become known
    as "<campaign>/<rater_id>".
    """
    read = judgement_rows.reader(campaign, id_prefix=id_prefix)
    done = JudgementsAdded()
    for chunk in chunked(_read_all(keep(iter(rows), reject), read, reject), CHUNK_ROWS):
        _add_chunk(campaign, chunk, reject, done)
    return done


def _read_all(rows: Iterator[Row], read: Callable, reject: Callable) -> Iterator[JudgementRow]:
    for row in rows:
        try:
            yield read(row)
        except BadField as bad:
            reject(
                Reject(row.number, bad.field, bad.reason, str(row.values.get("post_id", ""))[:200])
            )


def _add_chunk(
    campaign: Campaign, chunk: list[JudgementRow], reject: Callable, done: JudgementsAdded
) -> None:
    judgements, rejects = _once_each(chunk)
    with transaction.atomic(), connection.cursor() as cursor:
        change_many_posts(campaign=campaign)
        copy_to_temporary(cursor, "incoming_judgement", INCOMING, judgements)
        added, raters, refused = _store(cursor, campaign, len(judgements))
        counts.fold_posts(campaign=campaign)
    rejects += refused
    for rejected in rejects:
        reject(rejected)
    done.added += added
    done.raters += raters
    done.unchanged += len(chunk) - added - len(rejects)


def _store(cursor, campaign: Campaign, rows: int) -> tuple[int, int, list[Reject]]:
    """(judgements added, raters added, rejects) of what lies in incoming_judgement."""
    names = {"campaign": campaign.id, "frame": campaign.frame}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.placed_judgement")
    placed = cursor.execute(PLACE, names).rowcount
    cursor.execute("ANALYZE placed_judgement")
    strangers = cursor.execute(UNKNOWN).fetchall() if placed < rows else []
    raters = cursor.execute(ADD_RATERS).rowcount
    cursor.execute(ADD_MEMBERSHIPS, names)
    added = cursor.execute(ADD_JUDGEMENTS, names).fetchone()[0]
    others = cursor.execute(FIND_OTHERS).fetchall() if added < placed else []
    refused = [unknown(campaign, place, key) for place, key in strangers]
    return added, raters, refused + [contradicts(place, key) for place, key in others]


def _once_each(chunk: list[JudgementRow]) -> tuple[list[JudgementRow], list[Reject]]:
    """Each rater once a post, and a reject for each row that says something else than one before."""
    first: dict[tuple[str, str], JudgementRow] = {}
    others = []
    for row in chunk:
        known = first.setdefault((row.post_key, row.rater_key), row)
        if (known.picks, known.other) != (row.picks, row.other):
            reason = f"row {known.place} has another answer of the same rater to the same post"
            others.append(Reject(row.place, "picks", reason, row.post_key))
    return list(first.values()), others


def unknown(campaign: Campaign, place: int, key: str) -> Reject:
    """The row speaks of a post that isn't there."""
    reason = f"the campaign '{campaign.slug}' has no such post; bring it in with import_posts first"
    return Reject(place, "post_id", reason, key)


def contradicts(place: int, key: str) -> Reject:
    """The row says something else than what is stored."""
    reason = "this rater's answer to this post is stored already, and is another one"
    return Reject(place, "picks", reason, key)
