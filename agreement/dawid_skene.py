"""Dawid and Skene's consensus: raters who are right more often count for more.

Each affect by itself, a post either calls it up (truth 1) or doesn't (truth 0), and every rater
has two coins: how often they pick the affect where it is called up, and how often where it isn't.
Neither coins nor truths are known, so expectation and maximisation take turns:

    P(truth = t | picks)  ~  prior[t] · product over the post's raters of P(pick | t, rater)
    P(pick | t, rater)    =  expected posts of truth t on which the rater so picked / all of truth t

beginning with the share of raters who picked it. No step lowers the likelihood of the picks,

    sum over posts of  log( sum over t of  prior[t] · product of P(pick | t, rater) ).

Source: Dawid and Skene 1979, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM
Algorithm". The steps are crowd-kit's, which the tests compare with. It also stops where a bound of
its own gains little; that bound counts the prior once for every judgement, and no longer rises
after two or three steps, with up to a tenth of the labels still to change. Here the steps go on
until neither prior nor coins move.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from agreement.fixed_point import climb
from agreement.table import Judgements

#: No probability is smaller, so that none has an infinite logarithm.
LEAST = float(np.finfo(float).eps)
#: Lower log-odds are no other probability, and would overflow on the way to it.
LOWEST = -700.0
#: The largest change of a prior or a coin in a step after which we are there.
TOLERANCE = 1e-6
#: Small crowds may go on climbing for ever along a ridge on which no label changes any more.
STEPS = 500


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """What P posts call up, of O options, and the coins of R raters.

    posts       int64[P]       post ids
    raters      int64[R]       rater ids
    posteriors  float64[P, O]  the probability that the post calls the option up
    coins       float64[O, R, 2]  how often the rater picks the option where it isn't called up
                                  (false alarms), and where it is (hits)
    steps       int64[O]       expectations and maximisations made; 0 where none was needed
    settled     bool[O]        False where steps ended before the coins came to rest
    """

    posts: np.ndarray
    raters: np.ndarray
    posteriors: np.ndarray
    coins: np.ndarray
    steps: np.ndarray
    settled: np.ndarray


def dawid_skene(
    judgements: Judgements, *, tolerance: float = TOLERANCE, steps: int = STEPS
) -> DawidSkene:
    """The posterior of every option on every judged post, lone judgements included.

    An option that nobody, or everybody, picked needs no model: it is 0, or 1, everywhere.

    Two raters who always agree convince; the third, who always picks, tells nothing:

    >>> rows = [(p, r, int(r == 3 or p < 2)) for p in range(6) for r in (1, 2, 3)]
    >>> dawid_skene(Judgements.of(rows, ("calm",))).posteriors.round(3).ravel().tolist()
    [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    """
    posts, raters = judgements.ids_of_all
    options = len(judgements.bits)
    posteriors, coins = np.empty((options, len(posts))), np.empty((options, len(raters), 2))
    made, settled = np.zeros(options, np.int64), np.empty(options, bool)
    for option in range(options):
        cells = Cells.of(judgements, option)
        found = _of_option(cells, tolerance, steps)
        posteriors[option], coins[option], made[option], settled[option] = found
    return DawidSkene(posts, raters, posteriors.T, coins, made, settled)


def _of_option(
    cells: "Cells", tolerance: float, steps: int
) -> tuple[np.ndarray, np.ndarray, int, bool]:
    """float64[P] posteriors, float64[R, 2] coins, after how many steps, whether at rest."""
    shares = cells.shares()
    if not len(shares) or shares.min() == shares.max() in (0, 1):
        return shares, np.full((cells.raters, 2), shares[:1].sum()), 0, True
    rest = climb(
        cells.step, cells.maximise(shares), tolerance=tolerance, most=steps, low=LEAST, high=1
    )
    return cells.expect(rest.point), cells.coins(rest.point)[:, 1], rest.steps, rest.settled


@dataclass(frozen=True, eq=False)
class Cells:
    """Who picked the option, laid out so that both steps are sums over rows.

    blocks  for each block of p posts with m raters: int64[p] the posts, and intp[m, p] the cell
            2 · rater + picked of each judgement
    counts  float64[2R]  the judgements in each cell

    Beliefs are one array float64[2 + 4R]: the prior of truth 0 and 1, then [r, x, t], how often
    rater r judges x where the truth is t.
    """

    blocks: list[tuple[np.ndarray, np.ndarray]]
    counts: np.ndarray
    posts: int

    @classmethod
    def of(cls, judgements: Judgements, option: int) -> "Cells":
        posts, raters = map(len, judgements.ids_of_all)
        blocks = [
            (block.posts, 2 * block.raters.astype(np.intp) + block.picked(option))
            for block in judgements.blocks_of_all
        ]
        counts = np.zeros(2 * raters)
        for _, cells in blocks:
            counts += np.bincount(cells.ravel(), minlength=2 * raters)
        return cls(blocks, counts, posts)

    @property
    def raters(self) -> int:
        return len(self.counts) // 2

    def coins(self, beliefs: np.ndarray) -> np.ndarray:
        """float64[R, 2, 2]: the part of the beliefs that speaks of raters."""
        return beliefs[2:].reshape(-1, 2, 2)

    def shares(self) -> np.ndarray:
        """float64[P]: the share of the post's raters who picked the option."""
        shares = np.zeros(self.posts)
        for posts, cells in self.blocks:
            shares[posts] = (cells & 1).mean(axis=0)
        return shares

    def step(self, beliefs: np.ndarray) -> tuple[np.ndarray, float]:
        """The beliefs after one expectation and one maximisation; the log-likelihood of the picks
        under those before."""
        posterior, gained = np.empty(self.posts), 0.0
        for posts, odds in self._log_odds(beliefs):
            posterior[posts], above = _probability(odds)
            gained += above
        if_not = np.log(self.coins(beliefs)[..., 0]).ravel()
        height = self.counts @ if_not + self.posts * np.log(beliefs[0]) + gained
        return self.maximise(posterior), height

    def expect(self, beliefs: np.ndarray) -> np.ndarray:
        """float64[P]: the posteriors of truth 1."""
        posterior = np.empty(self.posts)
        for posts, odds in self._log_odds(beliefs):
            posterior[posts], _ = _probability(odds)
        return posterior

    def maximise(self, posterior: np.ndarray) -> np.ndarray:
        """The beliefs under which the posts' expected truths are likeliest."""
        ones = np.zeros(len(self.counts))
        for posts, cells in self.blocks:
            weights = np.tile(posterior[posts], len(cells))
            ones += np.bincount(cells.ravel(), weights, minlength=len(ones))
        mean = posterior.mean()
        coins = np.maximum(np.stack([self.counts - ones, ones], axis=-1), LEAST)
        coins = coins.reshape(-1, 2, 2)
        coins /= coins.sum(axis=1, keepdims=True)
        return np.concatenate([np.maximum([1 - mean, mean], LEAST), coins.ravel()])

    def _log_odds(self, beliefs: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The posts of each block, and float64[p] the log-odds that they call the option up."""
        coins = np.log(self.coins(beliefs))
        of_cell = (coins[..., 1] - coins[..., 0]).ravel()
        prior = np.log(beliefs[1] / beliefs[0])
        for posts, cells in self.blocks:
            yield posts, prior + of_cell[cells].sum(axis=0)


def _probability(odds: np.ndarray) -> tuple[np.ndarray, float]:
    """The probabilities with these log-odds, exact near 0; the sum of log(1 + e^odds)."""
    odds = np.maximum(odds, LOWEST)
    probability = 1 / (1 + np.exp(-odds))
    return probability, float((odds - np.log(probability)).sum())
