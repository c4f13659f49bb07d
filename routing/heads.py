"""Simple per-affect models: logistic regressions on hashed words and pairs of words.

scikit-learn is imported inside the functions: only workers and commands come here.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

#: What turns texts into features; frozen into every round, so that its heads can be used again.
HASHING = {"n_features": 1 << 18, "ngram_range": [1, 2], "token_pattern": r"(?u)\w+|[^\w\s]"}
#: Inverse strength of the L2 penalty. Ten ranks better than scikit-learn's one on short posts.
C = 10.0


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
    """The trained heads of a round. A of them, which look at K of the hashed features.

    affects      keys, A of them
    features     int32[K]      the features any judged post has; all others weigh nothing
    coefficients float32[K, A]
    intercepts   float32[A]
    """

    affects: tuple[str, ...]
    features: np.ndarray
    coefficients: np.ndarray
    intercepts: np.ndarray

    @cached_property
    def _weights(self) -> np.ndarray:
        weights = np.zeros((HASHING["n_features"], len(self.affects)), np.float32)
        weights[self.features] = self.coefficients
        return weights

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """float32[P, A]: what the heads say of posts with these texts."""
        return hashed(texts) @ self._weights + self.intercepts

    def raised(self, offsets: np.ndarray) -> "Heads":
        """The same heads with offsets float[A] added to every logit."""
        return replace(self, intercepts=(self.intercepts + offsets).astype(np.float32))

    def save(self, path: Path) -> None:
        """Writes the heads as safetensors: whole or not at all, and never a pickle."""
        from safetensors.numpy import save

        tensors = {name: getattr(self, name) for name in ("features", "coefficients", "intercepts")}
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_bytes(save(tensors, metadata={"affects": " ".join(self.affects)}))
        os.replace(half, path)


def load(path: Path) -> Heads:
    """The heads that `Heads.save` wrote."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        affects = tuple(file.metadata()["affects"].split())
        return Heads(affects, **{name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118


def hashed(texts: Sequence[str]):
    """Sparse float32[P, 2^18]: counts of words and pairs of words, each row of length 1."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = {**HASHING, "ngram_range": tuple(HASHING["ngram_range"])}
    return HashingVectorizer(**hashing, dtype=np.float32).transform(texts)


def learn(
    texts: Sequence[str],
    labels: np.ndarray,
    weights: np.ndarray,
    affects: Sequence[str],
    rng: np.random.Generator,
) -> tuple[Heads, list[Head]]:
    """One head per affect that has both kinds of posts; the others are skipped and say so.

    texts   P texts of judged posts
    labels  bool[P, A]   whether the consensus so far gives the post the affect
    weights float[P]     what the post stands for in the campaign, as by `queries.weights`

    The heads rank, but their logits are not calibrated yet: see `calibration`.
    """
    reports = [_report(*column, weights) for column in zip(affects, labels.T, strict=True)]
    able = [n for n, head in enumerate(reports) if head.positives and head.negatives]
    if not able:
        return none(), reports
    rows = hashed(texts)
    features = np.unique(rows.indices)
    rows = rows[:, features].astype(np.float64)
    rarity = _rarity(rows)
    rows.data *= rarity[rows.indices]
    fitted = [_fit(rows, labels[:, n], rarity, rng) for n in able]
    for n in able:
        reports[n] = replace(reports[n], trained=True)
    return _together([affects[n] for n in able], features, fitted), reports


def none() -> Heads:
    """No head at all: what a campaign has before its first judgements."""
    return _together([], np.empty(0, np.int32), [])


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


def _fit(
    rows, labels: np.ndarray, rarity: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=C,
        class_weight="balanced",
        solver="liblinear",
        dual=True,  # as many unknowns as posts instead of features: 30 ms a head, not 400
        tol=0.1,  # closer costs twice the time and ranks no better
        max_iter=1000,
        random_state=int(rng.integers(2**31)),
    ).fit(rows, labels)
    return model.coef_[0] * rarity, float(model.intercept_[0])


def _together(affects: Iterable[str], features: np.ndarray, fitted: list[tuple]) -> Heads:
    coefficients = np.array([coefficients for coefficients, _ in fitted], np.float32)
    return Heads(
        affects=tuple(affects),
        features=features.astype(np.int32),
        coefficients=np.ascontiguousarray(coefficients.reshape(len(fitted), len(features)).T),
        intercepts=np.array([intercept for _, intercept in fitted], np.float32),
    )
