"""Finds posts that say nearly the same: MinHash signatures, candidates by bands, then a real look.

Signatures come from rensa, compiled, over the same hashed words and pairs of words that the heads
read: a microsecond a post. It is imported inside the function: only workers and commands come here.
"""

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np

#: Posts are near-duplicates from this Jaccard similarity of their hashed words and pairs on.
ALIKE = 0.8
#: A pair as similar as ALIKE meets in one of 8 bands of 5 with probability 0.96, one of 0.5 with
#: 0.22 (1 - (1 - s^5)^8; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4.2).
BANDS, ROWS = 8, 5
SEED = 1
#: Pairs that are looked at together.
PAIRS = 20_000
NO_BAND = 0


def bands(rows, images: Sequence[str]) -> np.ndarray:
    """uint32[P, BANDS]: posts that share a number in one column may be near-duplicates.

    rows   sparse float[P, F], as by `heads.hashed`
    images P paths; posts with different images are no duplicates, whatever their words

    A post without words has NO_BAND everywhere: nothing is known that could be compared.
    """
    from rensa import RMinHash

    spread = rows.indices.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    starts = rows.indptr.astype(np.uint64)
    found = RMinHash.digest_matrix_from_flat_token_hashes(spread, starts, BANDS * ROWS, SEED)
    digests = np.array(found.to_rows(), np.uint64).reshape(-1, BANDS, ROWS)
    odd = np.random.default_rng(SEED).integers(2**63, size=ROWS, dtype=np.uint64) * 2 + 1
    shown = np.array([crc32(image.encode()) for image in images], np.uint64)
    keys = ((digests * odd).sum(axis=2) >> np.uint64(32)) ^ shown[:, None]
    keys[np.diff(rows.indptr) == 0] = NO_BAND
    return keys.astype(np.uint32)


def candidates(keys: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """int64[M, 2]: places of posts that may be near-duplicates, the one of higher rank second.

    keys uint32[P, BANDS], as by `bands`; rank int[P], all different: lower ones are preferred. Each
    post is paired with the first one of its band, once.

    >>> candidates(np.uint32([[5, 6], [5, 7], [8, 6]]), np.array([0, 1, 2])).tolist()
    [[0, 1], [0, 2]]
    """
    posts = np.uint64(len(keys))
    order = np.argsort(rank)
    found = [np.empty(0, np.uint64)]
    for band in keys.T:
        _, first, group = np.unique(band[order], return_index=True, return_inverse=True)
        leader = order[first[group]]
        pair = (leader != order) & (band[order] != NO_BAND)
        found.append(leader[pair].astype(np.uint64) * posts + order[pair].astype(np.uint64))
    pairs = np.unique(np.concatenate(found))
    return np.column_stack([pairs // max(posts, 1), pairs % max(posts, 1)]).astype(np.int64)


def similarity(left, right) -> np.ndarray:
    """float64[P]: Jaccard similarity of the rows of two sparse matrices, by which features they have.

    |A and B| / |A or B|; 0 where both are empty.
    """
    left, right = (left != 0).astype(np.int32), (right != 0).astype(np.int32)
    both = np.asarray(left.multiply(right).sum(axis=1)).ravel()
    either = np.diff(left.indptr) + np.diff(right.indptr) - both
    return both / np.maximum(either, 1)


def representatives(
    keys: np.ndarray, rank: np.ndarray, rows_of: Callable[[np.ndarray], object]
) -> np.ndarray:
    """int64[P]: the place of the post that stands for each; its own where no other does.

    rows_of answers places int64[M] with the hashed rows of these posts, in the same order.
    """
    pairs = candidates(keys, rank)
    alike = [
        similarity(rows_of(part[:, 0]), rows_of(part[:, 1])) >= ALIKE
        for part in np.array_split(pairs, range(PAIRS, len(pairs), PAIRS))
    ]
    leaders, followers = pairs[np.concatenate(alike)].T
    stands_for = np.arange(len(keys))
    # Of several leaders the one of lowest rank stays, because it is written last.
    last = np.argsort(-rank[leaders], kind="stable")
    stands_for[followers[last]] = leaders[last]
    while not np.array_equal(stands_for, stands_for[stands_for]):
        stands_for = stands_for[stands_for]
    return stands_for
