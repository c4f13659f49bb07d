"""From judged posts to a score for every post of the pool. Runs in workers and commands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from agreement.table import tally
from routing import heads, queries, rules
from routing.errors import EmptyPool
from routing.models import Round

#: Chunks of the pool in, with their number; the same chunks out: room for a progress bar.
Watch = Callable[[Iterator, int], Iterable]
#: Posts of the pool that calibration looks at.
CALIBRATION_POSTS = 20_000
QUANTILES = (0.05, 0.5, 0.95, 0.99)


def unwatched(chunks: Iterator, total: int) -> Iterable:
    return chunks


@dataclass(frozen=True, eq=False)
class Scored:
    """The pool with what the heads say, and what the campaign wants of it.

    ids     int64[N], rising
    scores  float32[N, A]  probabilities, one column per trained head
    values  float[A]       how much each affect is looked for; 0 for those that screen
    screens bool[A]        affects that lower a post's exploit part
    """

    ids: np.ndarray
    scores: np.ndarray
    values: np.ndarray
    screens: np.ndarray
    temperature: float

    def only(self, ids: np.ndarray) -> "Scored":
        """The posts among these ids (rising)."""
        kept = np.isin(self.ids, ids, assume_unique=True)
        return replace(self, ids=self.ids[kept], scores=self.scores[kept])

    def components(self, strategy: rules.Strategy, shares: rules.Shares) -> np.ndarray:
        """float64[N, 3]: as by `rules.components`."""
        wanted = {}
        if len(self.values):
            wanted["exploit"] = strategy.exploit(
                self.scores, self.values, self.screens, self.temperature
            )
            wanted["uncertainty"] = rules.uncertainty(self.scores)
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


def score_pool(round: Round, rng: np.random.Generator, watch: Watch = unwatched) -> Scored:
    """Trains the round's heads, scores the pool with them, and notes both on the round."""
    affects = list(round.campaign.taxonomy.affects.all())
    keys = [affect.key for affect in affects]
    screens = rules.screening(keys, [affect.valence for affect in affects])
    importance = np.where(screens, 0.0, [affect.importance for affect in affects])

    trained, reports = heads.learn(*_lessons(round, tuple(keys), rng), keys, rng)
    known = [n for n, report in enumerate(reports) if report.trained]
    ids, logits = _logits(round, trained, watch)
    offsets = _offsets(logits, [reports[n].prevalence for n in known], rng)
    trained = trained.raised(offsets)
    _keep(round, trained, reports)
    return Scored(
        ids=ids,
        scores=heads.probability(logits + offsets.astype(np.float32)),
        values=rules.affect_values(importance[known], [reports[n].positives for n in known]),
        screens=screens[known],
        temperature=round.options["temperature"],
    )


def _lessons(
    round: Round, affects: tuple[str, ...], rng: np.random.Generator
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, labels bool[P, A] and weights float[P] of the judged posts that heads learn from."""
    judged = queries.judgements(round.campaign.judgements.all(), affects)
    ids, raters, votes = tally(judged)
    kept = np.flatnonzero(raters >= round.options["min_raters"])
    if len(kept) > round.options["training_posts"]:
        kept = np.sort(rng.choice(kept, round.options["training_posts"], replace=False))
    stands_for = queries.weights(round.campaign)
    weights = np.array([stands_for.get(post, 1.0) for post in ids[kept].tolist()])
    labels = rules.majority(votes[kept, : len(affects)], raters[kept])
    return queries.texts_of(ids[kept]), labels, weights


def _logits(round: Round, trained: heads.Heads, watch: Watch) -> tuple[np.ndarray, np.ndarray]:
    """ids int64[N] and logits float32[N, A] of the pool. Without heads no text is read."""
    if not trained.affects:
        ids = queries.pool_ids(round.campaign)
        return ids, np.zeros((len(ids), 0), np.float32)
    total = queries.pool(round.campaign.campaign_posts).count()
    chunks = watch(queries.pool_texts(round.campaign), -(-total // queries.CHUNK))
    scored = [(ids, trained.logits(texts)) for ids, texts in chunks]
    if not scored:
        raise EmptyPool
    return tuple(map(np.concatenate, zip(*scored, strict=True)))


def _offsets(logits: np.ndarray, prevalence: list[float], rng: np.random.Generator) -> np.ndarray:
    """float[A]: as by `heads.calibration`, from a random part of a large pool."""
    if len(logits) > CALIBRATION_POSTS:
        logits = logits[rng.choice(len(logits), CALIBRATION_POSTS, replace=False)]
    return heads.calibration(logits, np.array(prevalence))


def _keep(round: Round, trained: heads.Heads, reports: list[heads.Head]) -> None:
    intercepts = dict(zip(trained.affects, trained.intercepts.tolist(), strict=True))
    found = [replace(report, intercept=intercepts.get(report.affect)) for report in reports]
    round.heads = {"hashing": heads.HASHING, "affects": [head.as_json() for head in found]}
    if trained.affects:
        trained.save(round.heads_file)
