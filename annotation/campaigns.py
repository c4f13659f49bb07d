"""The verbs on campaigns: create one, add posts and raters, change its state."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotation import assignments
from annotation.errors import BadCampaign
from annotation.models import Campaign, CampaignPost, Membership, Rater
from taxonomy import taxonomies
from taxonomy.models import Taxonomy


def create(
    *,
    slug: str,
    taxonomy: Taxonomy,
    name: str = "",
    raters_per_post: int = 5,
    max_picks: int | None = None,
    any_number_of_picks: bool = False,
    frame: str = Campaign.Frame.UNIVERSAL,
    guideline: str = "",
    lease_seconds: int = 30 * 60,
) -> Campaign:
    """A new campaign; from here on its taxonomy is frozen.

    `max_picks=None` takes the taxonomy's own limit; `any_number_of_picks` lifts it.
    Raises BadCampaign with the fields that don't fit.
    """
    campaign = Campaign(
        slug=slug,
        name=name or slug.replace("-", " ").replace("_", " ").capitalize(),
        taxonomy=taxonomy,
        raters_per_post=raters_per_post,
        min_picks=taxonomy.min_picks,
        max_picks=None if any_number_of_picks else max_picks or taxonomy.max_picks,
        frame=frame,
        guideline=guideline,
        lease_seconds=lease_seconds,
    )
    try:
        campaign.full_clean()
    except ValidationError as error:
        raise _bad_campaign(slug, error) from error
    try:
        with transaction.atomic():
            campaign.save()
            taxonomies.freeze(taxonomy=taxonomy)
    except IntegrityError:  # somebody took the slug since it was checked
        raise BadCampaign(f"The campaign '{slug}' was made by somebody else just now.") from None
    return campaign


def add_rater(*, campaign: Campaign, user: AbstractBaseUser) -> Membership:
    """Gives the account a part in the campaign. Adding twice changes nothing.

    Where the campaign asks for more than a name, the rater first takes those steps.
    """
    rater, _ = Rater.objects.get_or_create(user=user, defaults={"key": user.get_username()})
    membership, _ = Membership.objects.get_or_create(
        campaign=campaign, rater=rater, defaults={"admitted": not campaign.entry_required}
    )
    return membership


def change_state(*, campaign: Campaign, state: str) -> None:
    """Opens, pauses or closes the campaign. What raters hold may still be judged."""
    if state not in Campaign.State.values:
        raise BadCampaign(f"A campaign can be {', '.join(Campaign.State.values)}; not '{state}'.")
    Campaign.objects.filter(id=campaign.id).update(state=state)


@transaction.atomic
def withdraw_post(*, campaign_post: CampaignPost) -> None:
    """The post is asked no more, not even of those who hold it. Judgements it already has stay."""
    CampaignPost.objects.filter(id=campaign_post.id).update(state=CampaignPost.State.WITHDRAWN)
    assignments.give_back_post(campaign_post=campaign_post)


def _bad_campaign(slug: str, error: ValidationError) -> BadCampaign:
    faults = [
        {"where": field, "what": " ".join(messages)}
        for field, messages in error.message_dict.items()
    ]
    shown = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
    return BadCampaign(f"The campaign '{slug}' can't be made: {shown}", errors=faults)
