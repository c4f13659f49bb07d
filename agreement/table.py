"""The one table that every measure of this room reads: who picked what on which post.

Only posts with at least two judgements say anything about agreement, so the measures go through
`Judgements.blocks`, which leaves the others out. A block holds posts with the same number of
raters, one row for each of those. Inside it "votes" and "the other raters' votes" are plain sums
over rows of small integers, which is what makes four million judgements quick.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

#: The bit of a pick mask that stands for a free text; reported as one more option, `OTHER`.
OTHER_BIT = 62
OTHER = "other"

#: Posts per block: few enough that a block stays in the processor's cache over all options.
BLOCK_POSTS = 1 << 15


@dataclass(frozen=True, eq=False)
class Block:
    """P posts that exactly m raters judged.

    posts    int64[P]    position of the post among those with two judgements or more, in the order
                         in which the table first names them
    raters   int32[m, P] position of the rater in `Judgements.rater_ids`
    picks    int64[m, P] bit masks; row i holds the i-th judgement of every post
    weights  float64[P]  the posts' weights; None where the table has none
    bits     the bit of each of the O options
    """

    posts: np.ndarray
    raters: np.ndarray
    picks: np.ndarray
    weights: np.ndarray | None
    bits: tuple[int, ...]

    @property
    def size(self) -> int:
        """The number m of raters of each post."""
        return len(self.raters)

    def picked(self, option: int) -> np.ndarray:
        """uint8[m, P]: 1 where the rater picked the option."""
        return ((self.picks >> self.bits[option]) & 1).astype(np.uint8)

    def votes_of_others(self, option: int) -> np.ndarray:
        """uint[m, P]: how many of the other raters picked the option."""
        return self.votes[option] - self.picked(option)

    @property
    def weight(self) -> np.ndarray:
        """float64[P]: the posts' weights, 1 each where the table has none."""
        return np.ones(len(self.posts)) if self.weights is None else self.weights

    @cached_property
    def votes(self) -> np.ndarray:
        """uint[O, P]: how many of the m raters picked each option."""
        dtype = np.min_scalar_type(self.size)
        return np.stack([self.picked(o).sum(axis=0, dtype=dtype) for o in range(len(self.bits))])


@dataclass(frozen=True, eq=False)
class Judgements:
    """J judgements, one row each, at most one per post and rater.

    posts    int64[J]    any ids, in any order (sorted by post is quickest)
    raters   int64[J]    any ids
    picks    int64[J]    bit i = affect i, bit 62 = other; 0 = unclear, a judgement without picks
    affects  keys in taxonomy order, at most 62
    weights  float64[J]  optional, positive, the same for all judgements of a post: the inverse of
                         its propensity, so that a routed campaign still estimates its pool

    >>> table = Judgements.of([(7, 1, 0b01), (7, 2, 0b11), (8, 1, 0b10)], ("calm", "glad"))
    >>> [(block.size, block.votes.tolist()) for block in table.blocks]
    [(2, [[2], [1]])]
    """

    posts: np.ndarray
    raters: np.ndarray
    picks: np.ndarray
    affects: tuple[str, ...]
    weights: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not len(self.posts) == len(self.raters) == len(self.picks):
            raise ValueError("Posts, raters and picks must have one entry for each judgement.")
        if len(self.affects) > OTHER_BIT:
            raise ValueError(f"A taxonomy has at most {OTHER_BIT} affects.")
        known = (1 << len(self.affects)) - 1 | 1 << OTHER_BIT
        if np.any(self.picks & ~known):
            raise ValueError("A judgement picks an affect that the taxonomy doesn't have.")
        if self.weights is not None and not np.all(self.weights > 0):
            raise ValueError("Every weight must be positive.")

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]], affects: tuple[str, ...]) -> "Judgements":
        """The table with these rows of (post, rater, picks)."""
        posts, raters, picks = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return cls(posts, raters, picks, affects)

    @cached_property
    def bits(self) -> tuple[int, ...]:
        """The bit of each of the O options: the affects, and `other` if somebody used it."""
        affects = tuple(range(len(self.affects)))
        return (*affects, OTHER_BIT) if np.any(self.picks >> OTHER_BIT) else affects

    @property
    def options(self) -> tuple[str, ...]:
        """The name of each of the O options."""
        return tuple(OTHER if bit == OTHER_BIT else self.affects[bit] for bit in self.bits)

    @cached_property
    def blocks(self) -> list[Block]:
        """The posts with two judgements or more, in blocks of one number of raters."""
        return self.blocks_in(np.arange(self.shared_posts))

    def blocks_in(self, order: np.ndarray) -> list[Block]:
        """The same posts in blocks in which order[Block.posts] never falls."""
        return list(self._blocks(order, self._shared))

    @cached_property
    def blocks_of_all(self) -> list[Block]:
        """Every judged post, lone judgements too, in blocks of one number of raters. Positions of
        posts and raters are those in `ids_of_all`."""
        if self._all is self._shared:
            return self.blocks
        return list(self._blocks(np.arange(len(self._all.sizes)), self._all))

    @property
    def ids_of_all(self) -> tuple[np.ndarray, np.ndarray]:
        """int64[P]: every judged post; int64[R]: every rater."""
        return self._all.post_ids, self._all.rater_ids

    @cached_property
    def in_order(self) -> tuple[np.ndarray | slice, np.ndarray]:
        """int64[J]: the places of the rows, post after post as the table first names them, a slice
        where they lie so; int64[P]: where among these each post begins."""
        order, posts = slice(None), self.posts
        if np.any(posts[1:] < posts[:-1]):
            order = np.argsort(pd.factorize(posts)[0], kind="stable")
            posts = posts[order]
        is_first = np.ones(len(posts), bool)
        is_first[1:] = posts[1:] != posts[:-1]
        return order, np.flatnonzero(is_first)

    @property
    def judged_posts(self) -> int:
        """How many posts have a judgement."""
        return len(self.in_order[1])

    @property
    def shared_posts(self) -> int:
        """How many posts lie in the blocks."""
        return len(self._shared.sizes)

    @property
    def shared_post_ids(self) -> np.ndarray:
        """int64: the id of each of them, by `Block.posts`."""
        return self._shared.post_ids

    @cached_property
    def rater_ids(self) -> np.ndarray:
        """int64[R]: the raters who share at least one post with somebody."""
        return self._shared.rater_ids

    @cached_property
    def size(self) -> int:
        """How many judgements lie in the blocks."""
        return sum(block.picks.size for block in self.blocks)

    @cached_property
    def pick_sets(self) -> tuple[np.ndarray, np.ndarray]:
        """int64[U]: the distinct pick sets; [U]: the judgements with each, or their weight."""
        found = [_counted(block) for block in self.blocks] or [(self.picks[:0], np.empty(0))]
        sets, counts = (np.concatenate(column) for column in zip(*found, strict=True))
        codes, sets = pd.factorize(sets)
        counts = np.bincount(codes, counts, minlength=len(sets))
        return sets, counts.astype(np.int64) if self.weights is None else counts

    @cached_property
    def _shared(self) -> "Arranged":
        return self._arranged(2)

    @cached_property
    def _all(self) -> "Arranged":
        """The same as `_shared` where no judgement is alone."""
        alone = len(self._shared.rows) < len(self.posts)
        return self._arranged(1) if alone else self._shared

    def _arranged(self, fewest: int) -> "Arranged":
        order, starts = self.in_order
        sizes = np.diff(starts, append=len(self.posts))
        kept = sizes >= fewest
        rows = np.arange(len(self.posts))[order][np.repeat(kept, sizes)]
        raters, rater_ids = pd.factorize(self.raters[rows])
        ids = self.posts[order][starts[kept]]
        return Arranged(rows, raters.astype(np.int32), rater_ids, ids, sizes[kept])

    def _blocks(self, order: np.ndarray, arranged: "Arranged") -> Iterator[Block]:
        sizes = arranged.sizes
        starts = np.cumsum(sizes) - sizes
        for size in np.unique(sizes):
            posts = np.flatnonzero(sizes == size)
            posts = posts[np.argsort(order[posts], kind="stable")]
            for first in range(0, len(posts), BLOCK_POSTS):
                some = posts[first : first + BLOCK_POSTS]
                places = starts[some] + np.arange(size)[:, None]
                picked = arranged.rows[places]
                weights = None if self.weights is None else self.weights[picked[0]]
                yield Block(some, arranged.raters[places], self.picks[picked], weights, self.bits)


@dataclass(frozen=True, eq=False)
class Arranged:
    """The N judgements of the P posts that enough raters judged, post after post.

    rows       int64[N]  their places in the table
    raters     int32[N]  positions in rater_ids
    rater_ids  int64[R]
    post_ids   int64[P]  in the order in which the table first names them
    sizes      int64[P]  the number of raters of each post
    """

    rows: np.ndarray
    raters: np.ndarray
    rater_ids: np.ndarray
    post_ids: np.ndarray
    sizes: np.ndarray


def _counted(block: Block) -> tuple[np.ndarray, np.ndarray]:
    """int64[U]: the pick sets of a block; [U]: the judgements with each, or their weight."""
    codes, sets = pd.factorize(block.picks.ravel())
    weights = None if block.weights is None else np.tile(block.weights, block.size)
    return sets, np.bincount(codes, weights, minlength=len(sets))


def tally(judgements: Judgements) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Votes on every judged post, lone judgements included: what consensus rules read.

    Returns (post ids int64[P], raters int64[P], votes int64[P, O]), O as in
    `Judgements.options`.

    >>> ids, raters, votes = tally(Judgements.of([(7, 1, 1), (7, 2, 3), (8, 1, 2)], ("a", "b")))
    >>> ids.tolist(), raters.tolist(), votes.tolist()
    ([7, 8], [2, 1], [[2, 1], [0, 1]])
    """
    order, starts = judgements.in_order
    posts, picks = judgements.posts[order], judgements.picks[order]
    votes = np.empty((len(starts), len(judgements.bits)), np.int64)
    for option, bit in enumerate(judgements.bits):
        votes[:, option] = np.add.reduceat((picks >> bit) & 1, starts)
    return posts[starts], np.diff(starts, append=len(posts)), votes
