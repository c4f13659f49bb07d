"""The champion as routing uses it: found by its campaign, loaded from the store, or away."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from modelling import champion, versions
from modelling.errors import ModelUnavailable
from modelling.models import ModelVersion
from routing import rounds
from snapshots.splits import group_of, split_of
from training.bundle import load_bundle
from training.predict import embed

POSTS = [{"body": "Our dog is back home!"}, {"title": "Rain", "body": "again", "sensitive": False}]


@pytest.fixture
def crowned(campaign, snapshot, tmp_path):
    """The first of two versions of the campaign's model; the bundle lies beside it."""
    trained = versions.train(
        snapshot=snapshot.folder, recipe="tiny", out=tmp_path / "out", report=lambda _: None
    )
    first = versions.publish(trained=trained)
    versions.publish(trained=trained)
    ModelVersion.objects.update(campaign=campaign.slug)
    champion._bundle.cache_clear()
    first.refresh_from_db()
    return first, trained.bundle


def test_the_champion_embeds_as_its_bundle_does(campaign, crowned):
    version, bundle = crowned

    found = champion.embedder(campaign)

    assert found.name == str(version)
    assert np.array_equal(found.embed(POSTS), embed(load_bundle(bundle), POSTS))


def test_posts_of_the_test_split_are_unseen_as_the_snapshot_has_them(campaign, crowned, snapshot):
    found = champion.embedder(campaign)
    posts = [dict.fromkeys(champion.TEXTS, "") | {"key": f"p{n}", "image": ""} for n in range(300)]

    unseen = found.unseen(posts)

    splits = [split_of(group_of(f"p{n}", "", "")) for n in range(300)]
    assert unseen.tolist() == [split == "test" for split in splits]
    assert 10 < unseen.sum() < 60


def test_a_version_is_found_by_its_name_and_an_unknown_one_is_not(campaign, crowned):
    version, _ = crowned

    assert champion.embedder(campaign, f"{version.name} v2").name == f"{version.name} v2"
    assert champion.embedder(campaign, f"{version.name} v9") is None


def test_a_campaign_without_a_model_has_no_champion(campaign):
    assert champion.embedder(campaign) is None


def test_a_bundle_that_is_gone_is_said_in_a_sentence(campaign, crowned):
    store = Path(settings.MLFLOW_TRACKING_URI.removeprefix("sqlite:///")).parent
    for folder in store.glob("**/bundle"):
        shutil.rmtree(folder)

    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        champion.embedder(campaign)


def test_a_round_compares_the_champion_with_words(campaign, crowned, add_posts):
    """All the way from the store to the draw."""
    from django.utils import timezone

    from annotation.models import CampaignPost, Judgement, Rater

    posts = add_posts(campaign, *(f"post number {n} about cats and dogs" for n in range(160)))
    rater = Rater.objects.create(key="judge")
    for number, post in enumerate(posts[:150]):
        Judgement.objects.create(
            campaign=campaign,
            campaign_post=post,
            rater=rater,
            picks=1 + number % 2,
            frame="universal",
            judged_at=timezone.now(),
        )
    ids = [post.id for post in posts[:150]]
    CampaignPost.objects.filter(id__in=ids).update(judged=1, reserved=1)

    round = rounds.run(campaign=campaign, budget=5, seed=1)

    version, _ = crowned
    assert set(round.heads["compared"]) == {"hashed 1-2-grams", f"embedding of {version}"}
    assert None not in round.heads["compared"].values()
