"""The verbs on single posts: pin one, so that it is asked next, whatever rounds draw; let it go
again; put one back that was withdrawn.

A pin is a priority above all that rounds write. A pinned post is in no pool, so it has no
propensity; judged, it stands for itself only.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from annotation import campaigns
from annotation.models import CampaignPost
from annotation.queries import queue
from routing import rules
from routing.errors import CannotPin
from routing.models import Pin
from routing.writing import BEGUN, OTHERS


@transaction.atomic
def pin(*, campaign_post: CampaignPost, by: AbstractBaseUser | None, reason: str = "") -> Pin:
    """Puts the post before all others. Pinning twice changes nothing. Raises CannotPin."""
    wanted = queue(CampaignPost.objects.filter(id=campaign_post.id)).order_by()
    if not wanted.update(priority=rules.PINNED):
        raise CannotPin
    made = {"made_by": by, "reason": reason.strip()}
    return Pin.objects.get_or_create(campaign_post=campaign_post, ended_at=None, defaults=made)[0]


@transaction.atomic
def unpin(*, campaign_post: CampaignPost) -> None:
    """The post waits like any other again; one that was begun is still finished first."""
    now = timezone.now()
    if Pin.objects.filter(campaign_post=campaign_post, ended_at=None).update(ended_at=now):
        _wait(CampaignPost.objects.filter(id=campaign_post.id, priority=rules.PINNED))


@transaction.atomic
def put_back(*, campaign_post: CampaignPost) -> None:
    """A withdrawn post waits like any other again: what rounds wanted of it before is forgotten, a
    pin is not. Raises GoldWithdrawn."""
    if campaigns.put_post_back(campaign_post=campaign_post):
        _wait(CampaignPost.objects.filter(id=campaign_post.id, priority__lt=rules.PINNED))


def _wait(place: QuerySet[CampaignPost]) -> None:
    """Behind all that is drawn, unless raters have begun the post."""
    place.filter(reserved=0).update(priority=OTHERS)
    place.filter(reserved__gt=0, reserved__lt=F("wanted")).update(priority=BEGUN)
