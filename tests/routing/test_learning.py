"""What a round learns from: words or the champion's embedding, whichever ranks held-out posts better."""

import numpy as np
import pytest

from routing import heads, learning, queries, rounds
from routing.models import Plan, Round
from tests.routing import embedders
from tests.routing.conftest import words

KNOWING, IGNORANT, AWAY = (f"tests.routing.embedders.{n}" for n in ("knowing", "ignorant", "away"))


@pytest.fixture
def much_learnt(campaign, pool, add_posts, judge):
    """40 judged posts of each affect, whose words don't repeat: rare ones are hard to learn by."""
    for affect in ("entertained", "saddened", "neutral"):
        judge(add_posts(campaign, *words(affect, 40, start=100)), affect)
    return pool


@pytest.fixture
def telling_nothing(campaign, monkeypatch):
    """Words that say nothing, so that an embedding can only be better."""
    Plan.objects.create(campaign=campaign, exploit=0.7, diversity=0.1, collapses=False)
    hashed = heads.hashed
    monkeypatch.setattr(heads, "hashed", lambda texts: hashed([f"p{len(t)}" for t in texts]))


def test_without_a_champion_the_heads_look_at_words(campaign, learnt):
    round = rounds.run(campaign=campaign, budget=5, seed=1)

    assert (round.heads["look_at"], round.heads["champion"]) == ("hashed 1-2-grams", "")
    assert round.heads["compared"] == {}


def test_the_better_features_are_used_and_named(campaign, much_learnt, telling_nothing, settings):
    settings.ROUTING_EMBEDDER = KNOWING

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert round.heads["look_at"] == "embedding"
    assert round.heads["champion"] == "pathos-feelings v3"
    compared = round.heads["compared"]
    assert compared["embedding of pathos-feelings v3"] > compared["hashed 1-2-grams"] > 0
    pi = queries.pool_of(round).of(np.array([post.id for post in much_learnt]))
    assert pi[:20].mean() > 1.5 * pi[20:].mean()


def test_words_stay_where_the_champion_knows_nothing(campaign, much_learnt, settings):
    settings.ROUTING_EMBEDDER = IGNORANT

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert (round.heads["look_at"], round.heads["champion"]) == ("hashed 1-2-grams", "")
    compared = round.heads["compared"]
    assert compared["hashed 1-2-grams"] > compared["embedding of pathos-feelings v2"]


def test_a_champion_that_is_out_of_reach_stops_no_round(campaign, learnt, settings):
    settings.ROUTING_EMBEDDER = AWAY

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert (round.state, round.heads["look_at"]) == ("done", "hashed 1-2-grams")
    assert round.heads["compared"] == {"champion_missing": "The store of models can't be reached."}


def test_too_few_carriers_are_no_comparison(campaign, pool, add_posts, judge, settings):
    """Of eight posts two are held out, and nobody could tell the better one by them."""
    settings.ROUTING_EMBEDDER = KNOWING
    judge(add_posts(campaign, *words("saddened", 4, start=100)), "saddened")
    judge(add_posts(campaign, *words("neutral", 4, start=100)), "neutral")

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert set(round.heads["compared"].values()) == {None}
    assert round.heads["look_at"] == "hashed 1-2-grams"


def test_posts_that_the_champion_learnt_from_are_not_held_out(
    campaign, much_learnt, settings, monkeypatch
):
    """It knows them too well to be judged by them."""
    settings.ROUTING_EMBEDDER = KNOWING
    judged = campaign.campaign_posts.filter(judged__gt=0).values_list("post__key", flat=True)
    monkeypatch.setattr(embedders.KNOWING, "learnt_from", set(judged))

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert set(round.heads["compared"].values()) == {None}
    assert round.heads["look_at"] == "hashed 1-2-grams"


def test_at_most_a_quarter_is_held_out():
    unseen = np.arange(100) % 10 < 6

    chosen = learning._held_out(unseen, np.random.default_rng(1))

    assert chosen.sum() == 25 and not (chosen & ~unseen).any()


def test_nothing_is_compared_before_the_first_judgement(campaign, pool, settings):
    settings.ROUTING_EMBEDDER = KNOWING
    embedders.KNOWING.asked.clear()

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert (round.affects, round.heads["compared"]) == ([], {})
    assert embedders.KNOWING.asked == []


def test_groups_are_made_from_what_the_heads_look_at(
    campaign, much_learnt, telling_nothing, settings
):
    settings.ROUTING_EMBEDDER = KNOWING

    round = rounds.run(campaign=campaign, budget=12, seed=1)

    assert round.heads["groups"] == 3
    assert heads.beside(round.heads_file, "centres")["centres"].shape == (5, 3)


def test_a_round_that_goes_on_keeps_what_it_learnt(campaign, learnt, judge, monkeypatch):
    """What was judged while its worker was gone is for the next round."""
    asked = rounds.ask(campaign=campaign, budget=12, seed=1)

    def die(*_):
        raise rounds.OperationalError

    monkeypatch.setattr(rounds, "_draw", die)
    with pytest.raises(rounds.OperationalError):
        rounds.carry_out(round=asked)
    monkeypatch.undo()
    before = asked.heads_file.read_bytes()
    judge(learnt[:3], "saddened")

    done = rounds.carry_out(round=Round.objects.get(id=asked.id))

    assert (done.state, done.attempts, done.pool_size) == ("done", 2, 57)
    assert done.heads_file.read_bytes() == before
    assert not done.chunks.exists()


def test_the_comparison_holds_out_what_it_judges_by():
    """Rows that name each post are learnt by heart, and worth nothing on others."""
    labels = np.arange(80)[:, None] % 2 == 0
    names = np.eye(80, dtype=np.float32)
    signs = np.where(labels, 1.0, -1.0).astype(np.float32) + np.zeros((80, 2), np.float32)

    held_out = np.arange(80) % 4 < 2
    by_heart, by_sign = learning.compare(names, signs, labels, held_out, np.random.default_rng(1))

    assert by_sign == 1.0
    assert by_heart < 0.8
