"""Simple per-affect models: logistic regressions on hashed words and pairs of words, or on the
numbers of an embedding.

scikit-learn is imported inside the functions: only workers and commands come here.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

#: What turns texts into features; frozen into every round, so that its heads can be used again.
HASHING = {"n_features": 1 << 18, "ngram_range": [1, 2], "token_pattern": r"(?u)\w+|[^\w\s]"}
WORD = re.compile(HASHING["token_pattern"])
#: Inverse strength of the L2 penalty. Ten ranks better than scikit-learn's one on short posts.
C = 10.0
TENSORS = ("features", "coefficients", "intercepts")


@dataclass(frozen=True)
class Head:
    """What one affect's head learnt from, and whether it could learn at all."""

    affect: str
    positives: int
    negatives: int
    #: share of the campaign's posts that carry it, by weight
    prevalence: float
    trained: bool = False
    intercept: float | None = None

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Heads:
    """The trained heads of a round. A of them, which look at K of the F features of a post.

    affects      keys, A of them
    features     int32[K]      the features any judged post has; all others weigh nothing
    coefficients float32[K, A]
    intercepts   float32[A]
    width        F: of hashed words unless an embedding was learnt from
    """

    affects: tuple[str, ...]
    features: np.ndarray
    coefficients: np.ndarray
    intercepts: np.ndarray
    width: int = HASHING["n_features"]

    @cached_property
    def _weights(self) -> np.ndarray:
        weights = np.zeros((self.width, len(self.affects)), np.float32)
        weights[self.features] = self.coefficients
        return weights

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """float32[P, A]: what heads on hashed words say of posts with these texts."""
        return self.of(hashed(texts))

    def of(self, rows) -> np.ndarray:
        """float32[P, A]: the logits of posts with these features, sparse or dense float[P, F]."""
        return (rows @ self._weights + self.intercepts).astype(np.float32)

    def raised(self, offsets: np.ndarray) -> "Heads":
        """The same heads with offsets float[A] added to every logit."""
        return replace(self, intercepts=(self.intercepts + offsets).astype(np.float32))

    def save(self, path: Path, **beside: np.ndarray) -> None:
        """Writes the heads, and arrays beside them, as safetensors: whole or not at all, and never
        a pickle."""
        from safetensors.numpy import save

        tensors = {name: getattr(self, name) for name in TENSORS} | beside
        notes = {"affects": " ".join(self.affects), "width": str(self.width)}
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_bytes(save(tensors, metadata=notes))
        os.replace(half, path)


def load(path: Path) -> Heads:
    """The heads that `Heads.save` wrote."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        notes = file.metadata()
        width = int(notes.get("width", HASHING["n_features"]))
        tensors = {name: file.get_tensor(name) for name in TENSORS}
        return Heads(tuple(notes["affects"].split()), **tensors, width=width)


def beside(path: Path, *names: str) -> dict[str, np.ndarray]:
    """The arrays of these names that `Heads.save` wrote beside the heads."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in names}


def hashed(texts: Sequence[str]):
    """Sparse float32[P, 2^18]: counts of words and pairs of words, each row of length 1."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    if not len(texts):
        return csr_matrix((0, HASHING["n_features"]), dtype=np.float32)
    vectorizer = HashingVectorizer(
        n_features=HASHING["n_features"], analyzer=_words_and_pairs, dtype=np.float32
    )
    return vectorizer.transform(texts)


def _words_and_pairs(text: str) -> list[str]:
    """What scikit-learn's own analyzer makes of a text by HASHING, in half the time."""
    words = WORD.findall(text.lower())
    return words + list(map(" ".join, pairwise(words)))


def learn(
    texts: Sequence[str],
    labels: np.ndarray,
    weights: np.ndarray,
    affects: Sequence[str],
    rng: np.random.Generator,
) -> tuple[Heads, list[Head]]:
    """As `learn_from`, from the hashed words of P texts."""
    return learn_from(hashed(texts), labels, weights, affects, rng)


def learn_from(
    rows,
    labels: np.ndarray,
    weights: np.ndarray,
    affects: Sequence[str],
    rng: np.random.Generator,
) -> tuple[Heads, list[Head]]:
    """One head per affect that has both kinds of posts; the others are skipped and say so.

    rows    float[P, F]        features of judged posts: sparse hashed words, or an embedding
    labels  bool[P, A]   whether the consensus so far gives the post the affect
    weights float[P]     what the post stands for in the campaign, as by `queries.weights`

    The heads rank, but their logits are not calibrated yet: see `calibration`.
    """
    reports = [_report(*column, weights) for column in zip(affects, labels.T, strict=True)]
    able = [n for n, head in enumerate(reports) if head.positives and head.negatives]
    if not able:
        return none(), reports
    width = rows.shape[1]
    features, rows, factors, middle = _levelled(rows)
    fitted = [_fit(rows, labels[:, n], rng) for n in able]
    for n in able:
        reports[n] = replace(reports[n], trained=True)
    coefficients = np.array([found for found, _ in fitted]) * factors
    intercepts = np.array([found for _, found in fitted]) - coefficients @ middle
    keys = [affects[n] for n in able]
    return _together(keys, features, coefficients, intercepts, width), reports


def none() -> Heads:
    """No head at all: what a campaign has before its first judgements."""
    return _together([], np.empty(0), np.empty((0, 0)), np.empty(0), HASHING["n_features"])


def calibration(logits: np.ndarray, prevalence: np.ndarray) -> np.ndarray:
    """float64[A]: the offsets b with mean_i sigmoid(z_ic + b_c) = prevalence_c.

    logits     float[P, A]  of posts that no head has seen in training
    prevalence float[A]     strictly between 0 and 1

    Training with balanced classes leaves out the odds of an affect, and the heads saw posts that
    earlier rounds had chosen. Both are undone by giving the pool, on average, the prevalence that
    the weighted judgements say it has (after Saerens, Latinne and Decaestecker 2002). One unknown
    per affect, found by bisection. Platt's scaling has two and needs scores of held-out positives,
    of which a rare affect has three; and the textbook's log odds are far too low here, because
    heads with more features than posts are surer of the posts they learnt from than of new ones.

    >>> calibration(np.zeros((3, 1)), np.array([0.1])).round(3).tolist()
    [-2.197]
    """
    low, high = np.full(len(prevalence), -50.0), np.full(len(prevalence), 50.0)
    for _ in range(50):
        middle = (low + high) / 2
        too_high = probability(logits + middle).mean(axis=0) > prevalence
        low, high = np.where(too_high, low, middle), np.where(too_high, middle, high)
    return (low + high) / 2


def probability(logits: np.ndarray) -> np.ndarray:
    """The logistic function, in the precision of its argument."""
    return 0.5 * (1 + np.tanh(0.5 * logits))


def _report(affect: str, positive: np.ndarray, weights: np.ndarray) -> Head:
    prevalence = weights[positive].sum() / max(weights.sum(), 1e-9)
    return Head(affect, int(positive.sum()), int((~positive).sum()), float(prevalence))


def _rarity(rows) -> np.ndarray:
    """float64[K]: ln((1 + P) / (1 + posts with the feature)) + 1 (Spärck Jones 1972).

    A word that few posts have is penalised less. The coefficients take the factors in, so that
    scoring needs no table of them.
    """
    posts = np.bincount(rows.indices, minlength=rows.shape[1])
    return np.log((1 + rows.shape[0]) / (1 + posts)) + 1


def _levelled(rows) -> tuple:
    """The features in use int[K], the rows float64[P, K] as the solver sees them, and the factors
    float64[K] and shift float64[K] that lead there, which the coefficients take in afterwards.

    Rare words are stretched; the numbers of an embedding get mean 0 and variance 1.
    """
    if isinstance(rows, np.ndarray):
        rows, features = rows.astype(np.float64), np.arange(rows.shape[1])
        middle, factors = rows.mean(axis=0), 1 / np.maximum(rows.std(axis=0), 1e-6)
        return features, (rows - middle) * factors, factors, middle
    features = np.unique(rows.indices)
    rows = rows[:, features].astype(np.float64)
    factors = _rarity(rows)
    rows.data *= factors[rows.indices]
    return features, rows, factors, np.zeros(len(features))


def _fit(rows, labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=C,
        class_weight="balanced",
        solver="liblinear",
        # As many unknowns as posts instead of features: 30 ms a head on words, not 400.
        dual=rows.shape[1] > rows.shape[0],
        tol=0.1,  # closer costs twice the time and ranks no better
        max_iter=1000,
        random_state=int(rng.integers(2**31)),
    ).fit(rows, labels)
    return model.coef_[0], float(model.intercept_[0])


def _together(
    affects: Iterable[str],
    features: np.ndarray,
    coefficients: np.ndarray,
    intercepts: np.ndarray,
    width: int,
) -> Heads:
    return Heads(
        affects=tuple(affects),
        features=features.astype(np.int32),
        coefficients=np.ascontiguousarray(coefficients.T, np.float32),
        intercepts=intercepts.astype(np.float32),
        width=width,
    )
