"""What an admin reads beyond the report: where rules part, where raters do, what they miss, and
what affects go with. Of few judgements as of now, of many computed by a worker and kept."""

from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
from django.contrib.auth.models import AbstractBaseUser

from agreement import keeping, queries
from agreement.comparison import compare, most_split
from agreement.models import Reading
from agreement.others import Group, grouped
from agreement.panels import Panel, with_feelings, with_signals
from agreement.report import plain
from agreement.table import Judgements
from annotation.models import Campaign, CampaignPost


@dataclass(frozen=True)
class Asked:
    """How the readings are to be computed: one set of options for every door.

    at_least       the k of the rule `votes>=k`
    most           as many disputed posts, split posts and groups of other texts
    feeling_posts  posts that must name a publisher's feeling for it to be shown
    """

    at_least: int = 3
    most: int = 20
    feeling_posts: int = 1000

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def compute(*, campaign: Campaign, asked: Asked) -> Reading:
    """The readings as of now, not stored; `save()` stores them.

    Feelings and signals are corrected for how routing chose the posts, where it did; "weighted"
    tells.
    """
    figures = partial(_figures, campaign, asked)
    return keeping.compute(Reading, campaign=campaign, options=asked.as_dict(), figures=figures)


def queue(
    *, campaign: Campaign, asked: Asked, created_by: AbstractBaseUser | None = None
) -> Reading:
    """Readings in the queue; those that wait there already, if there are any."""
    options = asked.as_dict()
    return keeping.queue(Reading, campaign=campaign, options=options, created_by=created_by)


def execute(*, reading: Reading) -> None:
    """Computes queued readings. Called twice it gives the same, or does nothing."""
    asked = Asked(**reading.options)
    keeping.execute(kept=reading, compute=partial(compute, campaign=reading.campaign, asked=asked))


def _figures(campaign: Campaign, asked: Asked) -> dict:
    judgements = queries.of_campaign(campaign)
    weighted = queries.corrected(judgements, campaign)
    found = {
        "judgements": len(judgements.posts),
        **_apart(judgements, asked),
        "other": [_group(group) for group in grouped(queries.other_texts(campaign))[: asked.most]],
        **_panels(judgements if weighted is None else weighted, campaign, asked),
        "weighted": weighted is not None,
    }
    return _named(found)


def _apart(judgements: Judgements, asked: Asked) -> dict:
    """Where rules and raters part. The rules' labels, a large table each, are gone afterwards."""
    rules = compare(judgements, asked.at_least)
    pairs = rules.differences().items()
    return {
        "affects": list(rules.options),
        "positives": rules.positives(),
        "differences": [{"rules": list(pair), "posts": counts} for pair, counts in pairs],
        "dawid_skene": {"steps": rules.steps.tolist(), "settled": rules.settled.tolist()},
        "disputed": rules.disputed(asked.most),
        "split": [
            {"post": post, "apart": apart} for post, apart in most_split(judgements, asked.most)
        ],
    }


def _panels(judgements: Judgements, campaign: Campaign, asked: Asked) -> dict:
    feelings = with_feelings(judgements, queries.feelings(campaign), asked.feeling_posts)
    signals = with_signals(judgements, queries.signal_counts(campaign))
    return {"feelings": _panel(feelings), "signals": _panel(signals)}


def _named(found: dict) -> dict:
    """The same with the posts' own ids in place of those of the campaign's posts."""
    rows = [*found["disputed"], *found["split"]]
    ids = {row["post"] for row in rows}.union(*(group["examples"] for group in found["other"]))
    keys = dict(CampaignPost.objects.filter(id__in=ids).values_list("id", "post__key"))
    for row in rows:
        row["post"] = keys[row["post"]]
    for group in found["other"]:
        group["examples"] = [keys[post] for post in group["examples"]]
    return found


def _group(group: Group) -> dict:
    return {
        "text": group.text,
        "count": group.count,
        "raters": len(group.raters),
        "spellings": sorted(group.spellings),
        "examples": group.examples,
    }


def _panel(panel: Panel) -> list[dict]:
    rows = zip(panel.rows, panel.posts.tolist(), plain(np.array(panel.correlations)), strict=True)
    return [{"row": name, "posts": posts, "correlations": found} for name, posts, found in rows]
