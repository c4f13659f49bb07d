"""The verb that brings gold in from somebody's file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from annotation import gold
from annotation.judgement_rows import MAX_POST_KEY, as_picks
from annotation.models import Campaign, CampaignPost
from lib.errors import PathosError
from lib.fields import BadField, as_key, as_text
from lib.tables import Reject, Row, keep


@dataclass
class GoldAdded:
    """What an import did: posts that became gold, gold that changed, and gold that was so before."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def add(
    *,
    campaign: Campaign,
    rows: Iterable[Row | Reject],
    reject: Callable[[Reject], None],
    id_prefix: str = "",
) -> GoldAdded:
    """Makes posts of the campaign gold: post_id, expected, excluded, explanation, use (gold, quiz).

    Each row stands for itself; one that can't be used goes to `reject`. The same again changes
    nothing.
    """
    done = GoldAdded()
    for row in keep(iter(rows), reject):
        try:
            outcome = _put(campaign, id_prefix, row.values)
        except (BadField, PathosError) as fault:
            reject(Reject(row.number, *_told(fault), str(row.values.get("post_id", ""))[:200]))
        else:
            setattr(done, outcome, getattr(done, outcome) + 1)
    return done


def _put(campaign: Campaign, id_prefix: str, values: dict[str, Any]) -> str:
    key = id_prefix + as_key("post_id", values.get("post_id"), MAX_POST_KEY - len(id_prefix))
    use = as_text("use", values.get("use")).strip().lower()
    return gold.put(
        campaign_post=find_post(campaign, key),
        expected=_affects("expected", values.get("expected")),
        excluded=_affects("excluded", values.get("excluded")),
        explanation=as_text("explanation", values.get("explanation")),
        use=use or CampaignPost.State.GOLD,
    )


def find_post(campaign: Campaign, key: str) -> CampaignPost:
    """The campaign's post with this id of its own. Raises BadField."""
    posts = CampaignPost.objects.select_related("campaign", "post")
    if found := posts.filter(campaign=campaign, post__key=key).first():
        return found
    raise BadField("post_id", f"'{key}' is no post of this campaign; bring it in first")


def _affects(field: str, value: Any) -> tuple[str, ...]:
    try:
        return as_picks(value)
    except BadField as bad:
        raise BadField(field, bad.reason) from None


def _told(fault: BadField | PathosError) -> tuple[str, str]:
    """(field, reason) of a reject."""
    if isinstance(fault, BadField):
        return fault.field, fault.reason
    return (fault.errors[0]["where"] if fault.errors else ""), fault.message
