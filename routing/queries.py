"""Reads: the pool, its texts, what judged posts teach, and what they stand for."""

from collections.abc import Iterator

import numpy as np
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from agreement.table import Judgements
from annotation.models import Campaign, CampaignPost, Judgement
from annotation.queries import counted, queue, set_aside
from routing import estimation
from routing.models import Candidates, Round, Selection
from routing.pools import Pool

#: Texts that are read and scored together.
CHUNK = 5000

TEXTS = """
SELECT place.id, concat_ws(' ', title, body, ocr_text, transcript, image_alt)
FROM annotation_campaignpost AS place JOIN annotation_post AS post ON post.id = place.post_id
WHERE {condition} ORDER BY place.id
"""


def pool(campaign_posts: QuerySet[CampaignPost]) -> QuerySet[CampaignPost]:
    """Posts that a round may draw: open, without a judgement, and in nobody's hands.

    A post that a rater holds has been chosen already; drawing it now would change nothing, and it
    would carry a propensity that was not at work when it was handed out.
    """
    return campaign_posts.filter(state=CampaignPost.State.OPEN, reserved=0)


def pool_ids(campaign: Campaign) -> np.ndarray:
    """int64[N], rising: the pool at this moment."""
    found = pool(campaign.campaign_posts).order_by("id").values_list("id", flat=True)
    return np.fromiter(found.iterator(CHUNK), np.int64)


def pool_texts(campaign: Campaign) -> Iterator[tuple[np.ndarray, list[str]]]:
    """The pool in chunks of (ids int64[n], texts), through a cursor on the server."""
    condition = "place.campaign_id = %s AND place.state = 'open' AND place.reserved = 0"
    yield from _texts(condition, campaign.id)


def texts_of(ids: np.ndarray) -> list[str]:
    """The texts of these campaign posts, ids rising."""
    chunks = _texts("place.id = ANY(%s)", ids.tolist())
    return [text for _, texts in chunks for text in texts]


def judgements(of: QuerySet[Judgement], affects: tuple[str, ...]) -> Judgements:
    """Judgements that count, as the table that measures read. Raters don't matter here."""
    rows = counted(of).order_by("campaign_post_id").values_list("campaign_post_id", "picks")
    columns = np.array(list(rows.iterator(CHUNK)), np.int64).reshape(-1, 2).T
    return Judgements(columns[0], columns[0], columns[1], affects)


def judgement_count(campaign: Campaign) -> int:
    """Judgements that count so far. Gold is left out: it teaches nothing about the pool."""
    asked = campaign.campaign_posts.exclude(state=CampaignPost.State.GOLD)
    return asked.aggregate(all=Sum("judged", default=0))["all"] - set_aside(campaign).count()


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
    draws = read_draws(campaign)
    return _of_judged(draws, estimation.propensities(draws))


def weights(campaign: Campaign) -> dict[int, float]:
    """campaign post id → what each judged post that a round drew stands for; 1.0 for others.

    Unbiased over several rounds, where 1 / propensity is not: see `estimation.weights`.
    """
    draws = read_draws(campaign)
    return _of_judged(draws, estimation.weights(draws))


def read_draws(campaign: Campaign) -> estimation.Draws:
    """What all finished rounds of the campaign drew, with every round's propensities."""
    rounds = list(campaign.rounds.filter(state=Round.State.DONE).order_by("id"))
    selected = Selection.objects.filter(round__in=rounds)
    counts = Exists(counted(Judgement.objects.filter(campaign_post=OuterRef("campaign_post"))))
    rows = selected.values_list("round_id", "campaign_post_id", counts)
    columns = np.array(list(rows), np.int64).reshape(-1, 3).T
    ids, place = np.unique(columns[1], return_inverse=True)
    drawn = np.zeros((len(rounds), len(ids)), bool)
    drawn[np.searchsorted([each.id for each in rounds], columns[0]), place] = True
    judged = np.zeros(len(ids), bool)
    judged[place] = columns[2] > 0
    chances = [pool_of(each).of(ids) for each in rounds]
    return estimation.Draws(ids, np.reshape(chances, drawn.shape), drawn, judged)


def pool_of(round: Round) -> Pool:
    """The pool that the round drew from. Empty while it isn't done."""
    kept = Candidates.objects.filter(round=round).values_list("ids", "propensities").first()
    return Pool.unpacked(*map(bytes, kept)) if kept else Pool(np.empty(0, np.int64), np.empty(0))


def with_progress(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Adds asked: how many of the drawn posts have a judgement by now."""
    judged = Count("selections", filter=Q(selections__campaign_post__judged__gt=0))
    return rounds.annotate(asked=judged)


def _of_judged(draws: estimation.Draws, figures: np.ndarray) -> dict[int, float]:
    return dict(zip(draws.ids[draws.judged].tolist(), figures[draws.judged].tolist(), strict=True))


def _texts(condition: str, value: object) -> Iterator[tuple[np.ndarray, list[str]]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(TEXTS.format(condition=condition), [value])
        while rows := cursor.fetchmany(CHUNK):
            ids, texts = zip(*rows, strict=True)
            yield np.array(ids, np.int64), list(texts)
