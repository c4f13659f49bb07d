"""Twenty rounds of routing over the campaign of `paper_scale`, as if they had been run.

Each drew 4,000 posts from a pool of 840,000 to 760,000, of which raters judged most since.
"""

from datetime import timedelta

import numpy as np

ROUNDS, DRAWN = 20, 4_000
SHARES = {"exploit": 0.6, "uncertainty": 0.1, "diversity": 0.1, "uniform": 0.2}
ADD_SELECTIONS = """COPY routing_selection (round_id, campaign_post_id, propensity, exploit,
    uncertainty, diversity, uniform, scores) FROM STDIN"""


def add(campaign) -> None:
    """Does nothing where the campaign has rounds."""
    if campaign.rounds.exists():
        return
    from django.db import connection

    rng = np.random.default_rng(0)
    pool = np.array(
        campaign.campaign_posts.filter(state="open").order_by("id").values_list("id", flat=True)
    )
    for number in range(1, ROUNDS + 1):
        pool = pool[~np.isin(pool, add_round(campaign, number, pool, rng), assume_unique=True)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE routing_round, routing_selection, routing_poolblock")


def add_round(campaign, number: int, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Stores a round with its pool and what it drew; answers that."""
    from django.db import transaction

    from routing.models import PoolBlock
    from routing.pools import Pool

    pi = rng.dirichlet([0.5, 1, 2, 4], len(pool))[:, 0].astype(np.float32)
    pi = DRAWN * (0.8 * pi / pi.sum() + 0.2 / len(pool))
    drawn = np.sort(rng.choice(len(pool), DRAWN, replace=False, p=pi / pi.sum()))
    with transaction.atomic():
        round = make_round(campaign, number, len(pool))
        PoolBlock.objects.bulk_create(
            PoolBlock(round=round, number=block, propensities=packed)
            for block, packed in Pool(pool, pi.astype(np.float32)).packed()
        )
        add_selections(round, pool[drawn], pi[drawn], rng)
    return pool[drawn]


def make_round(campaign, number: int, pool_size: int):
    from django.utils import timezone

    from routing.models import Round

    then = timezone.now() - timedelta(days=60 - 2 * number)
    heads = {"affect": "", "trained": True, "positives": 500, "negatives": 3500}
    return Round.objects.create(
        campaign=campaign, number=number, strategy="focused", seed=number, budget=DRAWN,
        options={"shares": SHARES, "sampling": "systematic"}, state="done",
        started_at=then, finished_at=then + timedelta(seconds=40),
        pool_size=pool_size, near_duplicates=1_000, drawn=DRAWN,
        heads={
            "look_at": "words", "compared": {},
            "affects": [{**heads, "affect": key} for key in campaign.taxonomy.keys],
        },
    )  # fmt: skip


def add_selections(round, ids: np.ndarray, pi: np.ndarray, rng: np.random.Generator) -> None:
    from django.db import connection

    shares = rng.dirichlet(list(SHARES.values()), len(ids))
    scores = rng.random((len(ids), len(round.affects))).round(5)
    columns = (ids.tolist(), pi.tolist(), *shares.T.tolist(), scores.tolist())
    with connection.cursor() as cursor, cursor.copy(ADD_SELECTIONS) as copy:
        for row in zip(*columns, strict=True):
            copy.write_row((round.id, *row))
