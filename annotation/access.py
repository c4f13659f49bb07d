"""Asking is allowed or it is a 404: look-ups that no door can forget to guard."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from annotation.errors import NotYours, UnknownCampaign
from annotation.models import Assignment, Campaign, CampaignPost, Judgement, Post, Rater
from lib.errors import NotFound
from lib.permissions import is_engineer
from lib.prepared import Joined, rows

HELD_PARTS = {
    "assignment": (Assignment, "offered_at", "closed_at"),
    "campaign_post": CampaignPost,
    "post": (Post, "metadata", "content_hash", "created_at", "imported_at"),
    "campaign": (Campaign, "guideline", "support_text", "created_at"),
    "rater": (Rater, "created_at", "left_at"),
}
HELD = Joined(**HELD_PARTS)
HELD_TABLES = """
annotation_assignment AS assignment
JOIN annotation_campaignpost AS campaign_post ON campaign_post.id = assignment.campaign_post_id
JOIN annotation_post AS post ON post.id = campaign_post.post_id
JOIN annotation_campaign AS campaign ON campaign.id = assignment.campaign_id
JOIN annotation_rater AS rater ON rater.id = assignment.rater_id
"""
ASSIGNMENT_OF = f"""
SELECT {HELD.columns} FROM {HELD_TABLES}
WHERE assignment.id = %(assignment)s AND rater.user_id = %(user)s
"""


def get_rater_for(user: AbstractBaseUser) -> Rater:
    """The rater behind an account. Raises NotFound for people who don't judge."""
    rater = Rater.objects.filter(user_id=user.pk).first()
    if rater is None:
        raise NotFound(_("This account is not a rater’s. Ask an admin to add it to a campaign."))
    return rater


def get_campaign(slug: str) -> Campaign:
    """The campaign by its slug, for commands and for staff. Raises UnknownCampaign."""
    campaign = Campaign.objects.select_related("taxonomy").filter(slug=slug).first()
    if campaign is None:
        raise UnknownCampaign(slug, list(Campaign.objects.values_list("slug", flat=True)[:20]))
    return campaign


def get_campaign_of(user: AbstractBaseUser, slug: str) -> Campaign:
    """A campaign that this user may see: admins and engineers all, raters their own."""
    if is_engineer(user):
        return get_campaign(slug)
    return get_campaign_for(get_rater_for(user), slug)


def get_campaign_for(rater: Rater, slug: str) -> Campaign:
    """A campaign in which the rater has a part. Anything else doesn't exist for them."""
    campaign = (
        Campaign.objects.select_related("taxonomy")
        .filter(slug=slug, memberships__rater=rater)
        .first()
    )
    if campaign is None:
        raise NotFound(_("There is no campaign “{slug}” among yours.").format(slug=slug))
    return campaign


def get_assignment_for(user: AbstractBaseUser, assignment_id: int) -> Assignment:
    """One of the user's own assignments, with its campaign. A stranger's doesn't exist for them."""
    found = rows(ASSIGNMENT_OF, {"user": user.pk, "assignment": assignment_id})
    if not found:
        raise NotYours
    return together(*HELD.read(found[0]))


def together(
    assignment: Assignment, place: CampaignPost, post: Post, campaign: Campaign, rater: Rater
) -> Assignment:
    """The assignment with all that belongs to it."""
    assignment.campaign, assignment.rater, assignment.campaign_post = campaign, rater, place
    place.post = post
    return assignment


def get_judgement_for(user: AbstractBaseUser, judgement_id: int) -> Judgement:
    """One of the user's own judgements, with its campaign."""
    judgement = (
        Judgement.objects.select_related("campaign", "campaign_post__post")
        .filter(id=judgement_id, rater__user_id=user.pk)
        .first()
    )
    if judgement is None:
        raise NotFound(_("There is no such judgement among yours."))
    return judgement
