"""A row of somebody's file, read as a judgement."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from annotation.judgements import affect_keys
from annotation.models import Campaign
from annotation.rules import MAX_OTHER, check_pick_count
from lib.errors import Unprocessable
from lib.fields import BadField, as_flag, as_key, as_moment, as_number, as_text
from lib.tables import Row
from taxonomy.rules import OTHER, OTHER_BIT, mask_of

#: What a post's and a rater's id may be long; the rater's key begins with the campaign's slug.
MAX_POST_KEY, MAX_RATER_KEY = 200, 180
MAX_SECONDS = 24 * 3600
#: Different answers whose masks are remembered; real campaigns have a few hundred.
REMEMBERED = 50_000


class JudgementRow(NamedTuple):
    """One judgement as its columns hold it, and the row it comes from."""

    place: int
    post_key: str
    rater_key: str
    picks: int
    other: str
    seconds: float | None
    judged_at: datetime | None


def reader(campaign: Campaign, *, id_prefix: str = "") -> Callable[[Row], JudgementRow]:
    """A function that reads rows as judgements of this campaign. It raises BadField."""
    keys, mask_for = affect_keys(campaign.taxonomy_id), masks_of(campaign)
    longest = MAX_POST_KEY - len(id_prefix)

    def read(row: Row) -> JudgementRow:
        values = row.values
        other = as_other(values.get("other"))
        return JudgementRow(
            place=row.number,
            post_key=id_prefix + as_key("post_id", values.get("post_id"), longest),
            rater_key=f"{campaign.slug}/{as_key('rater_id', values.get('rater_id'), MAX_RATER_KEY)}",
            picks=mask_for(picks_in(values, keys), bool(other)),
            other=other,
            seconds=as_number("seconds", values.get("seconds"), least=0, most=MAX_SECONDS),
            judged_at=as_moment("judged_at", values.get("judged_at")),
        )

    return read


def masks_of(campaign: Campaign) -> Callable[[tuple[str, ...], bool], int]:
    """A function from picks, and whether there is an `other` text, to the mask the campaign allows."""
    keys = affect_keys(campaign.taxonomy_id)

    @lru_cache(REMEMBERED)
    def mask_for(picks: tuple[str, ...], has_other: bool) -> int:
        named = [pick for pick in picks if pick != OTHER]
        try:
            mask = mask_of(named, keys) | (has_other or OTHER in picks) << OTHER_BIT
            check_pick_count(mask, least=campaign.min_picks, most=campaign.max_picks)
        except Unprocessable as error:
            raise BadField("picks", error.message) from None
        return mask

    return mask_for


def picks_in(values: dict[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """What is picked in a row: the column `picks`, or else a column of 0 and 1 for each affect."""
    if "picks" in values:
        return as_picks(values["picks"])
    return tuple(key for key in keys if as_flag(key, values.get(key)))


def as_picks(value: Any) -> tuple[str, ...]:
    """The affects in "a|b", in '["a", "b"]' or in a list; nothing is an unclear judgement.

    >>> as_picks("touched| adoring"), as_picks('["touched"]'), as_picks(None)
    (('touched', 'adoring'), ('touched',), ())
    """
    if isinstance(value, str):
        value = _of_json(value) if value.startswith("[") else value.split("|")
    return tuple(_keys(value or ()))


def _keys(picks: Iterable) -> Iterable[str]:
    if not isinstance(picks, (list, tuple)) or not all(isinstance(pick, str) for pick in picks):
        raise BadField("picks", 'must be affects such as "touched|adoring" or a list of them')
    return (pick.strip() for pick in picks if pick.strip())


def _of_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadField("picks", f"is not JSON: {error}") from None


def as_other(value: Any) -> str:
    """The rater's own word, with single blanks."""
    text = " ".join(as_text("other", value).split())
    if len(text) > MAX_OTHER:
        raise BadField("other", f"has {len(text)} characters; {MAX_OTHER} are kept")
    return text
