"""The numbers beside the words: what is known of a post when it appears, and of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.errors import TrainingError

#: engagement counts are no features: a prediction is made before anyone has seen the post
CONTENT_FEATURES = ("log_length", "has_title", "has_image", "has_transcript", "sensitive")


def content_features(posts: Sequence[Mapping]) -> np.ndarray:
    """One row per post, in the order of `CONTENT_FEATURES`, float32 (P, 5)."""
    rows = [
        (
            np.log1p(sum(len(post.get(field) or "") for field in ("title", "body"))) / 10,
            bool(post.get("title")),
            bool(post.get("image") or post.get("ocr_text")),
            bool(post.get("transcript")),
            bool(post.get("sensitive")),
        )
        for post in posts
    ]
    return np.array(rows, dtype=np.float32).reshape(-1, len(CONTENT_FEATURES))


@dataclass(frozen=True)
class PersonScale:
    """Mean and spread of people's features over the train split; frozen into the bundle."""

    mean: tuple[float, ...]
    spread: tuple[float, ...]

    @classmethod
    def of(cls, features_PF: np.ndarray) -> "PersonScale":
        """Taken over the values that are there; a feature that never varies has spread 1."""
        seen = np.isfinite(features_PF)
        counts = np.maximum(seen.sum(0), 1)
        mean = np.where(seen, features_PF, 0).sum(0) / counts
        spread = np.sqrt(np.where(seen, (features_PF - mean) ** 2, 0).sum(0) / counts)
        return cls(tuple(mean.tolist()), tuple(np.where(spread > 0, spread, 1.0).tolist()))

    def apply(self, features_PF: np.ndarray) -> np.ndarray:
        """Standardised features, 0 where missing, then their missing-flags: float32 (P, 2F)."""
        missing = ~np.isfinite(features_PF)
        scaled = (features_PF - np.array(self.mean)) / np.array(self.spread)
        return np.concatenate([np.where(missing, 0, scaled), missing], axis=1).astype(np.float32)


def person_features(people: Sequence[Mapping]) -> np.ndarray:
    """The raw features, float64 (P, F), NaN where a person lacks them."""
    rows = [[] if person.get("features") is None else person["features"] for person in people]
    widths = {len(row) for row in rows} - {0}
    if len(widths) > 1:
        raise TrainingError(
            f"People have {min(widths)} to {max(widths)} features each: all must have the same ones."
        )
    width = max(widths, default=0)
    return np.array([list(row) or [np.nan] * width for row in rows], dtype=float).reshape(
        len(rows), width
    )
