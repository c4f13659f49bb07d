"""Consensus rules side by side, and the posts on which raters, or rules, are of two minds."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from agreement.alpha import picks_apart
from agreement.consensus import Soft, parse
from agreement.dawid_skene import dawid_skene
from agreement.reliability import weighted_shares
from agreement.table import Judgements, tally

#: A rule that gives shares or probabilities says yes above this.
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Comparison:
    """What each rule says about P judged posts and O options.

    posts   int64[P]     post ids
    raters  int64[P]
    votes   uint[P, O]
    labels  {rule's name: float32[P, O]}, NaN where the rule has no label
    steps   int64[O]     after which Dawid and Skene's model came to rest, or was stopped
    settled bool[O]      whether it came to rest
    """

    posts: np.ndarray
    raters: np.ndarray
    votes: np.ndarray
    options: tuple[str, ...]
    labels: dict[str, np.ndarray]
    steps: np.ndarray
    settled: np.ndarray

    def positives(self) -> dict[str, list[int]]:
        """Of each rule, the posts that it gives each option."""
        return {name: (found > HALF).sum(axis=0).tolist() for name, found in self.labels.items()}

    def differences(self) -> dict[tuple[str, str], list[int]]:
        """Of each pair of rules, for each option, the posts on which one says yes and the other no."""
        return {
            (one, other): _differ(self.labels[one], self.labels[other]).sum(axis=0).tolist()
            for one, other in combinations(self.labels, 2)
        }

    def disputed(self, most: int = 50) -> list[dict]:
        """The posts and options on which rules are farthest apart while some say yes, others no."""
        differ = np.zeros(self.votes.shape, bool)
        for one, other in combinations(self.labels.values(), 2):
            differ |= _differ(one, other)
        post, option = np.nonzero(differ)
        labels = np.stack([found[post, option] for found in self.labels.values()])
        apart = np.nanmax(labels, axis=0) - np.nanmin(labels, axis=0) if len(post) else post
        first = np.lexsort((option, self.posts[post], -apart))[:most]
        return [self._row(post[at], option[at]) for at in first]

    def _row(self, post: int, option: int) -> dict:
        labels = {name: _shown(found[post, option]) for name, found in self.labels.items()}
        return {
            "post": int(self.posts[post]),
            "affect": self.options[option],
            "votes": int(self.votes[post, option]),
            "raters": int(self.raters[post]),
            "labels": labels,
        }


def compare(judgements: Judgements, at_least: int = 3) -> Comparison:
    """The rules `votes>=k`, `soft`, `dawid_skene` and `weighted` on the same judgements.

    Raises UnknownRule unless k is a whole number from 1.

    >>> rows = [(p, r, int(r == 3 or p < 2)) for p in range(6) for r in (1, 2, 3)]
    >>> compare(Judgements.of(rows, ("calm",)), at_least=1).positives()
    {'votes>=1': [6], 'soft': [2], 'dawid_skene': [2], 'weighted': [2]}
    """
    votes_rule = parse(f"votes>={at_least}")
    posts, raters, votes = tally(judgements)
    votes = votes.astype(np.min_scalar_type(int(raters.max(initial=0))))
    # One at a time, and in half the space: four tables of all posts are the most there is.
    modelled, steps, settled = _modelled(judgements)
    labels = {
        votes_rule.name: votes_rule.apply(votes, raters).astype(np.float32),
        Soft.name: Soft().apply(votes, raters).astype(np.float32),
        "dawid_skene": modelled,
        "weighted": weighted_shares(judgements).astype(np.float32),
    }
    return Comparison(posts, raters, votes, judgements.options, labels, steps, settled)


def most_split(judgements: Judgements, most: int = 50) -> list[tuple[int, float]]:
    """(post id, mean MASI distance between two of its raters) of the posts farthest apart.

    >>> rows = [(7, 1, 0b01), (7, 2, 0b10), (8, 1, 0b01), (8, 2, 0b11), (9, 1, 0), (9, 2, 0)]
    >>> [(post, round(apart, 3)) for post, apart in most_split(Judgements.of(rows, ("a", "b")))]
    [(7, 1.0), (8, 0.667)]
    """
    apart = np.zeros(judgements.shared_posts)
    for block in judgements.blocks:
        apart[block.posts] = picks_apart(block.picks) / block.size
    ids = judgements.shared_post_ids
    first = np.lexsort((ids, -apart))[:most]
    return [(int(ids[at]), float(apart[at])) for at in first if apart[at] > 0]


def _modelled(judgements: Judgements) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """float32[P, O] Dawid and Skene's posteriors, int64[O] its steps, bool[O] whether at rest."""
    found = dawid_skene(judgements)
    return found.posteriors.astype(np.float32), found.steps, found.settled


def _shown(label: np.float32) -> float | None:
    """To the places that the rule really has; None where it has no label."""
    return None if np.isnan(label) else round(float(label), 6)


def _differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    known = ~(np.isnan(one) | np.isnan(other))
    return known & ((one > HALF) != (other > HALF))
