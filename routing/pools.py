"""A round's pool with the propensity of every post in it, drawn or not, and how it is packed."""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Pool:
    """ids int64[N], rising: campaign posts; propensities float32[N]: pi_i of the round."""

    ids: np.ndarray
    propensities: np.ndarray

    def of(self, ids: np.ndarray) -> np.ndarray:
        """float64[S]: the propensity of each of these posts, 0 for one that was not in the pool.

        >>> Pool(np.array([3, 7]), np.float32([0.5, 0.25])).of(np.array([7, 8])).tolist()
        [0.25, 0.0]
        """
        if not len(self.ids):
            return np.zeros(len(ids))
        place = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[place] == ids, self.propensities[place], 0.0).astype(float)

    def packed(self) -> dict[str, bytes]:
        """Both columns as bytes. Ids nearly follow one another, so their steps take little."""
        steps = np.diff(self.ids, prepend=0).astype("<i8")
        return {
            "ids": zlib.compress(steps.tobytes(), 1),
            "propensities": zlib.compress(self.propensities.astype("<f4").tobytes(), 1),
        }

    @classmethod
    def unpacked(cls, ids: bytes, propensities: bytes) -> "Pool":
        steps = np.frombuffer(zlib.decompress(ids), "<i8")
        return cls(np.cumsum(steps), np.frombuffer(zlib.decompress(propensities), "<f4"))
