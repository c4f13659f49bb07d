"""How many posts of a campaign are judged, and how many of them carry each affect."""

import numpy as np

from agreement import live
from agreement.sums import Sums
from agreement.table import tally
from annotation.models import Campaign
from routing import queries, rules
from routing.estimation import Known


def count(campaign: Campaign) -> Known:
    """All judged posts, drawn or not: from the running sums where they are at hand."""
    affects = campaign.taxonomy.keys
    if live.is_at_hand(campaign=campaign):
        return of_sums(live.current(campaign=campaign), len(affects))
    _, raters, votes = tally(queries.judgements(campaign.judgements.all(), affects))
    return Known.of(rules.majority(votes[:, : len(affects)], raters))


def of_sums(sums: Sums, affects: int) -> Known:
    """A post with v votes of m raters is in their table m times: v times as met by one who picked
    the affect, beside v - 1 others, and m - v times by one who didn't."""
    posts, positive = 0, np.zeros(affects, np.int64)
    for size, table in sums.tables.items():
        without, picked = table[:, :affects].sum(axis=0).swapaxes(0, 1)
        votes = np.arange(size)
        met = without[:, 2 * votes > size].sum(axis=1) + picked[:, 2 * votes + 2 > size].sum(axis=1)
        posts += int(table[:, 0].sum()) // size
        positive += met // size
    return Known(posts, positive)
