"""The verbs on signals: bring in what people did with posts, cover what they reported."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from annotation.assignments import change_many_posts
from annotation.models import Campaign
from lib.bulk import chunked, copy_to_temporary
from lib.fields import BadField
from lib.tables import Reject, Row, keep
from signals import signal_rows
from signals.models import REPORTING
from signals.signal_rows import SignalRow

#: One transaction each: an import that is stopped keeps what it has, and is simply run again.
CHUNK_ROWS = 20_000
INCOMING = "place int, person_key text, post_key text, kind text, at timestamptz"

# People are added in the order of their keys, so that two imports never wait for each other.
ADD_PEOPLE = """
INSERT INTO signals_person (key, bio, features, consented)
SELECT DISTINCT person_key, '', '{}'::float8[], true
FROM incoming_signal
WHERE post_key IN (SELECT key FROM annotation_post)
    AND NOT EXISTS (SELECT FROM signals_person WHERE key = person_key)
ORDER BY person_key
ON CONFLICT (key) DO NOTHING
"""

ADD_SIGNALS = """
INSERT INTO signals_signal (person_id, post_id, kind, at)
SELECT person.id, post.id, kind, at
FROM incoming_signal
JOIN annotation_post AS post ON post.key = post_key
JOIN signals_person AS person ON person.key = person_key
ORDER BY place
ON CONFLICT (person_id, post_id, kind, at) DO NOTHING
"""

UNKNOWN = """
SELECT place, post_key FROM incoming_signal
WHERE NOT EXISTS (SELECT FROM annotation_post WHERE key = post_key)
ORDER BY place
"""


COVER = """
UPDATE annotation_campaignpost AS place SET sensitive = true
WHERE campaign_id = %(campaign)s AND NOT sensitive AND post_id IN (
    SELECT post_id FROM signals_signal WHERE kind = ANY(%(reporting)s)
    GROUP BY post_id HAVING count(DISTINCT person_id) >= %(people)s
)
"""


@dataclass
class SignalsAdded:
    """What an import did: signals that are new, those that were there, and people new to us."""

    added: int = 0
    unchanged: int = 0
    people: int = 0


def add(*, rows: Iterable[Row | Reject], reject: Callable[[Reject], None]) -> SignalsAdded:
    """Stores the signals; a row that can't be used goes to `reject`.

    Memory doesn't grow with the rows. The same rows again change nothing. People who are not known
    yet become known by their key.
    """
    done = SignalsAdded()
    for chunk in chunked(_read_all(keep(iter(rows), reject), reject), CHUNK_ROWS):
        _add_chunk(chunk, reject, done)
    return done


@transaction.atomic
def cover(*, campaign: Campaign) -> int:
    """Covers the campaign's posts that enough people have reported or hidden; says how many.

    Enough are `Campaign.cover_reported_from` different people; none covers nothing. A covered post
    shows only to raters who ask for it. Nothing is ever uncovered here: an admin's word stays.
    """
    if campaign.cover_reported_from is None:
        return 0
    change_many_posts(campaign=campaign)
    values = {
        "campaign": campaign.id,
        "reporting": list(REPORTING),
        "people": campaign.cover_reported_from,
    }
    with connection.cursor() as cursor:
        return cursor.execute(COVER, values).rowcount


def cover_everywhere() -> int:
    """The same in every campaign that asks for it."""
    asking = Campaign.objects.filter(cover_reported_from__isnull=False).order_by("id")
    return sum(cover(campaign=campaign) for campaign in asking)


def _read_all(rows: Iterator[Row], reject: Callable) -> Iterator[SignalRow]:
    for row in rows:
        try:
            yield signal_rows.read(row)
        except BadField as bad:
            reject(Reject(row.number, bad.field, bad.reason, str(row.values.get("post_id", ""))))


def _add_chunk(chunk: list[SignalRow], reject: Callable, done: SignalsAdded) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        copy_to_temporary(cursor, "incoming_signal", INCOMING, chunk)
        people = cursor.execute(ADD_PEOPLE).rowcount
        added = cursor.execute(ADD_SIGNALS).rowcount
        unknown = cursor.execute(UNKNOWN).fetchall()
    for place, key in unknown:
        reason = "there is no such post; bring it in with import_posts first"
        reject(Reject(place, "post_id", reason, key))
    done.added += added
    done.people += people
    done.unchanged += len(chunk) - added - len(unknown)
