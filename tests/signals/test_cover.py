"""Posts that people of the platform reported are covered, where a campaign asks for it."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

from annotation import campaigns
from annotation.models import CampaignPost
from signals import signals, tasks
from signals.models import Person, Signal


@pytest.fixture
def posts(campaign, add_posts):
    campaign.cover_reported_from = 2
    campaign.save()
    return add_posts(campaign, "first", "second", "third")


@pytest.fixture
def act():
    """Somebody does something with a post: `act(campaign_post, "ann", "report")`."""

    def store(place: CampaignPost, person: str, kind: str, minute: int = 0) -> None:
        person, _ = Person.objects.get_or_create(key=person)
        at = datetime(2026, 11, 1, 9, minute, tzinfo=UTC)
        Signal.objects.create(person=person, post_id=place.post_id, kind=kind, at=at)

    return store


def covered(campaign) -> list[int]:
    found = campaign.campaign_posts.filter(sensitive=True).order_by("id")
    return list(found.values_list("id", flat=True))


def test_enough_different_people_cover_a_post(campaign, posts, act):
    first, second, third = posts
    act(first, "ann", "report")
    act(first, "bob", "hide")
    for minute in range(3):
        act(second, "ann", "report", minute)  # three times, but one person
    for person in ("ann", "bob", "cyd"):
        act(third, person, "sad")
        act(third, person, "angry")

    assert signals.cover(campaign=campaign) == 1
    assert covered(campaign) == [first.id]
    assert signals.cover(campaign=campaign) == 0


def test_a_campaign_that_does_not_ask_covers_nothing(campaign, taxonomy, posts, act):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    CampaignPost.objects.create(campaign=other, post=posts[0].post, wanted=1)
    for person in ("ann", "bob"):
        act(posts[0], person, "report")

    assert signals.cover_everywhere() == 1
    assert (covered(other), covered(campaign)) == ([], [posts[0].id])
    assert signals.cover(campaign=other) == 0


def test_nothing_is_ever_uncovered(campaign, posts, act):
    CampaignPost.objects.filter(id=posts[1].id).update(sensitive=True)
    for person in ("ann", "bob"):
        act(posts[0], person, "report")
    signals.cover(campaign=campaign)
    Signal.objects.all().delete()
    campaign.cover_reported_from = 5

    signals.cover(campaign=campaign)

    assert covered(campaign) == [posts[0].id, posts[1].id]


def test_an_import_covers_at_its_end_and_says_so(campaign, posts, tmp_path):
    file = tmp_path / "signals.csv"
    rows = [f"{who},{posts[0].post.key},report,2026-11-01T09:00:00Z" for who in ("ann", "bob")]
    file.write_text("\n".join(["person_id,post_id,kind,at", *rows]))

    told = []
    for _ in range(2):
        out = StringIO()
        call_command("import_signals", str(file), "--json", stdout=out, stderr=StringIO())
        told.append(json.loads(out.getvalue()))

    assert covered(campaign) == [posts[0].id]
    assert [each.get("covered") for each in told] == [1, None]


def test_the_beat_covers_what_a_setting_asks_for_later(campaign, posts, act):
    for person in ("ann", "bob"):
        act(posts[2], person, "hide")

    tasks.cover_reported()

    assert covered(campaign) == [posts[2].id]
    beat = settings.CELERY_BEAT_SCHEDULE["cover-reported"]
    assert import_string(beat["task"]) == tasks.cover_reported
