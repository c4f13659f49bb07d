"""What is kept every night: a campaign's report and its weeks under the usual options."""

from agreement import drift, queries, reports
from agreement.models import Report, Weeks
from agreement.options import Options
from annotation.models import Campaign


def has_changed(campaign: Campaign) -> bool:
    """Whether any judgement is newer than what is kept, or nothing is."""
    options = Options().as_dict()
    newest = [queries.asked_for(kind, campaign, options).filter(state="done").first()
              for kind in (Report, Weeks)]  # fmt: skip
    return not all(newest) or any(queries.newer_than(kept) for kept in newest)


def keep(campaign: Campaign) -> None:
    """Stores both, as of now."""
    for computed in (reports.compute, drift.compute):
        computed(campaign=campaign, options=Options()).save()
