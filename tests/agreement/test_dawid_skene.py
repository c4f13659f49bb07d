import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import DawidSkene
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from agreement.dawid_skene import Cells, dawid_skene
from agreement.table import Judgements
from tests.agreement import plain
from tests.agreement.crowds import crowds, simulated, table


def crowdkits(judgements, option, steps):
    """float64[P]: crowd-kit's posteriors, for the posts in the order of the table."""
    picked = (judgements.picks >> judgements.bits[option]) & 1
    frame = pd.DataFrame({"task": judgements.posts, "worker": judgements.raters, "label": picked})
    found = DawidSkene(n_iter=steps, tol=-np.inf).fit_predict_proba(frame)
    return found.reindex(pd.unique(judgements.posts))[1].to_numpy()


def stepped(judgements, option, steps):
    """Cells, beliefs and posteriors after so many plain steps."""
    cells = Cells.of(judgements, option)
    posterior = cells.shares()
    for _ in range(steps):
        beliefs = cells.maximise(posterior)
        posterior = cells.expect(beliefs)
    return cells, beliefs, posterior


def thinned(seed, **ways):
    """Ragged: a third of the judgements are missing, so some posts have one rater."""
    rng = np.random.default_rng(seed)
    whole = simulated(rng, **ways)
    kept = rng.random(len(whole.posts)) < 0.66
    return Judgements(whole.posts[kept], whole.raters[kept], whole.picks[kept], whole.affects)


def read(judgements):
    """The crowd {post: {rater: options}} of a table."""
    crowd = {}
    for post, rater, picks in zip(
        *(column.tolist() for column in (judgements.posts, judgements.raters, judgements.picks)),
        strict=True,
    ):
        options = zip(judgements.options, judgements.bits, strict=True)
        crowd.setdefault(post, {})[rater] = {name for name, bit in options if picks >> bit & 1}
    return crowd


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # crowd-kit's, of pandas
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("steps", [1, 7, 40])
def test_posteriors_equal_crowdkits_after_every_number_of_steps(seed, steps):
    judgements = thinned(seed, posts=300)

    for option in range(len(judgements.bits)):
        _, _, posterior = stepped(judgements, option, steps)
        assert posterior == pytest.approx(crowdkits(judgements, option, steps), abs=1e-6)


@hypothesis_settings(max_examples=40)
@given(crowds())
def test_steps_equal_the_definition_read_aloud(crowd):
    judgements = table(crowd)

    for option, name in enumerate(judgements.options[:3] if crowd else ()):
        cells, beliefs, posterior = stepped(judgements, option, steps=3)
        expected, prior, coins = plain.dawid_skene(crowd, name, steps=2)
        assert beliefs[:2] == pytest.approx(prior, abs=1e-9)
        assert cells.step(beliefs)[1] == pytest.approx(
            plain.log_likelihood(crowd, name, prior, coins), abs=1e-9
        )
        expected, *_ = plain.dawid_skene(crowd, name, steps=3)
        assert posterior == pytest.approx([expected[p] for p in crowd], abs=1e-9)


@pytest.mark.parametrize("seed", range(2))
def test_it_stops_where_plain_steps_come_to_rest(seed):
    judgements = thinned(seed, posts=200, affects=1)
    crowd = read(judgements)

    found = dawid_skene(judgements)

    expected, prior, coins = plain.dawid_skene(crowd, "affect 0", steps=600)
    assert found.settled.all()
    assert found.posteriors[:, 0] == pytest.approx([expected[p] for p in crowd], abs=1e-3)
    height = plain.log_likelihood(crowd, "affect 0", prior, coins)
    cells = Cells.of(judgements, 0)
    assert cells.step(cells.maximise(found.posteriors[:, 0]))[1] == pytest.approx(height, abs=1e-4)


def test_it_doesnt_stop_where_crowdkits_bound_stops_rising():
    # It stops after two or three steps on such a crowd.
    rng = np.random.default_rng(5)
    noise = np.where(np.arange(12) < 5, 1.0, 0.1)
    judgements = simulated(rng, posts=2000, noise=noise, affects=1)

    found = dawid_skene(judgements).posteriors[:, 0] > 0.5

    _, _, after_two = stepped(judgements, 0, steps=2)
    _, _, after_many = stepped(judgements, 0, steps=300)
    assert (found != (after_many > 0.5)).mean() < 0.001
    assert (found != (after_two > 0.5)).mean() > 0.01


def test_too_few_steps_are_admitted():
    found = dawid_skene(thinned(1, posts=200), steps=3)

    assert not found.settled.any()
    assert set(found.steps.tolist()) == {3}


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
    assert (found.steps.tolist(), found.settled.all()) == ([0, 0], True)


def test_the_order_of_rows_changes_no_posterior():
    judgements = thinned(4, posts=100)
    order = np.random.default_rng(4).permutation(len(judgements.posts))
    shuffled = Judgements(
        *(column[order] for column in (judgements.posts, judgements.raters, judgements.picks)),
        judgements.affects,
    )

    found, again = dawid_skene(judgements), dawid_skene(shuffled)

    expected = found.posteriors[np.argsort(found.posts)]
    assert again.posteriors[np.argsort(again.posts)] == pytest.approx(expected, abs=1e-6)


def test_spammers_lose_their_say_and_the_coins_tell_them_apart():
    rng = np.random.default_rng(5)
    noise = np.where(np.arange(12) < 4, 1.0, 0.1)
    judgements = simulated(rng, posts=2000, noise=noise, affects=1)

    found = dawid_skene(judgements)

    false_alarms, hits = found.coins[0, np.argsort(found.raters)].T
    assert (hits - false_alarms)[:4].max() < 0.2 < 0.8 < (hits - false_alarms)[4:].min()
