"""A small campaign with everything that a snapshot must hold, and everything that it must not."""

from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def taxonomy(db):
    """Three affects; the first is one that a like makes personal."""
    from taxonomy import files, taxonomies

    affects = [
        {"key": "entertained", "valence": "positive", "personalised": True},
        {"key": "saddened", "valence": "negative"},
        {"key": "touched", "valence": "positive", "personalised": True},
    ]
    raw = {"key": "small", "version": 1, "question": "How might someone feel?", "max_picks": None}
    return taxonomies.load(file=files.parse({**raw, "affects": affects}))[0]


@pytest.fixture
def campaign(taxonomy):
    """An open campaign that wants five raters for each post."""
    from annotation import campaigns

    return campaigns.create(slug="feelings", taxonomy=taxonomy, raters_per_post=5)


@pytest.fixture
def judge(campaign, taxonomy):
    """Stores a judgement: `judge(campaign_post, "Ada Lovelace", "saddened", other="wistful")`."""
    from annotation.models import Judgement, Rater
    from taxonomy.rules import OTHER_BIT, mask_of

    def store(campaign_post, rater: str, *picks: str, other: str = "", **fields) -> Judgement:
        moment = START + timedelta(seconds=Judgement.objects.count())
        return Judgement.objects.create(
            campaign=campaign,
            campaign_post=campaign_post,
            rater=Rater.objects.get_or_create(key=rater)[0],
            picks=mask_of(picks, taxonomy.keys) | bool(other) << OTHER_BIT,
            other=other,
            **{"frame": "universal", "seconds": 4.5, "judged_at": moment, **fields},
        )

    return store


@pytest.fixture
def react():
    """Stores a signal: `react(campaign_post, "person-1", "like")`, and the person if new."""
    from signals.models import Person, Signal

    def store(campaign_post, person: str, kind: str, consented: bool = True) -> Signal:
        defaults = {"bio": "I like it here", "features": [1.5, None], "consented": consented}
        person, _ = Person.objects.get_or_create(key=person, defaults=defaults)
        return Signal.objects.create(
            person=person, post_id=campaign_post.post_id, kind=kind, at=START
        )

    return store


@pytest.fixture
def write(campaign, tmp_path):
    """Writes a snapshot: `write("votes>=3", "soft")`; returns its folder."""
    from snapshots import plans, snapshots

    def make(*rules: str, out: str = "snapshot", **arguments):
        plan = plans.make(name=arguments.pop("name", "feelings"), rules=rules, **arguments)
        folder = tmp_path / out
        snapshots.write(campaign=campaign, plan=plan, folder=folder, report=lambda share: None)
        return folder

    return make
