"""The pages of people who come by an entrance: the way in, and the two ways out."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotation import access
from annotation.errors import NotAdmitted
from annotation.models import Membership
from annotation.views import signed_in
from joining import crowd_cookie, crowd_frame, crowd_queries, crowd_rules, entrances
from joining.crowd_errors import CannotEnter
from joining.crowd_rules import Ids
from joining.models import Entrance, Participant
from lib.errors import NotFound
from qualification import quizzes

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The front page of an entrance. Only "Begin" makes a participant: links get prefetched."""
    entrance = Entrance.objects.select_related("campaign__taxonomy").filter(token=token).first()
    if entrance is None:
        raise NotFound(_("There is no study at this link. Please open the whole link once more."))
    try:
        return _come(request, entrance)
    except CannotEnter as sorry:
        shown = {"heading": sorry.heading, "sentence": sorry.message}
        return render(request, "joining/crowd_sorry.html", shown, status=sorry.status)


@never_cache
@signed_in
def finished(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks and the completion code for those who are done; the others learn what is left."""
    membership = _membership_of(request, slug)
    participant = entrances.participant_of(membership)
    try:
        standing = entrances.standing(membership, participant)
    except NotAdmitted:
        return redirect("joining:next", slug)
    if standing == "under way":
        left = entrances.judgements_left(membership)
        return _way_out(request, "joining/crowd_unfinished.html", membership, left=left)
    if standing == "in vain":
        entrances.screen_out(participant=participant)
        return redirect("joining:screened-out", slug)
    if participant:
        entrances.finish(participant=participant)
    link = participant and _completion_link(participant)
    return _way_out(request, "joining/crowd_finished.html", membership, participant, link=link)


@never_cache
@signed_in
def screened_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks to those whose way ends before the first post, and the link back to their platform.

    A POST is a rater's own wish not to take part.
    """
    membership = _membership_of(request, slug)
    participant = entrances.participant_of(membership)
    if not _is_screened_out(request, membership, participant):
        return redirect("joining:next", slug)
    link = ""
    if participant:
        entrances.screen_out(participant=participant)
        url = participant.entrance.screen_out_url
        link = crowd_rules.fill(url, _ids_of(participant))
    return _way_out(request, "joining/crowd_screened_out.html", membership, participant, link=link)


def _come(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    if crowd_frame.is_framed(request, entrance):
        return crowd_frame.page(request, entrance)
    if crowd_rules.is_preview(entrance.kind, request.GET):
        return _front(request, entrance, preview=True)
    if not crowd_cookie.is_used(request, entrance):
        return _answer(request, entrance, crowd_rules.read_ids(entrance.kind, request.GET))
    ids = Ids(crowd_cookie.read(request, entrance))
    return crowd_cookie.write(_answer(request, entrance, ids), request, entrance, ids.participant)


def _answer(request: HttpRequest, entrance: Entrance, ids: Ids) -> HttpResponse:
    """The front page or, once "Begin" is pressed, the way to the first step.

    Nobody loses an account of their own by it unasked; to one that an entrance made, its link leads
    back.
    """
    someone_else = request.user.is_authenticated and not entrances.is_crowd_account(request.user)
    if request.method == "POST" and (not someone_else or "sign_out" in request.POST):
        participant = entrances.enter(entrance=entrance, ids=ids)
        # Ends whatever session there was, and starts one with a new key.
        login(request, participant.rater.user, backend=BACKEND)
        return redirect("joining:next", entrance.campaign.slug)
    participant = entrances.known(entrance, ids)
    if participant is None:
        entrances.check_takes_in(entrance, ids)
    returning = participant is not None and participant.rater.user == request.user
    status = 409 if request.method == "POST" else 200
    return _front(request, entrance, status=status, someone_else=someone_else, returning=returning)


def _front(request: HttpRequest, entrance: Entrance, status: int = 200, **shown) -> HttpResponse:
    campaign, quota = entrance.campaign, entrance.quota
    if quota:
        seconds = crowd_queries.seconds_each(campaign)
        shown["minutes"] = crowd_rules.minutes_for(quota, seconds)
    shown |= {"campaign": campaign, "entrance": entrance}
    return render(request, "joining/crowd_enter.html", shown, status=status)


def _membership_of(request: HttpRequest, slug: str) -> Membership:
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    return Membership.objects.select_related("campaign", "rater").get(
        campaign=campaign, rater=rater
    )


def _is_screened_out(
    request: HttpRequest, membership: Membership, participant: Participant | None
) -> bool:
    if request.method == "POST" and not membership.admitted:
        return True
    if participant and participant.screened_out_at:
        return True
    return quizzes.state_of(membership) == "failed"


def _completion_link(participant: Participant) -> str:
    entrance = participant.entrance
    return crowd_rules.completion_link(
        entrance.kind, entrance.completion_url, entrance.completion_code, _ids_of(participant)
    )


def _ids_of(participant: Participant) -> Ids:
    return Ids(participant.participant, participant.study, participant.session)


def _way_out(
    request: HttpRequest,
    template: str,
    membership: Membership,
    participant: Participant | None = None,
    **shown,
) -> HttpResponse:
    shown |= {
        "campaign": membership.campaign,
        "participant": participant,
        "platform": participant and crowd_rules.PLATFORMS.get(participant.entrance.kind),
    }
    return render(request, template, shown)
