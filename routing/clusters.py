"""Groups of posts that are alike, so that a round can look into each of them (k-means).

scikit-learn is imported inside the functions: only workers and commands come here.
"""

from dataclasses import dataclass

import numpy as np

#: How many groups; at most one per this many posts of the sample.
MOST, POSTS_EACH = 64, 20
#: Posts of the pool that the groups are made from.
SAMPLE = 10_000
#: Hashed words are folded into so many columns, which keeps the centres in the processor's cache.
FOLDED = 1 << 13


@dataclass(frozen=True, eq=False)
class Clusters:
    """The centres of K groups over F folded features.

    weights float32[F]     what a feature counts: rare ones more
    centres float32[F, K]
    """

    weights: np.ndarray
    centres: np.ndarray

    def of(self, rows) -> np.ndarray:
        """uint8[P]: the group of each row, sparse or dense: the nearest centre's number."""
        near = weighed(rows, self.weights) @ self.centres - (self.centres**2).sum(axis=0) / 2
        return np.argmax(near, axis=1).astype(np.uint8)


def find(rows, rng: np.random.Generator) -> Clusters:
    """Groups of these rows, sparse float[P, 2^18] or dense float[P, D]; one where there are few."""
    from sklearn.cluster import MiniBatchKMeans

    weights = rarity(rows)
    count = int(np.clip(rows.shape[0] // POSTS_EACH, 1, MOST))
    seed = int(rng.integers(2**31))
    model = MiniBatchKMeans(count, batch_size=2048, n_init=1, random_state=seed)
    model.fit(weighed(rows, weights))
    return Clusters(weights, np.ascontiguousarray(model.cluster_centers_.T, np.float32))


def rarity(rows) -> np.ndarray:
    """float32[F]: log of how rare a folded feature is among the rows; 1 for dense ones."""
    if isinstance(rows, np.ndarray):
        return np.ones(rows.shape[1], np.float32)
    having = np.bincount(folded(rows).indices, minlength=FOLDED)
    return np.log((1 + rows.shape[0]) / (1 + having)).astype(np.float32)


def weighed(rows, weights: np.ndarray):
    """float32[P, F]: the folded rows times the weights, each of length 1."""
    from sklearn.preprocessing import normalize

    if isinstance(rows, np.ndarray):
        return normalize(rows * weights)
    found = folded(rows)
    found.data = found.data * weights[found.indices]
    return normalize(found, copy=False)


def folded(rows):
    """Sparse float32[P, FOLDED]: features whose numbers differ by a multiple of FOLDED are one."""
    from scipy.sparse import csr_matrix

    parts = (rows.data.copy(), rows.indices % FOLDED, rows.indptr.copy())
    found = csr_matrix(parts, shape=(rows.shape[0], FOLDED))
    found.sum_duplicates()
    return found
