"""The verbs on pins: ask a post next, whatever rounds draw, and let it go again.

A pin is a priority above all that rounds write. A pinned post is in no pool, so it has no
propensity; judged, it stands for itself only.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotation.models import CampaignPost
from annotation.queries import queue
from routing import rules
from routing.errors import CannotPin
from routing.models import Pin
from routing.writing import BEGUN


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
        place = CampaignPost.objects.filter(id=campaign_post.id, priority=rules.PINNED)
        place.filter(reserved=0).update(priority=0)
        place.filter(reserved__gt=0, reserved__lt=F("wanted")).update(priority=BEGUN)
