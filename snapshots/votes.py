"""The votes on a snapshot's posts, counted while its judgements pass by. P posts, O options."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from taxonomy.rules import OTHER, OTHER_BIT


@dataclass(frozen=True, eq=False)
class Votes:
    """How many raters picked what.

    affects  keys in taxonomy order; `other` follows them as the last option
    votes    int16[P, O]
    raters   int16[P]
    """

    affects: tuple[str, ...]
    votes: np.ndarray
    raters: np.ndarray

    @classmethod
    def none_yet(cls, posts: int, affects: tuple[str, ...]) -> "Votes":
        options = len(affects) + 1
        return cls(affects, np.zeros((posts, options), np.int16), np.zeros(posts, np.int16))

    @property
    def options(self) -> tuple[str, ...]:
        return (*self.affects, OTHER)

    @cached_property
    def keys(self) -> pa.Array:
        """The options' keys as an Arrow array to take from."""
        return pa.array(self.options)

    def add(self, posts: np.ndarray, masks: np.ndarray) -> pa.ListArray:
        """Counts J judgements, posts int[J] and masks int64[J]; returns their picks as lists.

        `other` counts as a vote but is not among the picks: its text has a column of its own.
        """
        bits = np.array([*range(len(self.affects)), OTHER_BIT])
        picked = (masks[:, None] >> bits & 1).astype(bool)
        judgement, option = np.nonzero(picked)
        np.add.at(self.votes, (posts[judgement], option), 1)
        np.add.at(self.raters, posts, 1)
        sizes = picked[:, :-1].sum(axis=1)
        ends = np.cumsum(sizes, dtype=np.int32)
        named = self.keys.take(pa.array(option[option < len(self.affects)]))
        return pa.ListArray.from_arrays(
            pa.array(np.concatenate([[0], ends]).astype(np.int32)), named
        )
