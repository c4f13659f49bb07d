"""Where each step before the first post is taken."""

from django.urls import reverse

from annotation import access
from annotation.models import Membership
from joining.queries import asked_by
from joining.rules import TAKEN_IN_ORDER, Step

PAGES = {
    Step.CONSENT: "joining:consent",
    Step.GUIDELINE: "annotation:guideline",
    Step.QUIZ: "qualification:quiz",
    Step.FAILED: "joining:screened-out",
    Step.READY: "annotation:judge",
}


def address_of(step: Step, slug: str) -> str:
    """The page of the step."""
    if step is Step.STRATA:  # what raters say of themselves belongs to no campaign
        return reverse("joining:strata", query={"then": slug})
    # The guideline is there for everybody; as a step it has a button that leads on.
    query = {"step": ""} if step is Step.GUIDELINE else None
    return reverse(PAGES[step], args=[slug], query=query)


def place_of(step: Step, membership: Membership) -> tuple[int, int] | None:
    """Which of how many steps it is, while the rater is on the way to the first post."""
    if membership.admitted:
        return None
    asked = asked_by(membership.campaign)
    steps = [other for other in TAKEN_IN_ORDER if other in asked]
    return (steps.index(step) + 1, len(steps)) if step in asked else None


def membership_of(user, slug: str) -> Membership:
    """The user's own part in the campaign. Raises NotFound where there is none."""
    rater = access.get_rater_for(user)
    campaign = access.get_campaign_for(rater, slug)
    return Membership.objects.select_related("campaign", "rater").get(
        campaign=campaign, rater=rater
    )
