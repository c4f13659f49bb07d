"""The verb that brings posts in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection, transaction

from annotation import images, post_rows
from annotation.models import Campaign
from annotation.post_rows import PostRow
from lib.bulk import chunked, copy_to_temporary
from lib.fields import BadField
from lib.tables import Reject, Row, keep

#: One transaction each: an import that is stopped keeps what it has, and is simply run again.
CHUNK_ROWS = 5000
#: Two imports take turns chunk by chunk; else each could wait for an id that the other holds.
ORDER_LOCK = 7_0003

INCOMING = """
place int, key text, title text, body text, ocr_text text, transcript text, image text,
image_alt text, publisher text, publisher_feeling text, language text, sensitive bool,
created_at timestamptz, metadata jsonb, content_hash bytea
"""

ADD_POSTS = """
INSERT INTO annotation_post (
    key, title, body, ocr_text, transcript, image, image_alt, publisher, publisher_feeling,
    language, sensitive, created_at, metadata, content_hash, imported_at
)
SELECT key, title, body, ocr_text, transcript, image, image_alt, publisher, publisher_feeling,
    language, sensitive, created_at, metadata, content_hash, now()
FROM incoming_post
ON CONFLICT (key) DO NOTHING
"""

FIND_OTHERS = """
SELECT place, key FROM incoming_post JOIN annotation_post AS post USING (key)
WHERE post.content_hash <> incoming_post.content_hash ORDER BY place
"""

LINK = """
INSERT INTO annotation_campaignpost (
    campaign_id, post_id, state, priority, wanted, sensitive, reserved, judged
)
SELECT %(campaign)s, post.id, 'open', 0, %(wanted)s, post.sensitive, 0, 0
FROM incoming_post JOIN annotation_post AS post USING (key)
WHERE post.content_hash = incoming_post.content_hash ORDER BY place
ON CONFLICT (campaign_id, post_id) DO NOTHING
"""


@dataclass
class PostsAdded:
    """What an import did: posts that are new, those that were there already, and how many of both
    are new in the campaign."""

    added: int = 0
    unchanged: int = 0
    linked: int = 0


def add(
    *,
    campaign: Campaign,
    rows: Iterable[Row | Reject],
    reject: Callable[[Reject], None],
    images_from: Path | None = None,
    id_prefix: str = "",
    keep_metadata: bool = True,
) -> PostsAdded:
    """Stores the posts and puts them into the campaign; a row that can't be used goes to `reject`.

    Memory doesn't grow with the rows. The same rows again change nothing; an id that is taken by a
    post with other content is rejected. `images_from` is the folder that `image` speaks of.
    """
    read = partial(
        post_rows.read,
        id_prefix=id_prefix,
        take_image=partial(images.take, folder=images_from),
        keep_metadata=keep_metadata,
    )
    done = PostsAdded()
    for chunk in chunked(_read_all(keep(iter(rows), reject), read, reject), CHUNK_ROWS):
        _add_chunk(campaign, chunk, reject, done)
    return done


def add_plain(
    *,
    campaign: Campaign,
    posts: Iterable[tuple[int, str, str]],
    reject: Callable[[Reject], None],
    id_prefix: str = "",
) -> PostsAdded:
    """The same for posts of which only (row, id, text) is known, where somebody has read already."""
    done = PostsAdded()
    rows = (post_rows.plain(place, id_prefix + key, body) for place, key, body in posts)
    for chunk in chunked(rows, CHUNK_ROWS):
        _add_chunk(campaign, chunk, reject, done)
    return done


def _read_all(rows: Iterator[Row], read: Callable, reject: Callable) -> Iterator[PostRow]:
    for row in rows:
        try:
            yield read(row)
        except BadField as bad:
            reject(Reject(row.number, bad.field, bad.reason, str(row.values.get("id", ""))[:200]))


def _add_chunk(
    campaign: Campaign, chunk: list[PostRow], reject: Callable, done: PostsAdded
) -> None:
    posts, contradictions = _once_each(chunk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [ORDER_LOCK])
        copy_to_temporary(cursor, "incoming_post", INCOMING, posts)
        added = cursor.execute(ADD_POSTS).rowcount
        taken = cursor.execute(FIND_OTHERS).fetchall() if added < len(posts) else []
        wanted = {"campaign": campaign.id, "wanted": campaign.raters_per_post}
        linked = cursor.execute(LINK, wanted).rowcount
    contradictions += [_taken(place, key) for place, key in taken]
    for contradiction in contradictions:
        reject(contradiction)
    done.added += added
    done.linked += linked
    done.unchanged += len(chunk) - added - len(contradictions)


def _once_each(chunk: list[PostRow]) -> tuple[list[PostRow], list[Reject]]:
    """Each id once, and a reject for each row that says something else about an id before it."""
    first: dict[str, PostRow] = {}
    others = [
        Reject(
            post.place, "id", f"stands in row {known.place} already, with other content", post.key
        )
        for post in chunk
        if (known := first.setdefault(post.key, post)).content_hash != post.content_hash
    ]
    return list(first.values()), others


def _taken(place: int, key: str) -> Reject:
    reason = (
        "is taken by a stored post with other content; "
        "if this is another post, tell its ids apart with --id-prefix"
    )
    return Reject(place, "id", reason, key)
