"""Dawid and Skene's consensus: raters who are right more often count for more.

Each affect by itself, a post either calls it up (truth 1) or doesn't (truth 0), and every rater
has two coins: how often they pick the affect where it is called up, and how often where it isn't.
Neither coins nor truths are known, so expectation and maximisation take turns:

    P(truth = t | picks)  ~  prior[t] · product over the post's raters of P(pick | t, rater)
    P(pick | t, rater)    =  expected posts of truth t on which the rater so picked / all of truth t

beginning with the share of raters who picked it. Source: Dawid and Skene 1979, "Maximum Likelihood
Estimation of Observer Error-Rates Using the EM Algorithm". Where it begins and when it stops are
crowd-kit's, which the tests compare with, step for step: their lower bound counts the prior once
for every judgement.
"""

from dataclasses import dataclass

import numpy as np

from agreement.table import Judgements

#: No probability is smaller, so that none has an infinite logarithm.
LEAST = float(np.finfo(float).eps)
STEPS = 100
#: The gain of the lower bound per judgement below which nothing is gained any more.
TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """What P posts call up, of O options, and the coins of R raters.

    posts       int64[P]       post ids
    raters      int64[R]       rater ids
    posteriors  float64[P, O]  the probability that the post calls the option up
    coins       float64[O, R, 2]  how often the rater picks the option where it isn't called up
                                  (false alarms), and where it is (hits)
    """

    posts: np.ndarray
    raters: np.ndarray
    posteriors: np.ndarray
    coins: np.ndarray


def dawid_skene(
    judgements: Judgements, *, steps: int = STEPS, tolerance: float = TOLERANCE
) -> DawidSkene:
    """The posterior of every option on every judged post, lone judgements included.

    An option that nobody, or everybody, picked needs no model: it is 0, or 1, everywhere.

    Two raters who always agree convince; the third, who always picks, tells nothing:

    >>> rows = [(p, r, int(r == 3 or p < 2)) for p in range(6) for r in (1, 2, 3)]
    >>> dawid_skene(Judgements.of(rows, ("calm",))).posteriors.round(3).ravel().tolist()
    [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    """
    posts, raters = judgements.ids_of_all
    posteriors = np.zeros((len(posts), len(judgements.bits)))
    coins = np.zeros((len(judgements.bits), len(raters), 2))
    for option in range(len(judgements.bits)):
        posteriors[:, option], coins[option] = _of_option(judgements, option, steps, tolerance)
    return DawidSkene(posts, raters, posteriors, coins)


def _of_option(
    judgements: Judgements, option: int, steps: int, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """float64[P] posteriors, float64[R, 2] coins."""
    cells = Cells.of(judgements, option)
    shares = cells.shares()
    if len(np.unique(shares)) < 2 and shares[:1].sum() in (0, 1):
        return shares, np.repeat(shares[:1], 2 * cells.raters).reshape(-1, 2)
    prior, coins, _ = cells.maximise(shares)
    bound = -np.inf
    for _ in range(steps):
        posterior, entropy = cells.expect(prior, coins)
        prior, coins, expected = cells.maximise(posterior)
        before, bound = bound, (expected + entropy) / cells.judgements
        if bound - before < tolerance:
            break
    return posterior, coins[:, 1]


@dataclass(frozen=True, eq=False)
class Cells:
    """Who picked the option, laid out so that both steps are sums over rows.

    blocks  for each block of p posts with m raters: int64[p] the posts, and intp[m, p] the cell
            2 · rater + picked of each judgement
    """

    blocks: list[tuple[np.ndarray, np.ndarray]]
    posts: int
    raters: int

    @classmethod
    def of(cls, judgements: Judgements, option: int) -> "Cells":
        posts, raters = map(len, judgements.ids_of_all)
        blocks = [
            (block.posts, 2 * block.raters.astype(np.intp) + block.picked(option))
            for block in judgements.blocks_of_all
        ]
        return cls(blocks, posts, raters)

    @property
    def judgements(self) -> int:
        return sum(cells.size for _, cells in self.blocks)

    def shares(self) -> np.ndarray:
        """float64[P]: the share of the post's raters who picked the option."""
        shares = np.zeros(self.posts)
        for posts, cells in self.blocks:
            shares[posts] = (cells & 1).mean(axis=0)
        return shares

    def expect(self, prior: np.ndarray, coins: np.ndarray) -> tuple[np.ndarray, float]:
        """float64[P] posteriors of truth 1; the sum of their entropies.

        prior  float64[2]        of truth 0 and 1
        coins  float64[R, 2, 2]  [r, x, t]: how often rater r judges x where the truth is t
        """
        for_one = np.log(coins[..., 1] / coins[..., 0]).ravel()
        first = np.log(prior[1] / prior[0])
        posterior, entropy = np.empty(self.posts), 0.0
        for posts, cells in self.blocks:
            odds = first + for_one[cells].sum(axis=0)
            small = np.exp(-np.abs(odds))
            less_likely = small / (1 + small)
            posterior[posts] = np.where(odds > 0, 1 - less_likely, less_likely)
            entropy += (np.log1p(small) + np.abs(odds) * less_likely).sum()
        return posterior, entropy

    def maximise(self, posterior: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Prior float64[2] and coins float64[R, 2, 2] as above, and the expected logarithm of the
        likelihood under them."""
        both, ones = np.zeros(2 * self.raters), np.zeros(2 * self.raters)
        for posts, cells in self.blocks:
            weights = np.broadcast_to(posterior[posts], cells.shape).ravel()
            ones += np.bincount(cells.ravel(), weights, minlength=len(ones))
            both += np.bincount(cells.ravel(), minlength=len(both))
        counts = np.stack([both - ones, ones], axis=-1).reshape(self.raters, 2, 2)
        mean = posterior.mean()
        prior = np.maximum([1 - mean, mean], LEAST)
        coins = np.maximum(counts, LEAST)
        coins /= coins.sum(axis=1, keepdims=True)
        return prior, coins, float((counts * np.log(coins * prior)).sum())
