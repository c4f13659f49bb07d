"""Reads: the pool, its texts, what judged posts teach, and what they stand for."""

from collections.abc import Container, Iterable
from dataclasses import replace

import numpy as np
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from agreement.table import Judgements
from annotation.count_models import PostCount
from annotation.models import Assignment, Campaign, CampaignPost, Judgement
from annotation.queries import counted, queue
from annotation.queries import with_progress as campaigns_with_progress
from lib.bulk import read_columns
from routing import estimation, rules, sampling
from routing.estimation import Reach
from routing.models import NearDuplicate, Pin, PoolBlock, Round, Selection
from routing.pools import Pool, block_of, propensity_in

State = CampaignPost.State

POSTS = """
SELECT place.id, {columns}
FROM annotation_campaignpost AS place JOIN annotation_post AS post ON post.id = place.post_id
WHERE {condition} ORDER BY place.id
"""
TEXT = "concat_ws(' ', title, body, ocr_text, transcript, image_alt)"
CONTENT = ("key", "title", "body", "ocr_text", "transcript", "image", "sensitive")

POOL_IDS = """
SELECT array_agg(id ORDER BY id) FROM annotation_campaignpost
WHERE campaign_id = %s AND state = 'open' AND reserved = 0 AND priority < %s
"""


def pool(campaign_posts: QuerySet[CampaignPost]) -> QuerySet[CampaignPost]:
    """Posts that a round may draw: open, without a judgement, in nobody's hands, and not pinned.

    A post that a rater holds has been chosen already; drawing it now would change nothing, and it
    would carry a propensity that was not at work when it was handed out. So it is with a pinned
    post, which comes before all others.
    """
    return campaign_posts.filter(
        state=CampaignPost.State.OPEN, reserved=0, priority__lt=rules.PINNED
    )


def pool_size(campaign: Campaign) -> int:
    """How many posts are in the pool, without a look at each: those that nobody has judged, from
    stored counts, less those in raters' hands and pinned ones."""
    unjudged = PostCount.objects.filter(campaign_id=campaign.id, state=State.OPEN, judged=0)
    held = Assignment.objects.filter(campaign=campaign, state=Assignment.State.OFFERED)
    pinned = Pin.objects.filter(campaign_post__campaign=campaign, ended_at=None)
    taken = {*held.values_list("campaign_post", flat=True)}
    taken |= {*pinned.values_list("campaign_post", flat=True)}
    away = campaign.campaign_posts.filter(id__in=taken, state=State.OPEN, judged=0)
    return unjudged.aggregate(all=Sum("posts", default=0))["all"] - away.count()


def pool_ids(campaign: Campaign) -> np.ndarray:
    """int64[N], rising: the pool at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(POOL_IDS, [campaign.id, rules.PINNED])
        return np.array(cursor.fetchone()[0] or [], np.int64)


def open_posts(campaign: Campaign, first: int, last: int, only_pool: bool) -> list[tuple]:
    """(id, text, image) of the open posts with ids from first to last, rising; only those that a
    round may draw, or those that raters have begun as well."""
    condition = "campaign_id = %s AND place.id BETWEEN %s AND %s AND state = 'open'"
    if only_pool:
        condition += " AND reserved = 0"
    return _posts(f"{TEXT}, image", condition, [campaign.id, first, last])


def texts_of(ids: np.ndarray) -> list[str]:
    """The texts of these campaign posts, ids rising."""
    return [text for _, text in _posts(TEXT, "place.id = ANY(%s)", [ids.tolist()])]


def contents_of(ids: np.ndarray) -> list[dict]:
    """What is shown of these campaign posts, ids rising, as a model reads it."""
    found = _posts(
        ", ".join(f"post.{name}" for name in CONTENT), "place.id = ANY(%s)", [ids.tolist()]
    )
    return [dict(zip(CONTENT, row[1:], strict=True)) for row in found]


def judgements(of: QuerySet[Judgement], affects: tuple[str, ...]) -> Judgements:
    """Judgements that count, sorted by post, as the table that measures read. Raters don't matter
    here."""
    posts, picks = read_columns(counted(of), "campaign_post_id", "picks")
    order = np.lexsort((picks, posts))  # the same judgements give the same table
    return Judgements(posts[order], posts[order], picks[order], affects)


def judgement_count(campaign: Campaign) -> int:
    """Judgements that count so far. Gold is left out: it teaches nothing about the pool."""
    found = campaigns_with_progress(Campaign.objects.filter(id=campaign.id)).get()
    return found.judged - found.set_aside


def drawn_left(campaign: Campaign) -> bool:
    """Whether a post of the newest round still has a place to hand out."""
    newest = campaign.rounds.filter(state=Round.State.DONE).first()
    places = queue(campaign.campaign_posts.all())
    return newest is not None and places.filter(selections__round=newest).exists()


def propensities(campaign: Campaign) -> dict[int, float]:
    """campaign post id → the propensity of each judged post that a round drew.

    Posts that are judged and not in here were asked without any draw (imported judgements, a
    campaign before its first round, raters who emptied the queue): they stand for themselves only,
    with propensity 1.0.
    """
    draws = with_pools(campaign, read_draws(campaign))
    return _of_judged(draws, estimation.propensities(draws))


def has_drawn(campaign: Campaign) -> bool:
    """Whether a round has chosen posts of the campaign, so that weights may tell of it."""
    return campaign.rounds.filter(state=Round.State.DONE).exists()


def weights(campaign: Campaign) -> dict[int, float]:
    """campaign post id → what each judged post that a round drew stands for; 1.0 for others.

    Unbiased over several rounds, where 1 / propensity is not: see `estimation.weights`.
    """
    draws = read_draws(campaign)
    return _of_judged(draws, estimation.weights(draws))


def read_draws(campaign: Campaign) -> estimation.Draws:
    """What all finished rounds of the campaign drew, with the propensities of what they drew: all
    that weights need. `with_pools` adds those of the rounds that passed a post over."""
    rounds = done(campaign)
    counts = Exists(counted(Judgement.objects.filter(campaign_post=OuterRef("campaign_post"))))
    rows = Selection.objects.filter(round__in=rounds).values_list(
        "round_id", "campaign_post_id", counts, "propensity"
    )
    numbers, posts, counting, pi = np.array(list(rows)).reshape(-1, 4).T
    ids, place = np.unique(posts.astype(np.int64), return_inverse=True)
    cells = np.searchsorted([each.id for each in rounds], numbers), place
    drawn, chances = np.zeros((len(rounds), len(ids)), bool), np.zeros((len(rounds), len(ids)))
    drawn[cells], chances[cells] = True, pi
    judged = np.zeros(len(ids), bool)
    judged[place] = counting > 0
    return estimation.Draws(ids, chances, drawn, judged, copies(campaign, ids))


def with_pools(campaign: Campaign, draws: estimation.Draws) -> estimation.Draws:
    """The draws with every round's propensity of every post, drawn by it or not."""
    chances = [pool_of(each).of(draws.ids) for each in done(campaign)]
    return replace(draws, propensities=np.reshape(chances, draws.drawn.shape))


def draws_of(
    campaign_post: CampaignPost, chances: dict[int, float], drawn_by: Container, whole: Reach
) -> estimation.Draws:
    """One judged post as a part of all draws: its `chances` as by the function of this name, the ids
    of the rounds that drew it, and how far raters came with the posts altogether."""
    rounds = done(campaign_post.campaign).values_list("id", flat=True)
    unjudged = campaign_post.near_duplicates.filter(
        campaign_post__in=_waiting(campaign_post.campaign)
    )
    return estimation.Draws(
        ids=np.array([campaign_post.id]),
        propensities=np.array([[chances.get(each, 0.0)] for each in rounds]),
        drawn=np.array([[each in drawn_by] for each in rounds]),
        judged=np.array([True]),
        copies=1 + unjudged.count(),
        whole=whole,
    )


def done(campaign: Campaign) -> QuerySet[Round]:
    """The campaign's finished rounds, the first one first."""
    return campaign.rounds.filter(state=Round.State.DONE).order_by("id")


def of_drawn(campaign: Campaign) -> QuerySet[Judgement]:
    """Judgements of posts that a round has drawn, counting or not."""
    drawn = Selection.objects.filter(round__in=done(campaign))
    return campaign.judgements.filter(campaign_post__in=drawn.values("campaign_post"))


def copies(campaign: Campaign, ids: np.ndarray) -> np.ndarray:
    """int64[S]: how many posts of the campaign each of these (rising ids) speaks for: itself, and
    its near-duplicates that nobody has judged."""
    stand_in = Selection.objects.filter(round__campaign=campaign).values("campaign_post")
    twins = NearDuplicate.objects.filter(
        campaign_post__in=_waiting(campaign), representative__in=stand_in
    )
    known = np.array(list(twins.values_list("representative", flat=True)), np.int64)
    return 1 + np.bincount(np.searchsorted(ids, known[np.isin(known, ids)]), minlength=len(ids))


def near_duplicates_of(posts: Iterable[int]) -> dict[int, int]:
    """How many near-duplicates each of these campaign posts stands for; none is left out."""
    twins = NearDuplicate.objects.filter(representative__in=list(posts)).values("representative")
    return dict(twins.annotate(all=Count("id")).values_list("representative", "all"))


def _waiting(campaign: Campaign) -> QuerySet[CampaignPost]:
    return campaign.campaign_posts.filter(state=State.OPEN, judged=0)


def pool_of(round: Round) -> Pool:
    """The pool that the round drew from. Empty while it isn't done."""
    blocks = PoolBlock.objects.filter(round=round).order_by("number")
    return Pool.unpacked(blocks.values_list("number", "propensities"))


def chances(campaign_post: CampaignPost) -> dict[int, float]:
    """round id → the post's propensity, of each finished round that had it in its pool."""
    blocks = PoolBlock.objects.filter(
        round__in=done(campaign_post.campaign), number=block_of(campaign_post.id)
    ).values_list("round_id", "propensities")
    found = {round_id: propensity_in(packed, campaign_post.id) for round_id, packed in blocks}
    return {round_id: chance for round_id, chance in found.items() if chance}


def redrawn(round: Round) -> np.ndarray:
    """int64[S], rising: the posts that the round drew, drawn once more from what its row keeps:
    seed, way of drawing, candidates and their propensities."""
    kept = pool_of(round)
    _, rng = np.random.default_rng(round.seed).spawn(2)
    draw = sampling.method(round.options["sampling"])
    return kept.ids[draw(kept.propensities.astype(float), rng)]


def check_posts(campaign: Campaign) -> QuerySet[CampaignPost]:
    """The posts that were drawn to check the heads, from which none ever learns.

    One that nobody had judged when a later round drew it is none of them any more: it is judged
    because that round looked for it, and would make the check look richer than the pool.
    """
    later = Selection.objects.filter(
        campaign_post=OuterRef("campaign_post"), round_id__gt=OuterRef("round")
    )
    drawn = Selection.objects.filter(round__campaign=campaign, round__strategy=rules.CHECK)
    return campaign.campaign_posts.filter(
        id__in=drawn.exclude(Exists(later)).values("campaign_post")
    )


def component_shares(campaign: Campaign, ids: np.ndarray) -> np.ndarray:
    """float64[S, C]: which part each component had in the last draw of these posts (rising ids);
    zeros where that round had no head yet, or was all even, so that it looked for nothing."""
    rounds = campaign.rounds.filter(state=Round.State.DONE)
    routed = [each.id for each in rounds if each.affects and each.options["shares"]["uniform"] < 1]
    rows = Selection.objects.filter(round__in=rounds).order_by("round_id")
    columns = np.array(list(rows.values_list("campaign_post_id", "round_id", *rules.COMPONENTS)))
    posts, numbers, *parts = columns.reshape(-1, 2 + len(rules.COMPONENTS)).T
    found = np.zeros((len(ids), len(rules.COMPONENTS)))
    found[np.searchsorted(ids, posts)] = np.column_stack(parts) * np.isin(numbers, routed)[:, None]
    return found


def with_progress(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Adds asked: how many of the drawn posts have a judgement by now. Counted for the rounds that
    are read only, and post by post: PostgreSQL would rather read every judged post of the campaign
    than look up the few thousand that were drawn."""
    post = CampaignPost.objects.filter(id=OuterRef("campaign_post")).values("judged")
    judged = Selection.objects.filter(round=OuterRef("pk")).alias(judgements=Subquery(post))
    counts = judged.filter(judgements__gt=0).order_by().values("round")
    counted_by = counts.annotate(all=Count("id")).values("all")
    return rounds.annotate(asked=Coalesce(Subquery(counted_by), 0))


def _of_judged(draws: estimation.Draws, figures: np.ndarray) -> dict[int, float]:
    return dict(zip(draws.ids[draws.judged].tolist(), figures[draws.judged].tolist(), strict=True))


def _posts(columns: str, condition: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(POSTS.format(columns=columns, condition=condition), values)
        return cursor.fetchall()
