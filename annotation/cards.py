"""What the desk's script goes on with: posts as cards, what is held, and what to say meanwhile."""

from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation import assignments, queries
from annotation.care import REMEMBERED, Answer, word_on
from annotation.errors import CampaignNotOpen, MembershipPaused, NotAdmitted
from annotation.models import Assignment, Campaign, Membership, Rater
from lib.errors import PathosError

#: Posts fetched ahead of the one on the desk, so that a submit waits for nothing.
AHEAD = 2
#: How many answers can wait in the browser and be counted in words; more are "more".
COUNTED = 9


def claim(
    campaign: Campaign, rater: Rater, count: int = 1
) -> tuple[list[Assignment], PathosError | None]:
    """What the rater holds, topped up to `count`, or why it can't be: it may still be answered."""
    try:
        return assignments.claim(campaign=campaign, rater=rater, count=count), None
    except (CampaignNotOpen, MembershipPaused, NotAdmitted) as why:
        return list(assignments.live(campaign, rater)[:count]), why


def turn(
    request: HttpRequest, campaign: Campaign, rater: Rater, *, have: Collection[int], hold: int
) -> dict:
    """The script's next turn.

    have   assignments whose cards the page has already
    hold   how many posts it wants to hold

    The status of today comes along, and, when there is nothing to hold, why.
    """
    held, why = claim(campaign, rater, hold)
    return {
        "today": judged_today(campaign, rater),
        "held": [assignment.id for assignment in held],
        "cards": [card(assignment) for assignment in held if assignment.id not in have],
        "over": "" if held else _panel(request, campaign, over(campaign, rater, why)),
    }


def card(assignment: Assignment) -> dict:
    """A post as it lies on the desk. Nothing in it tells gold from other posts."""
    html = render_to_string("annotation/_post.html", of(assignment))
    return {"id": assignment.id, "html": html}


def of(assignment: Assignment) -> dict:
    """What the template of a card shows, covered where the campaign or a signal asks for it."""
    place = assignment.campaign_post
    return {"post": place.post, "covered": place.sensitive, "spares": True}


def over(campaign: Campaign, rater: Rater, why: PathosError | None) -> dict:
    """Why there is no post on the desk: `code`, and the sentence of a pause."""
    if why:
        return {"code": why.code, "sentence": why.message}
    if queries.has_done_today(campaign, rater):
        return {"code": "done_for_today"}
    membership = Membership.objects.get(campaign=campaign, rater=rater)
    if membership.quota is None:
        return {"code": "nothing_left"}
    judged = campaign.judgements.filter(rater=rater).count()
    return {"code": "quota_reached" if judged >= membership.quota else "nothing_left"}


def judged_today(campaign: Campaign, rater: Rater) -> str:
    number = queries.of_today(queries.latest_of(campaign, rater)).count()
    return ngettext("{number} judged today", "{number} judged today", number).format(number=number)


def word(campaign: Campaign, rater: Rater) -> str:
    """What is to be said to the rater, now that one more answer is stored; mostly nothing."""
    latest = queries.latest_of(campaign, rater).values_list("picks", "other", "seconds")
    return word_on([Answer(*answer) for answer in latest[:REMEMBERED]])


def says(campaign: Campaign) -> dict:
    """The sentences that the script says by itself, in the rater's language."""
    return {
        "kept": [_waiting(number) for number in range(COUNTED + 1)],
        "offline": _("No connection at the moment. Everything is kept in this browser."),
        "server": _(
            "The server does not answer at the moment. Everything is kept in this browser."
        ),
        "signed_out": _("You are signed out. Everything is kept in this browser."),
        "other_rater": _("Somebody else is signed in. Your answers are sent when you are back."),
        "memory": _("This browser keeps nothing: please leave this page open until all is sent."),
        "least": ngettext(
            "Please pick at least one, or skip the post.",
            "Please pick at least {number}, or skip the post.",
            campaign.min_picks,
        ).format(number=campaign.min_picks),
        "most": _("Up to {number} count. First take one away: {names}."),
        "picked": _("{number} picked"),
        "picked_of": _("{number} of {most} picked"),
        "other": _("Other"),
        "flagged": _("Thank you, an admin will look at this post. You can still judge or skip it."),
        "gone": _("This post went back to the queue meanwhile. Here is the next one."),
    }


def _waiting(number: int) -> str:
    return ngettext(
        "{number} answer waiting to be sent", "{number} answers waiting to be sent", number
    ).format(number=f"{number}+" if number == COUNTED else number)


def _panel(request: HttpRequest, campaign: Campaign, why: dict) -> str:
    return render_to_string("annotation/_over.html", {"campaign": campaign, "over": why}, request)
