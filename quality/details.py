"""What the page of one rater shows beside the figures, as rows of tables."""

from itertools import chain

from agreement.table import OTHER
from annotation.models import Judgement, Membership
from quality import queries
from taxonomy.rules import OTHER_BIT, keys_of

SHOWN_GOLD = 30
SHOWN_JUDGEMENTS = 20


def bias_rows(bias: dict[str, float | None], names: dict[str, str]) -> list[dict]:
    """One dict an affect, with where its bar begins and how long it is, in hundredths of ±1."""
    return [
        {
            "name": names.get(key, key),
            "value": value,
            "start": 100 * min(1 + value, 1) if value is not None else None,
            "length": 100 * abs(value) if value is not None else None,
        }
        for key, value in bias.items()
    ]


def gold_rows(membership: Membership, names: dict[str, str]) -> list[dict]:
    """The rater's latest answers to gold: the post, what was said, and what had been expected."""
    answers = queries.of_membership(membership).exclude(gold_right=None)
    latest = answers.select_related("campaign_post__post", "campaign_post__gold")
    return [
        _judged(answer, names) | _expected(answer, names)
        for answer in latest.order_by("-judged_at")[:SHOWN_GOLD]
    ]


def last_rows(membership: Membership, names: dict[str, str]) -> list[dict]:
    """The rater's latest judgements."""
    latest = queries.of_membership(membership).select_related("campaign_post__post")
    return [_judged(each, names) for each in latest.order_by("-judged_at")[:SHOWN_JUDGEMENTS]]


def history(membership: Membership) -> list[dict]:
    """Pauses and settings aside, begun and ended, latest first."""
    pauses = membership.pauses.select_related("made_by", "ended_by")
    aside = membership.settings_aside.select_related("made_by", "undone_by")
    events = chain.from_iterable(
        [
            *([_event(p.made_at, p.made_by, "Paused", p.reason)] for p in pauses),
            *([_event(p.ended_at, p.ended_by, "Resumed")] for p in pauses if p.ended_at),
            *([_event(s.made_at, s.made_by, _took(s), s.reason)] for s in aside),
            *([_event(s.undone_at, s.undone_by, _gave(s))] for s in aside if s.undone_at),
        ]
    )
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _judged(judgement: Judgement, names: dict[str, str]) -> dict:
    return {
        "judgement": judgement,
        "post": judgement.campaign_post.post,
        "said": _shown(judgement.picks, names),
        "other": judgement.other,
    }


def _expected(judgement: Judgement, names: dict[str, str]) -> dict:
    gold = getattr(judgement.campaign_post, "gold", None)
    if gold is None:  # the post is gold no more; what it expected went with that
        return {"expected": "", "excluded": ""}
    return {"expected": _shown(gold.expected, names), "excluded": _shown(gold.excluded, names)}


def _shown(mask: int, names: dict[str, str]) -> str:
    affects = [name for key, name in names.items() if key != OTHER]
    picked = keys_of(mask, affects) + ([names[OTHER]] if mask >> OTHER_BIT & 1 else [])
    return ", ".join(picked)


def _event(at, by, what: str, reason: str = "") -> dict:
    return {"at": at, "by": by, "what": what, "reason": reason}


def _took(aside) -> str:
    since = f" from {aside.since:%-d %B %Y} on" if aside.since else ""
    again = "; others are asked in the stead" if aside.asks_again else ""
    return f"Set {aside.judgements:,} judgement{'s'[: aside.judgements != 1]} aside{since}{again}"


def _gave(aside) -> str:
    return f"Brought {aside.judgements:,} judgement{'s'[: aside.judgements != 1]} back"
