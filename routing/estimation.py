"""From the propensities of rounds to what a judged post stands for. Pure.

Axes: R rounds in their order, S posts that at least one round drew.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Reach:
    """How far raters came with each round.

    drawn     int64[R]  posts
    answered  int64[R]  how many of them were judged because of it: no later round drew them
    """

    drawn: np.ndarray
    answered: np.ndarray

    @property
    def response(self) -> np.ndarray:
        """float64[R]: the part of the drawn posts that raters came to; 0 where none was drawn."""
        return self.answered / np.maximum(self.drawn, 1)


@dataclass(frozen=True, eq=False)
class Draws:
    """What the rounds of a campaign drew.

    ids          int64[S]      campaign posts
    propensities float64[R, S] pi_ri; 0 where post i was not in the pool of round r
    drawn        bool[R, S]    which round drew which post
    judged       bool[S]       whether it has a judgement by now that counts
    copies       int[S]        open posts that it speaks for: itself, and near-duplicates that were
                               left out of the draw in its favour; 1 where nothing is said
    whole        Reach         where these are some of the drawn posts only, that of all
    """

    ids: np.ndarray
    propensities: np.ndarray
    drawn: np.ndarray
    judged: np.ndarray
    copies: np.ndarray | int = 1
    whole: Reach | None = None

    @cached_property
    def last(self) -> np.ndarray:
        """int64[S]: the last round that drew the post. If it is judged, it was judged after that
        one, because a judged post is in no later pool. Without any round, nothing was drawn."""
        if not len(self.drawn):
            return np.zeros(len(self.ids), np.int64)
        return len(self.drawn) - 1 - np.argmax(self.drawn[::-1], axis=0)

    @cached_property
    def reach(self) -> Reach:
        judged_in = self.last[self.judged]
        return self.whole or Reach(
            self.drawn.sum(axis=1), np.bincount(judged_in, minlength=len(self.drawn))
        )

    @cached_property
    def chances(self) -> np.ndarray:
        """float64[R, S]: the probability of having been drawn *and* judged before the next round.

        Drawn posts are asked in random order, so those that were reached in time are a random part
        of them: their probability is pi times that part (non-response at random).
        """
        return self.propensities * self.reach.response[:, None]


@dataclass(frozen=True, eq=False)
class Known:
    """Posts that were judged without any draw, and so stand for themselves. There may be millions
    of judgements of them, and no figure needs more than these sums.

    posts     how many
    positive  int64[A]: of how many the majority picked the affect
    """

    posts: int
    positive: np.ndarray

    @classmethod
    def of(cls, positive: np.ndarray) -> "Known":
        """The sums of posts bool[K, A]."""
        return cls(len(positive), positive.sum(axis=0))

    def without(self, some: "Known") -> "Known":
        """Less some of them. Never below none: the two may have been counted a moment apart."""
        return Known(max(self.posts - some.posts, 0), np.maximum(self.positive - some.positive, 0))


def propensities(draws: Draws) -> np.ndarray:
    """float64[S]: 1 - prod_r (1 - pi_ri), over the rounds in whose pool the post was.

    The probability of having been judged by now, had no round depended on another. Exact after one
    round. After several it is too small for posts that were judged early, for these are in no
    later pool: use `weights` where a figure must not be biased.
    """
    return 1 - np.prod(1 - draws.chances, axis=0)


def weights(draws: Draws) -> np.ndarray:
    """float64[S]: what each judged post stands for; 0 for posts without a judgement.

    After any round r the campaign's total of y is estimated without bias by what was known before
    it plus Horvitz and Thompson over the rest: T_r = sum_{judged before} y + sum_{judged in r}
    y / pi_r, whatever the round learnt from earlier judgements. The mean of these, weighted by how
    many posts each round had judged (lambda_r), is a weighted sum of all judged posts, where one
    of round r weighs lambda_r / pi_r + sum_{t > r} lambda_t (Des Raj 1956; for active learning
    Farquhar, Gal and Rainforth 2021). Near-duplicates are taken to be what their stand-in is.

    One round of probability 1/4, and a second one that takes all that is left:

    >>> both = np.array([[True, False], [False, True]])
    >>> pi = np.array([[0.25, 0.25], [0.0, 1.0]])
    >>> weights(Draws(np.array([7, 8]), pi, both, np.array([True, True]))).tolist()
    [2.5, 0.5]
    """
    if not draws.judged.any():
        return np.zeros(len(draws.ids))
    share = draws.reach.answered / draws.reach.answered.sum()
    later = share[::-1].cumsum()[::-1] - share
    posts = np.arange(len(draws.ids))
    chance = draws.chances[draws.last, posts]
    own = np.divide(share[draws.last], chance, out=np.zeros(len(posts)), where=draws.judged)
    return np.where(draws.judged, (own + later[draws.last]) * draws.copies, 0.0)
