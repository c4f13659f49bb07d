"""What a round learns before it looks at the pool: heads, what they look at, groups of posts.

Runs in workers and commands. Nothing of it stays in memory: it is written to the round's file, from
which every worker that scores a chunk reads it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from agreement.table import tally
from lib.errors import PathosError
from routing import clusters, embedding, heads, queries, rules
from routing.models import Round

#: Posts of the pool that calibration looks at.
SAMPLE = 20_000
#: Of the judged posts, this part at most is held out when two kinds of features are compared.
HELD_OUT = 0.25
#: An affect takes part in the comparison from this many carriers among the held-out posts on.
CARRIERS = 3
WORDS, EMBEDDING = "hashed 1-2-grams", "embedding"


@dataclass(frozen=True, eq=False)
class Lessons:
    """Judged posts: ids int64[P] rising, labels bool[P, A], weights float[P]."""

    ids: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class Features:
    """A way to see posts: its name, and the rows float[P, F] of campaign posts (ids rising)."""

    name: str
    rows: Callable[[np.ndarray], object]
    model: str = ""


def learn(round: Round, rng: np.random.Generator) -> None:
    """Trains the round's heads, calibrates them on the pool, finds groups of posts if any share of
    the budget goes by groups, and writes it all to `heads_file`, a summary onto the row."""
    keys = round.campaign.taxonomy.keys
    known = lessons(round, keys, rng)
    seen, compared = _choose(round, known, rng)
    trained, reports = heads.learn_from(
        seen.rows(known.ids), known.labels, known.weights, keys, rng
    )
    sample = seen.rows(_sample(queries.pool_ids(round.campaign), SAMPLE, rng))
    trained = _calibrated(trained, sample, reports)
    beside = _groups(sample, rng) if round.options["shares"].get("diversity") else {}
    if trained.affects or beside:
        trained.save(round.heads_file, **beside)
    round.heads = {
        "hashing": heads.HASHING,
        "look_at": seen.name,
        "champion": seen.model,
        "compared": compared,
        "groups": len(beside["centres"].T) if beside else 0,
        "affects": _reports(trained, reports),
    }


def lessons(round: Round, affects: tuple[str, ...], rng: np.random.Generator) -> Lessons:
    """What the judged posts of the campaign teach: at most `training_posts` of them, by lot. The
    check is left out."""
    taught = round.campaign.judgements.exclude(
        campaign_post__in=queries.check_posts(round.campaign)
    )
    judged = queries.judgements(taught, affects)
    ids, raters, votes = tally(judged)
    kept = np.flatnonzero(raters >= round.options["min_raters"])
    if len(kept) > round.options["training_posts"]:
        kept = np.sort(rng.choice(kept, round.options["training_posts"], replace=False))
    stands_for = queries.weights(round.campaign)
    weights = np.array([stands_for.get(post, 1.0) for post in ids[kept].tolist()])
    return Lessons(ids[kept], rules.majority(votes[kept, : len(affects)], raters[kept]), weights)


def words() -> Features:
    return Features(WORDS, lambda ids: heads.hashed(queries.texts_of(ids)))


def embedded(embedder: embedding.Embedder) -> Features:
    return Features(
        EMBEDDING,
        lambda ids: np.asarray(embedder.embed(queries.contents_of(ids)), np.float32),
        embedder.name,
    )


def compare(
    first, second, labels: np.ndarray, held_out: np.ndarray, rng: np.random.Generator
) -> tuple[float | None, float | None]:
    """Mean average precision over affects, on held-out posts, of heads on either kind of rows.

    first, second float[P, F] rows of the same posts; labels bool[P, A]; held_out bool[P]

    Affects with fewer than CARRIERS held-out carriers, or none to learn from, take no part; without
    any, both are None.
    """
    ours, theirs = labels[held_out].sum(axis=0), labels[~held_out].sum(axis=0)
    able = (ours >= CARRIERS) & (theirs > 0) & (theirs < (~held_out).sum())
    if not able.any():
        return None, None
    chosen = labels[:, able]
    return tuple(_precision(rows, chosen, held_out, rng) for rows in (first, second))


def _choose(
    round: Round, known: Lessons, rng: np.random.Generator
) -> tuple[Features, dict[str, float | str | None]]:
    """The better way to see posts, and how both did. Words where nothing says otherwise."""
    plain = words()
    try:
        champion = embedding.find(round.campaign)
        if champion is None or not len(known.ids):
            return plain, {}
        other = embedded(champion)
        unseen = champion.unseen(queries.contents_of(known.ids))
        rows = (plain.rows(known.ids), other.rows(known.ids))
        found = compare(*rows, known.labels, _held_out(unseen, rng), rng)
    except PathosError as away:
        return plain, {"champion_missing": away.message}
    better = other if None not in found and found[1] > found[0] else plain
    return better, {WORDS: found[0], f"{EMBEDDING} of {champion.name}": found[1]}


def _held_out(unseen: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """bool[P]: some of the posts that the champion never learnt from. On others its embedding would
    look better than it is, for it was made to tell just these labels apart."""
    chosen = np.zeros(len(unseen), bool)
    chosen[rng.permutation(np.flatnonzero(unseen))[: int(HELD_OUT * len(unseen))]] = True
    return chosen


def _precision(rows, labels: np.ndarray, held_out: np.ndarray, rng: np.random.Generator) -> float:
    from sklearn.metrics import average_precision_score

    names = [str(n) for n in range(labels.shape[1])]
    alike = np.ones((~held_out).sum())
    found, _ = heads.learn_from(rows[~held_out], labels[~held_out], alike, names, rng)
    return round(float(average_precision_score(labels[held_out], found.of(rows[held_out]))), 4)


def _sample(ids: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """At most so many of the ids, rising."""
    return ids if len(ids) <= most else np.sort(rng.choice(ids, most, replace=False))


def _calibrated(trained: heads.Heads, sample, reports: list[heads.Head]) -> heads.Heads:
    """The heads, raised so that the pool has the prevalence that the weighted judgements say."""
    if not trained.affects or not sample.shape[0]:
        return trained
    prevalence = np.array([report.prevalence for report in reports if report.trained])
    return trained.raised(heads.calibration(trained.of(sample), prevalence))


def _groups(sample, rng: np.random.Generator) -> dict[str, np.ndarray]:
    found = clusters.find(sample[: clusters.SAMPLE], rng)
    return {"weights": found.weights, "centres": found.centres}


def _reports(trained: heads.Heads, reports: list[heads.Head]) -> list[dict]:
    intercepts = dict(zip(trained.affects, trained.intercepts.tolist(), strict=True))
    return [
        replace(report, intercept=intercepts.get(report.affect)).as_json() for report in reports
    ]
