"""What the doors show: a member of the campaign, and the table of its raters."""

from dataclasses import dataclass

from agreement import queries as agreement
from annotation.models import Campaign, Membership
from lib.errors import NotFound
from quality import tables
from quality.tables import Table


@dataclass(frozen=True)
class Shown:
    """What there is to show.

    table      None where there is none yet
    newer      judgements made, revised, set aside or brought back since
    is_stored  a worker computed it, once
    is_asked   a worker was asked for a new one
    is_stale   there is none, or whose judgements count has changed: a new one has to be asked for
    """

    table: Table | None
    newer: int = 0
    is_stored: bool = False
    is_asked: bool = False
    is_stale: bool = False


def get_table(campaign: Campaign) -> Shown:
    """Never reads more than a few judgements."""
    if tables.is_quick(campaign):
        return Shown(tables.compute(campaign))
    table, is_asked = tables.kept(campaign), tables.is_asked_for(campaign)
    if table is None:
        return Shown(None, is_asked=is_asked, is_stale=True)
    is_stale = agreement.set_aside_since(table) > 0
    return Shown(table, agreement.newer_than(table), True, is_asked, is_stale)


def get_membership(campaign: Campaign, membership_id: int) -> Membership:
    """A rater's part in this campaign. Raises NotFound."""
    found = campaign.memberships.select_related("rater", "campaign__taxonomy")
    membership = found.filter(id=membership_id).first()
    if membership is None:
        raise NotFound(f"The campaign '{campaign.slug}' has no such rater.")
    return membership
