"""A round's pool with the propensity of every post in it, drawn or not, and how it is packed.

Packed, a pool is cut into blocks of so many neighbouring ids, so that the propensity of one post
is read from one small block. A block holds a float32 for each of its ids, deflated, and 0 where no
post of the pool has the id: in a pool, every post has a chance.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

#: Ids of a block. It is 16 kB before it is packed: half a millisecond to pack, less to unpack.
BLOCK = 4096


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

    def packed(self) -> Iterator[tuple[int, bytes]]:
        """(number, packed propensities) of each block that holds a post of the pool."""
        numbers, starts = np.unique(self.ids // BLOCK, return_index=True)
        ends = np.append(starts, len(self.ids))[1:]
        for number, start, end in zip(numbers.tolist(), starts, ends, strict=True):
            block = np.zeros(BLOCK, "<f4")
            block[self.ids[start:end] - number * BLOCK] = self.propensities[start:end]
            yield number, zlib.compress(block, 1)

    @classmethod
    def unpacked(cls, blocks: Iterable[tuple[int, bytes]]) -> "Pool":
        """The pool of these blocks, in the order of their numbers.

        >>> Pool.unpacked(Pool(np.array([3, 9000]), np.float32([0.5, 1])).packed()).ids.tolist()
        [3, 9000]
        """
        ids, propensities = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for number, packed in blocks:
            block = _unpack(packed)
            places = np.flatnonzero(block)
            ids.append(number * BLOCK + places)
            propensities.append(block[places])
        return cls(np.concatenate(ids), np.concatenate(propensities))


def block_of(post: int) -> int:
    """The number of the block in which the campaign post lies."""
    return post // BLOCK


def propensity_in(packed: bytes, post: int) -> float:
    """The campaign post's propensity, from its packed block; 0 if it was not in the pool.

    >>> (_, block), = Pool(np.array([3, 7]), np.float32([0.5, 0.25])).packed()
    >>> propensity_in(block, 7), propensity_in(block, 8)
    (0.25, 0.0)
    """
    return float(_unpack(packed)[post % BLOCK])


def _unpack(packed: bytes) -> np.ndarray:
    return np.frombuffer(zlib.decompress(packed), "<f4")
