import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from agreement.dawid_skene import dawid_skene
from agreement.table import Judgements
from tests.agreement.crowds import crowds, simulated, table


def crowdkits(judgements, option, **ways):
    """float64[P]: crowd-kit's posteriors, for the posts in the order of the table."""
    crowdkit = pytest.importorskip("crowdkit.aggregation", reason="crowd-kit is not installed")
    picked = (judgements.picks >> judgements.bits[option]) & 1
    frame = pd.DataFrame({"task": judgements.posts, "worker": judgements.raters, "label": picked})
    found = crowdkit.DawidSkene(**ways).fit_predict_proba(frame)
    return found.reindex(pd.unique(judgements.posts))[1].to_numpy()


def thinned(seed, **ways):
    """Ragged: a third of the judgements are missing, so some posts have one rater."""
    rng = np.random.default_rng(seed)
    whole = simulated(rng, **ways)
    kept = rng.random(len(whole.posts)) < 0.66
    return Judgements(whole.posts[kept], whole.raters[kept], whole.picks[kept], whole.affects)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # crowd-kit's, of pandas
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("steps", "tolerance"), [(100, 1e-5), (7, 0)])
def test_posteriors_equal_crowdkits_at_every_stop(seed, steps, tolerance):
    judgements = thinned(seed, posts=300)

    found = dawid_skene(judgements, steps=steps, tolerance=tolerance)

    for option in range(len(judgements.bits)):
        expected = crowdkits(judgements, option, n_iter=steps, tol=tolerance)
        assert found.posteriors[:, option] == pytest.approx(expected, abs=1e-6)


@hypothesis_settings(max_examples=25)
@given(crowds())
def test_no_crowd_is_too_ragged(crowd):
    judgements = table(crowd)

    found = dawid_skene(judgements).posteriors

    assert found.shape == (len(crowd), len(judgements.options))
    assert ((found >= 0) & (found <= 1)).all()
    assert not found[:, judgements.options.index("never")].any()


def test_what_everybody_picks_is_certain_and_what_nobody_picks_is_excluded():
    rows = [(post, rater, 0b01) for post in range(3) for rater in range(2)]

    found = dawid_skene(Judgements.of(rows, ("calm", "glad")))

    assert found.posteriors.tolist() == [[1, 0]] * 3


def test_the_order_of_rows_changes_no_posterior():
    judgements = thinned(4, posts=100)
    order = np.random.default_rng(4).permutation(len(judgements.posts))
    shuffled = Judgements(
        *(column[order] for column in (judgements.posts, judgements.raters, judgements.picks)),
        judgements.affects,
    )

    found, again = dawid_skene(judgements), dawid_skene(shuffled)

    expected = found.posteriors[np.argsort(found.posts)]
    assert again.posteriors[np.argsort(again.posts)] == pytest.approx(expected, abs=1e-9)


def test_spammers_lose_their_say_and_the_coins_tell_them_apart():
    rng = np.random.default_rng(5)
    noise = np.where(np.arange(12) < 4, 1.0, 0.1)
    judgements = simulated(rng, posts=2000, noise=noise, affects=1)

    found = dawid_skene(judgements)

    false_alarms, hits = found.coins[0, np.argsort(found.raters)].T
    assert (hits - false_alarms)[:4].max() < 0.2 < 0.8 < (hits - false_alarms)[4:].min()
