"""What an admin reads beyond the report: where rules part, where raters do, what they miss, and
what affects go with. In one plain dict, as doors print it."""

import numpy as np

from agreement import queries
from agreement.comparison import compare, most_split
from agreement.errors import TooManyJudgements
from agreement.others import Group, grouped
from agreement.panels import Panel, with_feelings, with_signals
from agreement.report import plain
from annotation.models import Campaign, CampaignPost


def of_few(*, campaign: Campaign, **asked: int) -> dict:
    """As `of_campaign`, while somebody waits. Raises TooManyJudgements."""
    if not queries.are_few(campaign.judgements.all()):
        raise TooManyJudgements(
            f"'{campaign.slug}' has {queries.FEW_JUDGEMENTS:,} judgements or more, too many to read "
            f"while you wait. Run 'manage.py consensus --campaign {campaign.slug}' instead."
        )
    return of_campaign(campaign=campaign, **asked)


def of_campaign(
    *, campaign: Campaign, at_least: int = 3, most: int = 20, feeling_posts: int = 1000
) -> dict:
    """As of now, from the judgements that count.

    at_least       the k of the rule `votes>=k`
    most           as many disputed posts, split posts and groups of other texts
    feeling_posts  posts that must name a publisher's feeling for it to be shown

    Feelings and signals are corrected for how routing chose the posts, where it did; "weighted"
    tells.
    """
    judgements = queries.of_campaign(campaign)
    weighted = queries.corrected(judgements, campaign)
    table = judgements if weighted is None else weighted
    rules = compare(judgements, at_least)
    disputed, split = rules.disputed(most), most_split(judgements, most)
    groups = grouped(queries.other_texts(campaign))[:most]
    named = {row["post"] for row in disputed} | {post for post, _ in split}
    keys = _keys(named.union(*(group.examples for group in groups)))
    pairs = rules.differences().items()
    return {
        "campaign": campaign.slug,
        "affects": list(rules.options),
        "positives": rules.positives(),
        "differences": [{"rules": list(pair), "posts": counts} for pair, counts in pairs],
        "disputed": [{**row, "post": keys[row["post"]]} for row in disputed],
        "split": [{"post": keys[post], "apart": apart} for post, apart in split],
        "other": [_group(group, keys) for group in groups],
        "feelings": _panel(with_feelings(table, queries.feelings(campaign), feeling_posts)),
        "signals": _panel(with_signals(table, queries.signal_counts(campaign))),
        "weighted": weighted is not None,
    }


def _keys(ids: set[int]) -> dict[int, str]:
    """The posts' own ids, by those of the campaign's posts."""
    return dict(CampaignPost.objects.filter(id__in=ids).values_list("id", "post__key"))


def _group(group: Group, keys: dict[int, str]) -> dict:
    return {
        "text": group.text,
        "count": group.count,
        "raters": len(group.raters),
        "spellings": sorted(group.spellings),
        "examples": [keys[post] for post in group.examples],
    }


def _panel(panel: Panel) -> list[dict]:
    rows = zip(panel.rows, panel.posts.tolist(), plain(np.array(panel.correlations)), strict=True)
    return [{"row": name, "posts": posts, "correlations": found} for name, posts, found in rows]
