"""The running sums of a campaign, kept equal to its judgements to the last integer.

A trigger writes every change of a judgement that counts into a journal, in the rater's own
transaction: one more row, and no row that two raters share. Whoever looks at the figures, or a
clock, folds the journal into the sums. Folding deletes what it read and reads the posts concerned
in the same statement, and so sees both at one moment; only folds wait for each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
import pandas as pd
import psycopg
from django.db import connection, transaction
from django.utils import timezone

from agreement.models import Change, RunningSums
from agreement.sums import Sums
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign
from lib.bulk import packed, unpacked
from lib.kept import kept

T = TypeVar("T")
KEPT_SECONDS = 3600

#: From so many changes on, reading all judgements again is quicker than undoing and redoing.
MANY_CHANGES = 50_000

_TAKEN = """
    WITH taken AS (
        DELETE FROM agreement_change WHERE campaign_id = %(campaign)s
        RETURNING id, campaign_post_id, rater_id, before, after
    ), now AS (
        SELECT campaign_post_id, rater_id, picks FROM annotation_judgement
        WHERE campaign_id = %(campaign)s AND NOT set_aside AND gold_right IS NULL {only}
    )
    SELECT * FROM
        (SELECT {taken} FROM (SELECT * FROM taken ORDER BY id) AS in_order) AS packed_changes,
        (SELECT {now} FROM now) AS packed_judgements
"""
_TOUCHED = "AND campaign_post_id IN (SELECT campaign_post_id FROM taken)"
#: So many can be folded while a page waits.
FEW_CHANGES = 5_000
#: Stands for "had no judgement that counts".
_NONE = -1


@dataclass(frozen=True)
class Check:
    """What a recount found: the sums, and whether the stored ones were equal or had to be mended."""

    sums: Sums
    was_equal: bool


def is_at_hand(*, campaign: Campaign) -> bool:
    """Whether `current` has little to do, however many judgements there are."""
    if not RunningSums.objects.filter(campaign=campaign).exclude(sums=b"").exists():
        return False
    waiting = Change.objects.filter(campaign_id=campaign.id)[:FEW_CHANGES]
    return waiting.count() < FEW_CHANGES


def unchanged_since(*, campaign: Campaign) -> datetime | None:
    """When the sums became what they are; None where they have yet to be counted or changed."""
    if Change.objects.filter(campaign_id=campaign.id).exists():
        return None
    counted = RunningSums.objects.filter(campaign=campaign).exclude(sums=b"")
    return counted.values_list("folded_at", flat=True).first()


def while_unchanged(*, campaign: Campaign, name: str, make: Callable[[], T]) -> T:
    """What `make` counts of the campaign's judgements, counted once until another one comes."""
    since = unchanged_since(campaign=campaign)
    if since is None:
        return make()
    return kept(f"{name}.{campaign.id}.{since.timestamp()}", make, seconds=KEPT_SECONDS)


def current(*, campaign: Campaign) -> Sums:
    """The campaign's sums as of now. Where nothing waits to be folded, nobody waits for anybody."""
    waiting = Change.objects.filter(campaign_id=campaign.id)
    if not waiting.exists():
        stored = RunningSums.objects.filter(campaign=campaign).exclude(sums=b"").first()
        if stored:
            return Sums.from_bytes(stored.sums)
    with transaction.atomic():
        stored = _lock(campaign)
        if stored.sums and waiting[:MANY_CHANGES].count() < MANY_CHANGES:
            return _fold(campaign, stored)
        return _recount(campaign, stored)[0]


def check(*, campaign: Campaign) -> Check:
    """Counts everything again, compares, and keeps the recount."""
    with transaction.atomic():
        stored = _lock(campaign)
        sums, expected = _recount(campaign, stored)
        was_equal = expected is None or sums == expected
        stored.checked_at = timezone.now()
        fields = ["checked_at"]
        if not was_equal:
            stored.repaired_at = stored.checked_at
            fields.append("repaired_at")
        stored.save(update_fields=fields)
    return Check(sums, was_equal)


def _lock(campaign: Campaign) -> RunningSums:
    RunningSums.objects.bulk_create([RunningSums(campaign=campaign)], ignore_conflicts=True)
    return RunningSums.objects.select_for_update().get(campaign=campaign)


def _fold(campaign: Campaign, stored: RunningSums) -> Sums:
    changes, judgements = _take(campaign, _TOUCHED)
    sums = Sums.from_bytes(stored.sums)
    if changes.empty:
        return sums
    return _keep(stored, sums + _difference(changes, judgements))


def _recount(campaign: Campaign, stored: RunningSums) -> tuple[Sums, Sums | None]:
    """The sums of all judgements, and what folding would have come to."""
    changes, judgements = _take(campaign, "")
    expected = Sums.from_bytes(stored.sums) if stored.sums else None
    if expected and not changes.empty:
        kept = np.isin(judgements.posts, changes.post)
        columns = (judgements.posts, judgements.raters, judgements.picks)
        touched = Judgements(*(column[kept] for column in columns), judgements.affects)
        expected += _difference(changes, touched)
    return _keep(stored, Sums.of(judgements)), expected


def _difference(changes: pd.DataFrame, now: Judgements) -> Sums:
    """What the changes add to the sums: their posts as they are, less as they were.

    changes  in the order in which they happened to each judgement
    now      all judgements of the posts that they touch
    """
    first = changes.drop_duplicates(["post", "rater"])
    rows = pd.DataFrame({"post": now.posts, "rater": now.raters, "picks": now.picks})
    others = rows[~_keys(rows).isin(_keys(first))]
    was = first.rename(columns={"before": "picks"})[["post", "rater", "picks"]]
    before = pd.concat([others, was[was.picks != _NONE]])
    columns = (before[name].to_numpy() for name in before)
    return Sums.of(now) - Sums.of(Judgements(*columns, now.affects))


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["post", "rater"]])


def _take(campaign: Campaign, only: str) -> tuple[pd.DataFrame, Judgements]:
    """The journal, emptied, and the judgements at that same moment."""
    changes = ("campaign_post_id", "rater_id", f"coalesce(before, {_NONE})")
    judgements = ("campaign_post_id", "rater_id", "picks")
    query = _TAKEN.format(only=only, taken=packed(changes), now=packed(judgements))
    with connection.cursor():  # makes sure that there is a connection
        cursor = psycopg.Cursor(connection.connection)
    found = cursor.execute(query, {"campaign": campaign.id}, binary=True).fetchone()
    changed, made = (unpacked(rows, 3) for rows in found)
    frame = pd.DataFrame(dict(zip(("post", "rater", "before"), changed, strict=True)))
    return frame, Judgements(*made, affect_keys(campaign.taxonomy_id))


def _keep(stored: RunningSums, sums: Sums) -> Sums:
    stored.sums, stored.folded_at = sums.as_bytes(), timezone.now()
    stored.save(update_fields=["sums", "folded_at"])
    return sums
