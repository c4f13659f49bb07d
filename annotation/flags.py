"""The verb on flags: an admin has looked at the post."""

from django.db import transaction
from django.utils import timezone

from annotation import campaigns
from annotation.models import CampaignPost, Flag


@transaction.atomic
def resolve(*, campaign_post: CampaignPost, withdraw: bool = False, cover: bool = False) -> None:
    """Closes all open flags of the post, which stays as it is, is covered, or is asked no more."""
    open_flags = Flag.objects.filter(campaign_post=campaign_post, resolved_at=None)
    open_flags.update(resolved_at=timezone.now())
    if cover:
        CampaignPost.objects.filter(id=campaign_post.id).update(sensitive=True)
    if withdraw:
        campaigns.withdraw_post(campaign_post=campaign_post)
