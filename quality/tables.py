"""The table of a campaign's raters: computed at once, or by a worker and kept in the cache.

Over few judgements the table is as of now for every visit. Over more a worker computes it, and
pages show the last one with its time until they are asked for a newer one.
"""

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.core.cache import cache
from django.utils import timezone

from agreement import live
from agreement import queries as agreement
from annotation.judgements import affect_keys
from annotation.models import Campaign, Membership
from quality import figures, measures, queries
from quality.weeks import by_week

#: Changes with the shape of what is kept, so that an older table is never taken for one of ours.
KEPT = "quality.raters.2.{}"
ASKED = "quality.asked.{}"
#: What a rater who was set aside shares with others.
BESIDE = "quality.beside.1.{}"
BESIDE_SECONDS = 3600
#: A worker that was rung is not rung again so soon, unless it has finished.
ASKED_SECONDS = 600


@dataclass(frozen=True)
class Table:
    """The figures of all raters, and which rows they know of (see `agreement.queries.Known`).

    raters  rater id → figures, as in `figures.of_raters`, with `z` and `look`
    crowd   as in `figures.of_crowd`
    """

    campaign_id: int
    raters: dict[int, dict]
    crowd: dict
    computed_at: datetime
    seconds: float
    last_judgement: int
    last_revision: int
    settings_aside: list[int]

    def rows(self) -> list[dict]:
        """One dict a member, with the state of now; those with the most judgements first."""
        members = Membership.objects.filter(campaign=self.campaign_id).select_related("rater")
        found = [
            _about(membership) | self.raters[membership.rater_id]
            for membership in queries.with_set_aside(members)
            if membership.rater_id in self.raters
        ]
        return sorted(found, key=lambda row: (-row["judgements"], row["rater"]))


def is_quick(campaign: Campaign) -> bool:
    """Whether the table can be computed while a page waits for it."""
    return agreement.are_few(campaign.judgements.all())


def compute(campaign: Campaign) -> Table:
    """The table as of now, not kept."""
    began = time.perf_counter()
    known = agreement.newest_rows(campaign)
    work, judgements = queries.of_campaign(campaign)
    fast_below = measures.fast_below(work.seconds[work.timed])
    raters = figures.of_raters(work, measures.with_others(judgements), fast_below)
    crowd = figures.of_crowd(raters, fast_below)
    figures.compare(raters, crowd)
    seconds = time.perf_counter() - began
    return Table(campaign.id, raters, crowd, timezone.now(), seconds, **known)


def keep(campaign: Campaign) -> Table:
    """The table as of now, kept for the pages."""
    table = compute(campaign)
    cache.set(KEPT.format(campaign.id), table, timeout=None)
    cache.delete(ASKED.format(campaign.id))
    return table


def kept(campaign: Campaign) -> Table | None:
    return cache.get(KEPT.format(campaign.id))


def is_asked_for(campaign: Campaign) -> bool:
    return cache.get(ASKED.format(campaign.id)) is not None


def note_asked(campaign: Campaign) -> bool:
    """Whether nobody has asked before: only then the worker has to be rung."""
    return cache.add(ASKED.format(campaign.id), True, timeout=ASKED_SECONDS)


def of_one(membership: Membership, crowd: dict | None) -> dict:
    """One rater's own figures as of now, over all their judgements, set aside or not, and the same
    `weeks` as by `weeks.by_week`."""
    work = queries.read_work(
        queries.of_membership(membership), np.array([membership.rater_id], np.int64)
    )
    fast_below = crowd["fast_below"] if crowd else measures.FAST_SECONDS
    found = figures.of_raters(work, _shared(membership), fast_below)
    weeks = by_week(work, timezone.get_current_timezone())
    return found[membership.rater_id] | {"weeks": weeks}


def _shared(membership: Membership) -> measures.WithOthers:
    """The rater beside others. Over many judgements it follows from the running sums; these know
    nothing of who was set aside, so that rater's are read, once an hour."""
    campaign, aside = membership.campaign, queries.in_force(membership)
    if is_quick(campaign) or not live.is_at_hand(campaign=campaign):
        return measures.with_others(queries.beside(membership))
    if aside is None:
        sums = live.current(campaign=campaign)
        return measures.of_sums(sums, membership.rater_id, affect_keys(campaign.taxonomy_id))
    return cache.get_or_set(
        BESIDE.format(aside.id),
        lambda: measures.with_others(queries.beside(membership)),
        timeout=BESIDE_SECONDS,
    )


def _about(membership: Membership) -> dict:
    return {
        "membership": membership.id,
        "rater": membership.rater.key,
        "state": membership.state,
        "set_aside": membership.set_aside,
    }
