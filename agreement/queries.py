"""Reads: a campaign's judgements as the table that the measures take, and its stored reports."""

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import QuerySet

from agreement.models import Report
from agreement.options import Options
from agreement.table import Judgements
from annotation.judgements import affect_keys
from annotation.models import Campaign, Judgement, JudgementRevision
from annotation.queries import counted

# Four million rows fetched one by one take longer than all the measures together. Here each
# column comes as one run of eight-byte integers, up to PostgreSQL's gigabyte (134 million rows).
COLUMNS = ("campaign_post_id", "rater_id", "picks")
PACKED = """
COPY (
    SELECT string_agg(int8send(post), ''::bytea), string_agg(int8send(rater), ''::bytea),
        string_agg(int8send(picks), ''::bytea)
    FROM ({judgements}) AS judgement (post, rater, picks)
) TO STDOUT (FORMAT BINARY)
"""

#: Below this many judgements a report is computed while the page waits for it.
FEW_JUDGEMENTS = 20_000


def of_campaign(campaign: Campaign, weights: pd.Series | None = None) -> Judgements:
    """The judgements that a campaign's figures rest on; weights as in `table`."""
    judgements = counted(Judgement.objects.filter(campaign=campaign))
    return table(judgements, affect_keys(campaign.taxonomy_id), weights)


def table(
    judgements: QuerySet[Judgement], affects: tuple[str, ...], weights: pd.Series | None = None
) -> Judgements:
    """The current picks, sorted by post and rater, so that the same judgements always give the
    same table and a seed the same intervals.

    weights  of every post, by campaign post id: positive, the inverse of its propensity
    """
    posts, raters, picks = _columns(judgements)
    # One sort by one key: room for three billion posts and as many raters.
    order = np.argsort(posts * (raters.max(initial=0) + 1) + raters, kind="stable")
    posts = posts[order]
    weighted = None if weights is None else weights.reindex(posts).to_numpy()
    return Judgements(posts, raters[order], picks[order], affects, weighted)


def are_few(judgements: QuerySet[Judgement]) -> bool:
    """Whether they may be read while somebody waits. Never counts further than it must."""
    return judgements[:FEW_JUDGEMENTS].count() < FEW_JUDGEMENTS


def asked_for(campaign: Campaign, options: Options) -> QuerySet[Report]:
    """The campaign's stored reports under exactly these options, newest first."""
    return Report.objects.filter(campaign=campaign, options=options.as_dict()).order_by("-id")


def newest_rows() -> dict[str, int]:
    """The highest ids so far, by the name of the field in which a report keeps them."""
    return {
        "last_judgement": _last_id(Judgement.objects.all()),
        "last_revision": _last_id(JudgementRevision.objects.all()),
    }


def newer_than(report: Report) -> int:
    """How many judgements were made or revised since the report."""
    made = Judgement.objects.filter(campaign=report.campaign_id, id__gt=report.last_judgement)
    revised = JudgementRevision.objects.filter(
        judgement__campaign=report.campaign_id,
        judgement__id__lte=report.last_judgement,
        id__gt=report.last_revision,
    )
    return made.count() + revised.values("judgement").distinct().count()


def _columns(judgements: QuerySet[Judgement]) -> list[np.ndarray]:
    sql, params = judgements.order_by().values_list(*COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(PACKED.format(judgements=sql), params)
        with cursor.copy(statement) as copy:
            copy.set_types(["bytea"] * len(COLUMNS))
            (packed,) = copy.rows()
    return [np.frombuffer(column or b"", ">i8").astype(np.int64) for column in packed]


def _last_id(rows: QuerySet) -> int:
    return rows.order_by("-id").values_list("id", flat=True).first() or 0
