"""95 % intervals for what weighted judgements say. Pure.

Axes: S posts that a round drew, A affects; see `estimation.Draws`. Everything is in closed form,
because web servers have no scipy.
"""

from dataclasses import dataclass

import numpy as np

from routing import estimation
from routing.estimation import Draws, Known

#: The normal distribution's 97.5 % point.
Z = 1.959964


@dataclass(frozen=True, eq=False)
class Estimate:
    """Figures float64[A] with the ends of their intervals; NaN where undefined."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def prevalence(draws: Draws, positive: np.ndarray, known: Known) -> Estimate:
    """The share of the campaign's posts that carry each affect, after Hájek.

    positive bool[S, A]  of the drawn posts; rows of posts without a judgement don't matter
    known                of posts that were judged without any draw

    The interval is Wilson's for as many evenly drawn posts as would give the same variance (after
    Korn and Graubard 1998): the estimate of a rare affect is far too skewed for a normal one.
    """
    weights = estimation.weights(draws)
    total, judged = weights.sum() + known.posts, draws.judged.sum() + known.posts
    if not judged:
        return undefined(positive.shape[1])
    value = (weights @ positive + known.positive) / total
    variance = _variance(draws, positive - value) / total**2
    return share(value, _alike(value, variance, judged))


def share(value: np.ndarray, size: np.ndarray) -> Estimate:
    """Wilson's interval (1927) around shares of `size` posts, with a correction for continuity
    that makes it as careful as the exact one of Clopper and Pearson.

    >>> found = share(np.array([0.1]), np.array([50]))
    >>> found.low.round(3).tolist(), found.high.round(3).tolist()
    ([0.037], [0.226])
    """
    low, high = (_wilson(value, size, side) for side in (-1, 1))
    return Estimate(value, np.where(value > 0, low, 0.0), np.where(value < 1, high, 1.0))


def rate(counts: np.ndarray, squares: np.ndarray, largest: float, base: float) -> Estimate:
    """Sums of weights over `base`, with the interval of Fay and Feuer (1997) for weighted counts.

    counts  float[A]  sum of the weights of the posts that were found
    squares float[A]  sum of the squares of these weights
    largest           the largest weight of any post
    base              what the rate is per, such as thousands of judgements

    Weights of 1 give the exact interval of a Poisson count; its ends are taken from Byar's
    approximation of the chi-squared distribution (Breslow and Day 1987).

    >>> found = rate(np.array([4.0]), np.array([4.0]), 1.0, base=2.0)
    >>> found.low.round(2).tolist(), found.value.tolist(), found.high.round(2).tolist()
    ([0.54], [2.0], [5.12])
    """
    if base <= 0:
        return undefined(len(counts))
    low = _gamma_end(np.maximum(counts, 1e-9), np.maximum(squares, 1e-9), -1)
    high = _gamma_end(counts + largest, squares + largest**2, 1)
    return Estimate(counts / base, np.where(counts > 0, low, 0.0) / base, high / base)


def ratio(counts: np.ndarray, squares: np.ndarray, bases: np.ndarray) -> Estimate:
    """The first of two rates over the second, with a normal interval of its logarithm.

    counts, squares float[2, A] as in `rate`; bases float[2]. NaN where one of them found nothing.

    >>> found = ratio(np.array([[30.0], [10.0]]), np.array([[30.0], [10.0]]), np.array([1.0, 1.0]))
    >>> found.low.round(2).tolist(), found.value.tolist(), found.high.round(2).tolist()
    ([1.47], [3.0], [6.14])
    """
    if bases.min() <= 0:
        return undefined(counts.shape[1])
    known = np.where(counts > 0, counts, np.nan)
    value = known[0] / bases[0] / (known[1] / bases[1])
    factor = np.exp(Z * np.sqrt((squares / known**2).sum(axis=0)))
    return Estimate(value, value / factor, value * factor)


def undefined(affects: int) -> Estimate:
    """What can be said of so many affects where nothing is judged."""
    return Estimate(*np.full((3, affects), np.nan))


def _variance(draws: Draws, residuals: np.ndarray) -> np.ndarray:
    """float64[A]: the variance of sum_i w_i e_i, with residuals e float[S, A].

    What round r adds is lambda_r times the error of T_r, and has mean 0 given all earlier rounds;
    so the errors of different rounds are uncorrelated, and their variances add up:
    lambda_r^2 sum_{judged in r} (1 - pi_r) / pi_r^2 e^2, Horvitz and Thompson's for Poisson
    sampling. Systematic sampling in random order does a little better than that.
    """
    lambdas = draws.reach.answered / max(draws.judged.sum(), 1)
    chance = draws.chances[draws.last, np.arange(len(draws.ids))]
    spread = lambdas[draws.last] ** 2 * (1 - chance) / np.where(draws.judged, chance, 1.0) ** 2
    return np.where(draws.judged, spread * draws.copies**2, 0.0) @ residuals**2


def _alike(value: np.ndarray, variance: np.ndarray, judged: int) -> np.ndarray:
    """How many evenly drawn posts give this variance; never more than were judged, because the
    variance of an affect that was hardly found is itself hardly known."""
    known = np.where(variance > 0, variance, 1.0)
    return np.where(variance > 0, np.minimum(value * (1 - value) / known, judged), judged)


def _wilson(value: np.ndarray, size: np.ndarray, side: int) -> np.ndarray:
    shifted = np.clip(value + side / (2 * size), 0, 1)
    middle = shifted + Z**2 / (2 * size)
    half = Z * np.sqrt(shifted * (1 - shifted) / size + Z**2 / (4 * size**2))
    return (middle + side * half) / (1 + Z**2 / size)


def _gamma_end(mean: np.ndarray, variance: np.ndarray, side: int) -> np.ndarray:
    """The 2.5 or 97.5 % point of the gamma distribution with this mean and variance."""
    alike = mean**2 / variance
    return mean * (1 - 1 / (9 * alike) + side * Z / (3 * np.sqrt(alike))) ** 3
