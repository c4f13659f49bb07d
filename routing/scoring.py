"""From a round's file to a score for every post, chunk by chunk, in as many workers as there are.

Runs in workers and commands. A worker holds the lock of its chunk's row while it scores it, and
what it found is written in the same transaction: a chunk is done or it is not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection, transaction

from routing import clusters, duplicates, embedding, heads, learning, queries, rules
from routing.errors import BadRound
from routing.models import Chunk, Round

#: Posts that one worker scores at a time: half a second of a core, some 50 MB.
CHUNK = 20_000
#: Chunks of the pool in, with their number; the same chunks out: room for a progress bar.
Watch = Callable[[Iterator, int], Iterable]
QUANTILES = (0.05, 0.5, 0.95, 0.99)

CUT = """
INSERT INTO routing_chunk (round_id, first, last, posts)
SELECT %(round)s, min(id), max(id), count(*) FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(size)s AS part
    FROM annotation_campaignpost
    WHERE campaign_id = %(campaign)s AND state = 'open' AND (reserved = 0 OR %(all)s)
) AS numbered GROUP BY part
"""


def unwatched(chunks: Iterator, total: int) -> Iterable:
    return chunks


@dataclass(frozen=True, eq=False)
class Scorer:
    """What a worker needs of a round to score its posts; read once, used for many chunks."""

    heads: heads.Heads
    clusters: clusters.Clusters | None
    embedder: embedding.Embedder | None
    only_pool: bool

    def score(self, ids: np.ndarray, texts: list[str], images: list[str]) -> dict[str, np.ndarray]:
        """ids int64[n], scores float32[n, A], groups uint8[n], bands uint32[n, B]: all 0 columns
        wide or zeros where the round has no use for them."""
        words = heads.hashed(texts)
        rows = words if self.embedder is None else learning.embedded(self.embedder).rows(ids)
        groups = self.clusters.of(rows) if self.clusters else np.zeros(len(ids), np.uint8)
        bands = np.empty((len(ids), 0), np.uint32)
        if not self.only_pool:
            bands = duplicates.bands(words, images)
        scores = heads.probability(self.heads.of(rows))
        return {"ids": ids, "scores": scores, "groups": groups, "bands": bands}


@dataclass(frozen=True, eq=False)
class Scored:
    """Posts with what the heads say, and what the campaign wants of them.

    ids     int64[N], rising
    scores  float32[N, A]  probabilities, one column per trained head
    groups  uint8[N]       which posts are alike, as by `clusters`
    bands   uint32[N, B]   which posts may be near-duplicates, as by `duplicates`
    values  float[A]       how much each affect is looked for; 0 for those that screen
    screens bool[A]        affects that lower a post's exploit part
    """

    ids: np.ndarray
    scores: np.ndarray
    groups: np.ndarray
    bands: np.ndarray
    values: np.ndarray
    screens: np.ndarray
    temperature: float

    def only(self, ids: np.ndarray) -> "Scored":
        """The posts among these ids (rising)."""
        kept = np.isin(self.ids, ids, assume_unique=True)
        columns = ("ids", "scores", "groups", "bands")
        return replace(self, **{name: getattr(self, name)[kept] for name in columns})

    def components(self, strategy: rules.Strategy, shares: rules.Shares) -> np.ndarray:
        """float64[N, 4]: as by `rules.components`."""
        wanted = {}
        if len(self.values):
            wanted["exploit"] = strategy.exploit(
                self.scores, self.values, self.screens, self.temperature
            )
            wanted["uncertainty"] = rules.uncertainty(self.scores)
        if shares.diversity:
            wanted["diversity"] = rules.diversity(self.groups)
        return rules.components(wanted, len(self.ids), shares)

    def summary(self, affects: Iterable[str]) -> dict:
        """Per affect the mean score over the pool and some quantiles."""
        if not len(self.ids):
            return {}
        marks = np.quantile(self.scores, QUANTILES, axis=0).T
        means = self.scores.mean(axis=0, dtype=float)
        return {
            affect: {"mean": round(float(mean), 6), "quantiles": np.round(row, 6).tolist()}
            for affect, mean, row in zip(affects, means, marks, strict=True)
        }


def cut(round: Round) -> int:
    """Cuts the campaign's open posts into chunks and answers how many. Without a look for
    near-duplicates, posts that raters have begun are left out."""
    everything = round.options["collapses"]
    values = {"round": round.id, "campaign": round.campaign_id, "size": CHUNK, "all": everything}
    with connection.cursor() as cursor:
        cursor.execute(CUT, values)
        return cursor.rowcount


def score_chunks(round: Round, *, wait: bool = False) -> Iterator[Chunk]:
    """Scores one free chunk after the other until none is left, and yields each when it is stored.

    Chunks that another worker holds are passed over, or with `wait` waited for at the end: should
    their worker die, they are scored here. Raises PathosError where the model is gone.
    """
    scorer = None
    for patient in [False, True] if wait else [False]:
        while True:
            with transaction.atomic():
                chunk = _take(round, patient)
                if chunk is None:
                    break
                scorer = scorer or read_scorer(round)
                chunk.result = _score(chunk, round, scorer)
                chunk.save(update_fields=["result"])
            yield chunk


def read_scorer(round: Round) -> Scorer:
    """The round's heads, groups and model. Raises PathosError where one of them is gone."""
    name, groups = round.heads["champion"], None
    embedder = embedding.find(round.campaign, name) if name else None
    if name and embedder is None:
        raise BadRound(f"Round {round.number} learnt from {name}, which is there no more.")
    trained = heads.load(round.heads_file) if round.affects else heads.none()
    if round.heads["groups"]:
        groups = clusters.Clusters(**heads.beside(round.heads_file, "weights", "centres"))
    return Scorer(trained, groups, embedder, only_pool=not round.options["collapses"])


def gather(round: Round) -> Scored:
    """All that the chunks of the round found, in one piece."""
    from safetensors.numpy import load

    found = [load(bytes(each)) for each in _results(round)]
    columns = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    affects = list(round.campaign.taxonomy.affects.all())
    screens = rules.screening([each.key for each in affects], [each.valence for each in affects])
    weights = round.options["importance"]
    importance = np.where(screens, 0.0, [weights[affect.key] for affect in affects])
    reports = round.heads["affects"]
    known = [n for n, report in enumerate(reports) if report["trained"]]
    positives = [reports[n]["positives"] for n in known]
    return Scored(
        **columns,
        values=rules.strategy(round.strategy).values(importance[known], positives),
        screens=screens[known],
        temperature=round.options["temperature"],
    )


def stand_ins(scored: Scored, pool: np.ndarray) -> np.ndarray:
    """int64[N]: the campaign post that stands for each scored one: itself, or a near-duplicate.

    Of near-duplicates one that a rater has begun stands for the others, or else the oldest.
    """
    if not scored.bands.shape[1]:
        return scored.ids
    begun = ~np.isin(scored.ids, pool, assume_unique=True)
    rank = np.empty(len(begun), np.int64)
    rank[np.lexsort((scored.ids, ~begun))] = np.arange(len(begun))

    def rows_of(places: np.ndarray):
        once, back = np.unique(scored.ids[places], return_inverse=True)
        return heads.hashed(queries.texts_of(once))[back]

    return scored.ids[duplicates.representatives(scored.bands, rank, rows_of)]


def _take(round: Round, patient: bool) -> Chunk | None:
    free = round.chunks.filter(result=None).select_for_update(skip_locked=not patient)
    return free.order_by("first").first()


def _score(chunk: Chunk, round: Round, scorer: Scorer) -> bytes:
    from safetensors.numpy import save

    rows = queries.open_posts(round.campaign, chunk.first, chunk.last, scorer.only_pool)
    ids, texts, images = zip(*rows, strict=True) if rows else ((), (), ())
    return save(scorer.score(np.array(ids, np.int64), texts, images))


def _results(round: Round) -> Iterator[memoryview]:
    return round.chunks.order_by("first").values_list("result", flat=True).iterator(1)
