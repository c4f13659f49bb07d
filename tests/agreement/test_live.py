import numpy as np
import pytest
from django.core.management import call_command

from agreement import live, queries, tasks
from agreement.models import Change, RunningSums
from agreement.sums import Sums
from annotation.models import Judgement, Rater
from tests.agreement.stored import add_post, judgement, ragged, store

pytestmark = pytest.mark.django_db


def batch(campaign):
    """The sums of the judgements as they are, counted all over again."""
    return Sums.of(queries.of_campaign(campaign))


def stored(campaign):
    return Sums.from_bytes(RunningSums.objects.get(campaign=campaign).sums)


def test_sums_of_a_campaign_that_was_never_counted_are_the_batchs(campaign):
    store(campaign, ragged(seed=1))

    assert live.current(campaign=campaign) == stored(campaign) == batch(campaign)
    assert not Change.objects.exists()


def test_sums_of_a_campaign_without_judgements_are_empty(campaign):
    assert live.current(campaign=campaign).is_empty


def come(campaign, rng):
    """A judgement of a new or an old post, by a new or an old rater."""
    posts = [*campaign.campaign_posts.all(), None]
    post = posts[rng.integers(len(posts))] or add_post(campaign, f"new {rng.random()}", 1)
    rater, _ = Rater.objects.get_or_create(key=f"r{rng.integers(12)}")
    if not Judgement.objects.filter(campaign_post=post, rater=rater).exists():
        judgement(post, rater, {"entertained"}).save()


def change(campaign, rng, **fields):
    some = rng.permutation([*campaign.judgements.values_list("id", flat=True)])[:2]
    Judgement.objects.filter(id__in=some.tolist()).update(**fields)


def go(campaign, rng):
    ids = [*campaign.judgements.values_list("id", flat=True)]
    Judgement.objects.filter(id=ids[rng.integers(len(ids))]).delete()


HAPPENINGS = [
    come,
    lambda campaign, rng: change(campaign, rng, picks=int(rng.integers(8))),
    lambda campaign, rng: change(campaign, rng, set_aside=True),
    lambda campaign, rng: change(campaign, rng, set_aside=False),
    lambda campaign, rng: change(campaign, rng, gold_right=True),
    lambda campaign, rng: change(campaign, rng, gold_right=None),
    lambda campaign, rng: change(campaign, rng, seconds=2.5),  # no figure rests on it
    go,
]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_sums_equal_the_batch_to_the_last_integer(campaign, seed):
    rng = np.random.default_rng(seed)
    store(campaign, ragged(seed, posts=15))
    live.current(campaign=campaign)

    for _ in range(12):
        for _ in range(rng.integers(1, 6)):
            HAPPENINGS[rng.integers(len(HAPPENINGS))](campaign, rng)
        assert live.current(campaign=campaign) == batch(campaign)


def test_many_changes_are_counted_anew(campaign, monkeypatch):
    live.current(campaign=campaign)
    monkeypatch.setattr(live, "MANY_CHANGES", 3)
    store(campaign, ragged(seed=2))

    assert live.current(campaign=campaign) == batch(campaign)
    assert not Change.objects.exists()


def test_a_change_that_no_figure_rests_on_leaves_no_trace_in_the_journal(campaign):
    store(campaign, ragged(seed=3))
    Change.objects.all().delete()

    campaign.judgements.update(seconds=1.0, other="")

    assert not Change.objects.exists()


def test_a_check_says_that_the_sums_are_equal(campaign):
    store(campaign, ragged(seed=4))
    live.current(campaign=campaign)
    change(campaign, np.random.default_rng(4), picks=5)  # not folded yet

    found = live.check(campaign=campaign)

    kept = RunningSums.objects.get(campaign=campaign)
    assert (found.was_equal, kept.repaired_at) == (True, None)
    assert kept.checked_at
    assert found.sums == stored(campaign) == batch(campaign)


def test_a_check_mends_what_the_journal_missed_and_says_so(campaign):
    store(campaign, ragged(seed=5))
    live.current(campaign=campaign)
    change(campaign, np.random.default_rng(5), picks=7)
    Change.objects.all().delete()
    assert live.current(campaign=campaign) != batch(campaign)

    found = live.check(campaign=campaign)

    kept = RunningSums.objects.get(campaign=campaign)
    assert (found.was_equal, kept.repaired_at) == (False, kept.checked_at)
    assert live.current(campaign=campaign) == batch(campaign)
    assert live.check(campaign=campaign).was_equal


def test_another_campaigns_changes_stay_in_the_journal(campaign, taxonomy):
    from annotation import campaigns

    other = campaigns.create(slug="other", taxonomy=taxonomy, raters_per_post=2)
    store(other, {"a post": {"r1": {"neutral"}, "r2": {"saddened"}}})

    assert live.current(campaign=campaign).is_empty
    assert Change.objects.filter(campaign_id=other.id).count() == 2
    assert live.current(campaign=other) == batch(other)


def test_the_clock_folds_every_journal_and_drops_those_of_deleted_campaigns(campaign):
    store(campaign, ragged(seed=6))
    Change.objects.create(campaign_id=-1, campaign_post_id=1, rater_id=1, after=1)

    tasks.fold_journals()

    assert not Change.objects.exists()
    assert stored(campaign) == batch(campaign)


def test_the_nightly_recount_logs_what_it_mended(campaign, caplog):
    store(campaign, ragged(seed=7))
    tasks.fold_journals()
    tasks.check_sums()
    assert not caplog.messages
    change(campaign, np.random.default_rng(7), picks=7)
    Change.objects.all().delete()

    tasks.check_sums()

    assert caplog.messages == [
        "The running sums of 'feelings' differed from its judgements and were counted anew."
    ]


@pytest.mark.parametrize(
    ("lose", "answer"),
    [
        (False, "The sums of 'feelings' equal its judgements to the last integer.\n"),
        (True, "The sums of 'feelings' differed from its judgements and were counted anew.\n"),
    ],
)
def test_the_command_says_whether_anything_had_to_be_mended(campaign, capsys, lose, answer):
    store(campaign, ragged(seed=8))
    tasks.fold_journals()
    if lose:
        change(campaign, np.random.default_rng(8), picks=7)
        Change.objects.all().delete()

    call_command("check_agreement", campaign="feelings")

    assert capsys.readouterr().out == answer
