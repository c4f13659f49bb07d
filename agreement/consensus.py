"""Consensus rules: from the votes on a post to its labels.

A rule sees counts only, so that it treats raters alike and every order of judgements the same:
the same votes always give the same label. Nothing is drawn by lot, and no tie needs breaking,
because each affect is decided by itself.
"""

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agreement.errors import UnknownRule


class Rule(Protocol):
    """What a consensus rule can do.

    name    as a person writes it: "votes>=3"
    column  the same, fit for a column name: "votes_3"
    """

    @property
    def name(self) -> str: ...

    @property
    def column(self) -> str: ...

    def apply(self, votes: np.ndarray, raters: np.ndarray) -> np.ndarray:
        """Labels float64[P, O] from votes int[P, O] by raters int[P]; NaN = no label."""


@dataclass(frozen=True)
class VotesAtLeast:
    """1 where at least k raters picked the affect, 0 where fewer did.

    A post with fewer than k raters has no label: whatever they say, they could not have reached
    k, and a 0 would tell of the raters who are missing and not of the post.

    >>> VotesAtLeast(3).apply(np.array([[3, 2], [2, 0]]), raters=np.array([5, 2])).tolist()
    [[1.0, 0.0], [nan, nan]]
    """

    k: int

    @property
    def name(self) -> str:
        return f"votes>={self.k}"

    @property
    def column(self) -> str:
        return f"votes_{self.k}"

    def apply(self, votes: np.ndarray, raters: np.ndarray) -> np.ndarray:
        labels = (votes >= self.k).astype(np.float64)
        labels[raters < self.k] = np.nan
        return labels


@dataclass(frozen=True)
class Soft:
    """The share of the post's raters who picked the affect; no label where nobody judged.

    >>> Soft().apply(np.array([[1, 4], [0, 0]]), raters=np.array([4, 0])).tolist()
    [[0.25, 1.0], [nan, nan]]
    """

    name = "soft"
    column = "soft"

    def apply(self, votes: np.ndarray, raters: np.ndarray) -> np.ndarray:
        return votes / np.where(raters > 0, raters, np.nan)[:, None]


def parse(text: str) -> Rule:
    """The rule that a person named: "soft", or "votes>=k" with a whole number k from 1.

    >>> parse("votes >= 3").name
    'votes>=3'
    """
    compact = re.sub(r"\s", "", text)
    if compact == Soft.name:
        return Soft()
    if found := re.fullmatch(r"votes>=0*([1-9][0-9]{0,3})", compact):
        return VotesAtLeast(int(found[1]))
    raise UnknownRule(
        f'"{text}" is no consensus rule. Use "soft", or "votes>=k" with a whole number k from 1, '
        'such as "votes>=3".'
    )
