"""Sufficient statistics: whole numbers from which every unweighted figure follows.

They form a group. Adding the sums of some posts to those of other posts gives the sums of both,
and subtracting takes posts out again without a trace, because integers don't round. So when a
judgement arrives, its post's sums before are taken out and those after are put in, which costs the
same in a campaign of ten posts and of a million.
"""

from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np

from agreement.table import OTHER_BIT, Block, Judgements

#: Pairs of judgements of one post that are equally far apart under MASI: how many raters the post
#: has, how many affects both picked, how many either, and whether one set lies in the other.
Pairs = dict[tuple[int, int, int, int], int]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over posts, for each number of raters m that occurs; O options, of which `other` is last.

    raters    int64[R]  ids, rising
    tables    {m: int64[R, O, 2, m]}  posts on which the rater's own 0 or 1 met so many votes of
              the m - 1 others
    products  {m: int64[O, O]}  the sum over posts of the product of two options' votes
    sets      {pick set: judgements with it}, of posts with two raters or more
    pairs     {as in `Pairs`: pairs of judgements}
    """

    options: int
    raters: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    tables: dict[int, np.ndarray] = field(default_factory=dict)
    products: dict[int, np.ndarray] = field(default_factory=dict)
    sets: dict[int, int] = field(default_factory=dict)
    pairs: Pairs = field(default_factory=dict)

    @classmethod
    def of(cls, judgements: Judgements) -> "Sums":
        """The sums of a table; its weights are left out.

        >>> sums = Sums.of(Judgements.of([(7, 1, 0b1), (7, 2, 0b0)], ("calm",)))
        >>> sums.tables[2][0].tolist(), sums.sets, sums.pairs
        ([[[0, 0], [1, 0]], [[1, 0], [0, 0]]], {0: 1, 1: 1}, {(2, 0, 1, 1): 1})
        """
        bits = (*range(len(judgements.affects)), OTHER_BIT)
        ids = judgements.ids_of_all[1]
        order = np.argsort(ids)
        found = cls(len(bits), ids[order])
        rank = np.empty(len(ids), np.int64)
        rank[order] = np.arange(len(ids))
        sets, pairs = Counter(), Counter()
        for block in judgements.blocks_of_all:
            found._count(block, bits, rank)
            if block.size > 1:
                sets.update(_counts(block.picks))
                pairs.update(_pairs(block.picks))
        found.sets.update(sets)
        found.pairs.update(pairs)
        return found

    def __add__(self, other: "Sums") -> "Sums":
        return self._with(other, 1)

    def __sub__(self, other: "Sums") -> "Sums":
        return self._with(other, -1)

    def __eq__(self, other: object) -> bool:
        """The same figures follow; raters and sizes of which nothing is left don't matter."""
        return isinstance(other, Sums) and (self - other).is_empty

    @property
    def is_empty(self) -> bool:
        arrays = [*self.tables.values(), *self.products.values()]
        return not (self.sets or self.pairs or any(array.any() for array in arrays))

    def as_bytes(self) -> bytes:
        """For storing; `from_bytes` reads it."""
        arrays = {f"table {m}": table for m, table in self.tables.items()}
        arrays |= {f"products {m}": products for m, products in self.products.items()}
        sets = np.array([*self.sets.items()], np.int64).reshape(-1, 2)
        pairs = np.array([(*key, n) for key, n in self.pairs.items()], np.int64).reshape(-1, 5)
        file = BytesIO()
        np.savez(file, options=self.options, raters=self.raters, sets=sets, pairs=pairs, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Sums":
        with np.load(BytesIO(stored)) as arrays:
            by_size = {"table": {}, "products": {}}
            for name in arrays.files:
                kind, _, size = name.partition(" ")
                if size:
                    by_size[kind][int(size)] = arrays[name]
            sets = dict(arrays["sets"].tolist())
            pairs = {tuple(key): n for *key, n in arrays["pairs"].tolist()}
            options, raters = int(arrays["options"]), arrays["raters"]
        return cls(options, raters, by_size["table"], by_size["products"], sets, pairs)

    def _count(self, block: Block, bits: tuple[int, ...], rank: np.ndarray) -> None:
        size, options = block.size, self.options
        picked = (block.picks >> np.array(bits)[:, None, None]) & 1
        votes = picked.sum(axis=1)
        option = np.arange(options)[:, None, None]
        cells = ((rank[block.raters] * options + option) * 2 + picked) * size
        cells += votes[:, None] - picked
        shape = (len(self.raters), options, 2, size)
        counted = np.bincount(cells.ravel(), minlength=np.prod(shape)).reshape(shape)
        self.tables[size] = self.tables.get(size, 0) + counted
        # Products of votes are far below 2**53, where floats are whole numbers too, and quicker.
        products = votes.astype(float) @ votes.T.astype(float)
        self.products[size] = self.products.get(size, 0) + products.astype(np.int64)

    def _with(self, other: "Sums", sign: int) -> "Sums":
        raters = self.raters
        if not np.isin(other.raters, raters).all():
            raters = np.union1d(raters, other.raters)
        tables = self._tables_of(raters)
        places = np.searchsorted(raters, other.raters)
        for size, table in other.tables.items():
            empty = np.zeros((len(raters), *table.shape[1:]), np.int64)
            tables[size] = tables[size].copy() if size in tables else empty
            tables[size][places] += sign * table
        products = dict(self.products)
        for size, product in other.products.items():
            products[size] = products.get(size, 0) + sign * product
        sets = _merged(self.sets, other.sets, sign)
        return Sums(
            self.options, raters, tables, products, sets, _merged(self.pairs, other.pairs, sign)
        )

    def _tables_of(self, raters: np.ndarray) -> dict[int, np.ndarray]:
        """The tables with a row for each of these raters, who are all of ours and maybe more."""
        if len(raters) == len(self.raters):
            return dict(self.tables)
        places, spread = np.searchsorted(raters, self.raters), {}
        for size, table in self.tables.items():
            spread[size] = np.zeros((len(raters), *table.shape[1:]), np.int64)
            spread[size][places] = table
        return spread


def _merged(mine: dict, others: dict, sign: int) -> dict:
    merged = dict(mine)
    for key, count in others.items():
        merged[key] = merged.get(key, 0) + sign * count
        if not merged[key]:
            del merged[key]
    return merged


def _counts(values: np.ndarray) -> dict[int, int]:
    found, counts = np.unique(values, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _pairs(picks: np.ndarray) -> Pairs:
    """The pairs of rows of picks [m, P]."""
    found = Counter()
    for later in range(1, len(picks)):
        both, either = picks[later] & picks[:later], picks[later] | picks[:later]
        nested = (both == picks[later]) | (both == picks[:later])
        in_both, in_either = np.bitwise_count(both), np.bitwise_count(either)
        codes = (in_both.astype(np.int64) * 64 + in_either) * 2 + nested
        for code, count in _counts(codes).items():
            found[len(picks), code // 128, code // 2 % 64, code % 2] += count
    return found
