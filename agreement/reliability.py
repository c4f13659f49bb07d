"""The consensus rule `weighted`: the share of raters, each with the weight they have earned.

A rater weighs as much as their interrater correlation, averaged over the affects for which they
have one. Whoever goes against the others has no say; whoever has too little to compare is taken
for an average rater. Where nobody on a post has a say, all have the same.
"""

import numpy as np

from agreement.interrater import interrater, mean_of_defined
from agreement.table import Judgements


def reliabilities(judgements: Judgements) -> np.ndarray:
    """float64[R], from 0 to 1, for the raters of `Judgements.ids_of_all`."""
    found = interrater(judgements)
    of_shared = mean_of_defined(found.correlations[: found.affects], axis=0).clip(min=0)
    usual = mean_of_defined(of_shared)
    weights = np.full(len(judgements.ids_of_all[1]), 1.0 if np.isnan(usual) else usual)
    order = np.argsort(judgements.rater_ids)
    ids = judgements.ids_of_all[1]
    at = np.searchsorted(judgements.rater_ids, ids, sorter=order)
    known = at < len(order)
    known[known] = judgements.rater_ids[order[at[known]]] == ids[known]
    own = of_shared[order[at[known]]]
    weights[known] = np.where(np.isnan(own), weights[known], own)
    return weights


def weighted_shares(judgements: Judgements, weights: np.ndarray | None = None) -> np.ndarray:
    """float64[P, O]: the weighted share of each post's raters who picked each option, for the posts
    of `Judgements.ids_of_all`.

    weights  float64[R], not negative; by default `reliabilities`

    >>> rows = [(1, 1, 0b1), (1, 2, 0b0)]
    >>> weighted_shares(Judgements.of(rows, ("calm",)), np.array([0.6, 0.2])).tolist()
    [[0.7499999999999999]]
    """
    weights = reliabilities(judgements) if weights is None else weights
    shares = np.empty((len(judgements.ids_of_all[0]), len(judgements.bits)))
    for block in judgements.blocks_of_all:
        say = weights[block.raters]
        say = np.where(say.sum(axis=0) > 0, say, 1.0)
        for option in range(len(judgements.bits)):
            picked = (say * block.picked(option)).sum(axis=0)
            shares[block.posts, option] = picked / say.sum(axis=0)
    return shares
