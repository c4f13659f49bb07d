"""What a model has to beat: knowing only how common a task is, and a linear model of the words."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from training.evaluate import Predictor, known_cells
from training.rows import Rows


def prevalence(train: Mapping[str, Rows]) -> Predictor:
    """Predicts each task's share of positives in the train rows of the same kind."""

    def predict(kind: str, rows: Rows) -> np.ndarray:
        return np.tile(positive_shares(train[kind]), (len(rows), 1))

    return predict


def positive_shares(rows: Rows) -> np.ndarray:
    """Weighted share of positives among the known cells, (T,); 0 where there are none."""
    weight_RT = rows.known_RT * rows.weight_RT
    return (weight_RT * rows.target_RT).sum(0) / np.maximum(weight_RT.sum(0), 1e-12)


def linear(train: Mapping[str, Rows], plain_texts: Sequence[str]) -> Predictor:
    """TF-IDF of words and word pairs, then one logistic regression per task and kind of row.

    It reads the posts alone. The vocabulary comes from the train posts.
    """
    seen = np.unique(np.concatenate([rows.post_R for rows in train.values()]))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    vectorizer.fit(plain_texts[post] for post in seen)
    words = vectorizer.transform(plain_texts)
    heads = {kind: fit_heads(words, rows) for kind, rows in train.items()}

    def predict(kind: str, rows: Rows) -> np.ndarray:
        return np.stack([head(words[rows.post_R]) for head in heads[kind]], axis=1)

    return predict


def fit_heads(words: csr_matrix, rows: Rows) -> list[Callable[[csr_matrix], np.ndarray]]:
    """One function per task, from word rows to probabilities."""
    shares = positive_shares(rows)
    return [fit_head(words, rows, task, share) for task, share in enumerate(shares)]


def fit_head(
    words: csr_matrix, rows: Rows, task: int, share: float
) -> Callable[[csr_matrix], np.ndarray]:
    """A fitted logistic regression; the share of positives where the rows have one class only."""
    label, _, weight = known_cells(rows, rows.target_RT, task)
    if label.all() or not label.any():
        return lambda features: np.full(features.shape[0], share)
    model = LogisticRegression(solver="liblinear", C=4.0, random_state=0)
    model.fit(words[rows.post_R[rows.known_RT[:, task]]], label, sample_weight=weight)
    return lambda features: model.predict_proba(features)[:, 1]
