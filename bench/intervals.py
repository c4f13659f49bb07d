"""Whether the 95 % intervals on agreement mean what they say.

    python -m bench.intervals [--runs 400]

Draws many small crowds from one large one whose figures are known, and counts how often each
figure's interval holds the known value: between 93 and 97 % of the time, it should.
"""

import argparse

import numpy as np

from agreement.alpha import nominal_alpha, set_alpha
from agreement.bootstrap import intervals
from agreement.interrater import interrater
from agreement.support import histograms
from agreement.table import Judgements
from tests.agreement.crowds import simulated

NOISE = np.linspace(0.1, 0.6, 12)
LARGE = 400_000
#: (posts, share of judgements that are there): even, and ragged with lone raters.
CROWDS = [(200, 1.0), (500, 1.0), (400, 0.75)]


def crowd(rng: np.random.Generator, posts: int, kept: float) -> Judgements:
    whole = simulated(rng, posts=posts, noise=NOISE, affects=3)
    some = rng.random(len(whole.posts)) < kept
    columns = (whole.posts, whole.raters, whole.picks)
    return Judgements(*(column[some] for column in columns), whole.affects)


def known(kept: float) -> tuple[float, ...]:
    large = crowd(np.random.default_rng(0), LARGE, kept)
    alphas = nominal_alpha(histograms(large), large.size)
    return interrater(large).headline, *alphas, set_alpha(large)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--draws", type=int, default=500)
    arguments = parser.parse_args()
    for posts, kept in CROWDS:
        truth, covered = np.array(known(kept)), np.zeros(5)
        for run in range(arguments.runs):
            rng = np.random.default_rng(1000 + run)
            found = intervals(crowd(rng, posts, kept), draws=arguments.draws, rng=rng)
            low, high = np.vstack([found.headline, found.alpha, found.set_alpha]).T
            covered += (low <= truth) & (truth <= high)
        headline, *alphas, sets = (f"{share:.1%}" for share in covered / arguments.runs)
        print(
            f"{posts} posts, {kept:.0%} of 4 judgements each, {arguments.runs} runs: interrater "
            f"correlation {headline}, alpha {', '.join(alphas)}, set-valued alpha {sets}"
        )


if __name__ == "__main__":
    main()
