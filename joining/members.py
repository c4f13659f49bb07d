"""The verbs on members: which step is theirs, and when they are let to the posts.

Whoever changes what a campaign asks for and whoever is let in take turns behind the campaign's row:
nobody slips past a step that is added at that moment. (Judging doesn't wait for that lock.)
"""

from django.db import transaction
from django.db.models import Q

from annotation.models import Campaign, Membership
from joining import queries, spreads
from joining.models import GuidelineReading
from joining.rules import Step, first_step
from qualification import quizzes


def next_step(membership: Membership) -> Step:
    """The first step that the member has yet to take; READY when none is left."""
    campaign = membership.campaign
    done = queries.done_by(queries.with_steps(campaign).get(id=membership.id))
    quiz = quizzes.state_of(membership)
    if quiz in ("none", "passed"):
        done.add(Step.QUIZ)
    return first_step(queries.asked_by(campaign), done, failed=quiz == "failed")


@transaction.atomic
def admit(*, membership: Membership) -> Step:
    """Lets the member to the posts if no step is left, and says which one is next otherwise."""
    hold(membership.campaign)
    step = next_step(membership)
    if step is Step.READY:
        admitted = Membership.objects.filter(id=membership.id)
        admitted.update(admitted=True)
        spreads.note(memberships=admitted)
    return step


@transaction.atomic
def ask_again(*, campaign: Campaign) -> None:
    """After a change of what the campaign asks for: who lacks a step takes it before the next post,
    and who was waiting at one that is gone is let in. Posts that raters hold may still be judged.
    """
    hold(campaign)
    asked = queries.asked_by(campaign)
    Campaign.objects.filter(id=campaign.id).update(entry_required=bool(asked))
    lacking = Q(pk__in=[])
    for step in asked:
        lacking |= Q(**{queries.DONE[step]: False})
    members = queries.with_steps(campaign)
    short = list(members.filter(lacking).values_list("id", flat=True))
    campaign.memberships.filter(id__in=short, admitted=True).update(admitted=False)
    campaign.memberships.filter(admitted=False).exclude(id__in=short).update(admitted=True)
    spreads.note(memberships=campaign.memberships.all())


def note_guideline_read(*, membership: Membership) -> None:
    """The member says that the guideline is read. Saying it twice changes nothing."""
    GuidelineReading.objects.get_or_create(membership=membership)


def hold(campaign: Campaign) -> None:
    """Waits for whoever else is changing what the campaign asks for, until the transaction ends."""
    Campaign.objects.select_for_update(no_key=True).get(id=campaign.id)
