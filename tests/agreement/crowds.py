"""Crowds for the agreement tests: drawn by hypothesis, or simulated with known reliabilities."""

import numpy as np
from hypothesis import strategies as st

from agreement.table import OTHER, OTHER_BIT, Judgements

AFFECTS = ("calm", "glad", "sad", "never")
OPTIONS = (*AFFECTS, OTHER)
BITS = {"calm": 0, "glad": 1, "sad": 2, "never": 3, OTHER: OTHER_BIT}


def table(crowd, affects=AFFECTS, bits=BITS):
    """The judgements of a crowd {post: {rater: set of options}}."""
    rows = [
        (post, rater, sum(1 << bits[option] for option in picks))
        for post, answers in crowd.items()
        for rater, picks in answers.items()
    ]
    return Judgements.of(rows, affects)


def rater_ids():
    return st.sampled_from([-3, 1, 2, 5, 8, 9_000_000_000])


def picks(rater):
    """Nobody ever picks "never"; rater 1 always picks "calm" and nothing else."""
    if rater == 1:
        return st.just({"calm"})
    return st.sets(st.sampled_from(["calm", "glad", "sad", OTHER]))


@st.composite
def crowds(draw):
    """Ragged crowds: lone judgements, constant raters, unclear answers, an affect nobody picks."""
    post_ids = draw(st.lists(st.integers(-(10**12), 10**12), max_size=12, unique=True))
    return {
        post: {
            rater: draw(picks(rater))
            for rater in draw(st.lists(rater_ids(), min_size=1, max_size=6, unique=True))
        }
        for post in post_ids
    }


def simulated(rng, posts, raters=12, per_post=4, affects=3, noise=0.3, prevalence=0.3):
    """Judgements of raters who see the truth through noise; `noise` is one rate or one each."""
    seen_by = rng.random((posts, raters)).argsort(axis=1)[:, :per_post]
    noisy = rng.random((affects, posts, per_post)) < np.broadcast_to(noise, raters)[seen_by]
    truth = rng.random((affects, posts, 1)) < prevalence
    guess = rng.random((affects, posts, per_post)) < prevalence
    bits = np.where(noisy, guess, truth) << np.arange(affects)[:, None, None]
    return Judgements(
        np.repeat(np.arange(posts), per_post),
        seen_by.ravel(),
        bits.sum(axis=0).ravel(),
        tuple(f"affect {a}" for a in range(affects)),
    )
