"""The verb that brings in people of the platform."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from lib.bulk import chunked, copy_to_temporary
from lib.fields import BadField
from lib.tables import Reject, Row, keep
from signals import person_rows
from signals.models import Person
from signals.person_rows import PersonRow

#: One transaction each: an import that is stopped keeps what it has, and is simply run again.
CHUNK_ROWS = 20_000
INCOMING = "place int, key text, bio text, features float8[], consented bool"

# The last row about a person counts; what a row doesn't say stays as it is.
ADD_PEOPLE = """
INSERT INTO signals_person AS person (key, bio, features, consented)
SELECT DISTINCT ON (key) key, coalesce(incoming.bio, stored.bio, ''),
    coalesce(incoming.features, stored.features, '{}'),
    coalesce(incoming.consented, stored.consented, true)
FROM incoming_person AS incoming LEFT JOIN signals_person AS stored USING (key)
ORDER BY key, place DESC
ON CONFLICT (key) DO UPDATE SET
    bio = excluded.bio, features = excluded.features, consented = excluded.consented
WHERE (person.bio, person.features, person.consented)
    IS DISTINCT FROM (excluded.bio, excluded.features, excluded.consented)
RETURNING xmax = 0
"""


@dataclass
class PeopleAdded:
    """What an import did: people who are new, and those of whom something is new."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


def add(*, rows: Iterable[Row | Reject], reject: Callable[[Reject], None]) -> PeopleAdded:
    """Stores the people; a row that can't be used goes to `reject`.

    The same rows again change nothing. Who is known already gets what the row says of them: that
    is how consent is taken back.
    """
    read = person_rows.reader(_stored_width())
    done = PeopleAdded()
    for chunk in chunked(_read_all(keep(iter(rows), reject), read, reject), CHUNK_ROWS):
        _add_chunk(chunk, done)
    return done


def _stored_width() -> int | None:
    someone = Person.objects.exclude(features=[]).first()
    return someone and len(someone.features)


def _read_all(rows: Iterator[Row], read: Callable, reject: Callable) -> Iterator[PersonRow]:
    for row in rows:
        try:
            yield read(row)
        except BadField as bad:
            reject(Reject(row.number, bad.field, bad.reason, str(row.values.get("person_id", ""))))


def _add_chunk(chunk: list[PersonRow], done: PeopleAdded) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        copy_to_temporary(cursor, "incoming_person", INCOMING, chunk)
        cursor.execute(ADD_PEOPLE)
        is_new = [row[0] for row in cursor.fetchall()]
    done.added += sum(is_new)
    done.updated += len(is_new) - sum(is_new)
    done.unchanged += len(chunk) - len(is_new)
