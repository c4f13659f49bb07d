"""The desk: the rater's next post, and what they say about it.

Each address answers a page to a form and JSON to the page's script, which fetches posts ahead and
sends answers when it can (static/rater/). Both go through the same verbs.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from annotation import access, assignments, cards, desk, judgements, members, queries
from annotation.errors import (
    AlreadyJudged,
    AssignmentClosed,
    KeyReused,
    LeaseEnded,
    OtherRater,
    PostWithdrawn,
)
from annotation.forms import FlagForm, SkipForm, SubmitForm, TurnForm
from annotation.models import Assignment, Campaign, Judgement, Membership, Rater
from annotation.views import signed_in
from lib.errors import PathosError, Unprocessable

#: What desk.js imports, so that the browser fetches all of it at once.
MODULES = [
    f"rater/{name}.js"
    for name in (
        "page", "picks", "keys", "clock", "outbox", "sender", "deck", "rest", "zoom",
    )
]  # fmt: skip
OVER = (LeaseEnded, AssignmentClosed, PostWithdrawn)


def is_script(request: HttpRequest) -> bool:
    """Whether the page's script asks, which takes JSON."""
    return request.headers.get("Accept") == "application/json"


def for_script(view: Callable) -> Callable:
    """To the page's script every refusal is JSON: a code, and a sentence for the rater.

    The script names the rater whose answer it sends. Somebody else may have signed in since.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_script(request):
            return signed_in(view)(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return JsonResponse({"code": "signed_out"}, status=401)
        try:
            if str(access.get_rater_for(request.user).id) != request.POST.get("rater"):
                raise OtherRater
            return view(request, *args, **kwargs)
        except PathosError as error:
            return _refused(error)

    return guarded


@signed_in
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk with the rater's next post on it. Whoever isn't admitted yet is led there."""
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    held, why = cards.claim(campaign, rater)
    if why and why.code == "not_admitted":
        return redirect("joining:next", slug)
    return _page(request, campaign, rater, None if why or not held else held[0], why=why)


@for_script
@require_POST
def ahead(request: HttpRequest, slug: str) -> HttpResponse:
    """For the script alone: the posts that it lacks, whatever was said so far."""
    rater = access.get_rater_for(request.user)
    return _turn(request, access.get_campaign_for(rater, slug), rater)


@for_script
def answer(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Stores the answer to a post. Refused answers come back with their picks and a sentence."""
    assignment = access.get_assignment_for(request.user, assignment_id)
    if request.method != "POST":
        return redirect("annotation:judge", assignment.campaign.slug)
    form = SubmitForm(request.POST)
    try:
        _store(assignment, form.answer())
    except OVER as over:
        assignments.note_time(assignment=assignment, seconds=form.cleaned_data["seconds"])
        return _moved_on(request, assignment, over)
    except Unprocessable as refused:
        if is_script(request):
            return _refused(refused, card=cards.card(assignment))
        return _page(request, assignment.campaign, assignment.rater, assignment, form, refused)
    if is_script(request):
        word = cards.word(assignment.campaign, assignment.rater)
        return _turn(request, assignment.campaign, assignment.rater, word=word)
    return _moved_on(request, assignment)


@for_script
@require_POST
def skip(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The rater declines the post and gets the next one."""
    assignment = access.get_assignment_for(request.user, assignment_id)
    form = SkipForm(request.POST)
    try:
        assignments.skip(assignment=assignment, reason=form.sentence(), seconds=form.seconds())
    except (Unprocessable, *OVER) as over:
        return _moved_on(request, assignment, over)
    return _moved_on(request, assignment)


@for_script
@require_POST
def flag(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The rater reports the post, which stays on the desk with all picks made so far."""
    assignment = access.get_assignment_for(request.user, assignment_id)
    assignments.flag(assignment=assignment, reason=FlagForm(request.POST).sentence())
    if is_script(request):
        return _turn(request, assignment.campaign, assignment.rater)
    messages.success(request, _("Thank you, an admin will look at this post."))
    return redirect("annotation:judge", assignment.campaign.slug)


@signed_in
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    """Enough for today: what the rater holds goes back to the others. GET only says good-bye."""
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    if request.method == "POST":
        assignments.give_back(campaign=campaign, rater=rater)
        return redirect("annotation:stop", slug)
    judged = queries.of_today(queries.latest_of(campaign, rater)).count()
    return render(request, "annotation/stop.html", {"campaign": campaign, "judged_today": judged})


@signed_in
@require_POST
def spare(request: HttpRequest, slug: str) -> HttpResponse:
    """The rater wants no posts that may be upsetting, or thinks again."""
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    spared = request.POST.get("spared") == "1"
    members.spare(membership=Membership.objects.get(campaign=campaign, rater=rater), spared=spared)
    messages.success(
        request,
        _("You get no posts any more that may be upsetting.")
        if spared
        else _("You get all kinds of posts again; those that may be upsetting are covered."),
    )
    return redirect("annotation:judge", slug)


def _store(assignment: Assignment, said: dict) -> Judgement:
    """Submits; where an earlier try has arrived after all, what was said last counts."""
    try:
        return judgements.submit(assignment=assignment, **said)
    except (AlreadyJudged, KeyReused):
        judgement = Judgement.objects.filter(assignment=assignment).first()
        if judgement is None:
            raise
        said_at = timezone.now() - timedelta(seconds=said["waited"])
        if judgement.judged_at > said_at:  # on another page, while this answer was on its way
            return judgement
        again = {name: said[name] for name in ("picks", "other", "seconds")}
        return judgements.revise(judgement=judgement, **again)


def _moved_on(
    request: HttpRequest, assignment: Assignment, over: PathosError | None = None
) -> HttpResponse:
    """On to the next post; `over` says why nothing was stored for this one."""
    if is_script(request):
        return _turn(request, assignment.campaign, assignment.rater, over)
    if over:
        messages.info(request, over.message)
    return redirect("annotation:judge", assignment.campaign.slug)


def _turn(
    request: HttpRequest,
    campaign: Campaign,
    rater: Rater,
    over: PathosError | None = None,
    word: str = "",
) -> JsonResponse:
    """What the script goes on with; the status tells whether the answer was stored."""
    turn = cards.turn(request, campaign, rater, **TurnForm(request.POST).wishes()) | {"word": word}
    return _refused(over, **turn) if over else JsonResponse(turn)


def _refused(error: PathosError, **more) -> JsonResponse:
    return JsonResponse(
        {"code": error.code, "sentence": error.message, **more}, status=error.status
    )


def _page(
    request: HttpRequest,
    campaign: Campaign,
    rater: Rater,
    assignment: Assignment | None = None,
    form: SubmitForm | None = None,
    refused: PathosError | None = None,
    why: PathosError | None = None,
) -> HttpResponse:
    """The whole desk. `why` says why there is no post on it."""
    form = form or SubmitForm()
    shown = {
        "campaign": campaign,
        "rater": rater,
        "judged_today": cards.judged_today(campaign, rater),
        "over": None if assignment else cards.over(campaign, rater, why),
        "says": cards.says(campaign),
        "ahead": cards.AHEAD,
        "modules": MODULES,
        "form": form,
        "groups": desk.groups_of(campaign.taxonomy_id, form.picked),
        "sentence": refused and refused.message,
        "skip_form": SkipForm(),
        "flag_form": FlagForm(),
    }
    if assignment:
        place = assignment.campaign_post
        shown |= {
            "assignment": assignment,
            "post": place.post,
            "covered": place.sensitive,
            "spares": True,
        }
    status = refused.status if refused else 200
    return render(request, "annotation/judge.html", shown, status=status)
