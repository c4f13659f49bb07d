"""The rater's pages."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from annotation import access, assignments, desk, guidelines, judgements, queries
from annotation.errors import (
    AlreadyJudged,
    AssignmentClosed,
    CampaignNotOpen,
    KeyReused,
    LeaseEnded,
    MembershipPaused,
)
from annotation.forms import AnswerForm, FlagForm, SkipForm, SubmitForm
from annotation.models import Assignment, Campaign, Judgement, Membership, Post, Rater
from lib.errors import Unprocessable
from lib.permissions import is_engineer
from taxonomy.rules import keys_of

RECENT = 10
SIGNED_OUT = (
    "You are signed out. Your picks are still here: sign in in another tab, then submit again."
)


def signed_in(view: Callable) -> Callable:
    """Strangers sign in first. Where only a part of the page was asked for, the rest stays put."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.htmx:
            return HttpResponse(SIGNED_OUT, status=401, content_type="text/plain")
        return redirect_to_login(request.get_full_path())

    return guarded


@signed_in
def campaigns(request: HttpRequest) -> HttpResponse:
    """A rater's own campaigns; for admins and engineers all campaigns as well."""
    own = Membership.objects.filter(rater__user=request.user).select_related("campaign")
    every = queries.with_progress(Campaign.objects.all()) if is_engineer(request.user) else None
    shown = {"own": queries.with_work(own).order_by("-joined_at"), "every": every}
    return render(request, "annotation/campaigns.html", shown)


@signed_in
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk with the rater's next post on it."""
    rater = access.get_rater_for(request.user)
    return _next_post(request, access.get_campaign_for(rater, slug), rater)


@signed_in
def answer(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Stores the answer to a post. Refused answers come back with their picks and a sentence."""
    assignment = access.get_assignment_for(request.user, assignment_id)
    if request.method != "POST":
        return redirect("annotation:judge", assignment.campaign.slug)
    form = SubmitForm(request.POST)
    try:
        _store(assignment, form.answer())
    except Unprocessable as refused:
        return _desk(
            request, assignment.campaign, assignment.rater, assignment, form, refused=refused
        )
    except (LeaseEnded, AssignmentClosed) as over:
        messages.info(request, over.message)
    return _moved_on(request, assignment)


@signed_in
@require_POST
def skip(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The rater declines the post and gets the next one."""
    assignment = access.get_assignment_for(request.user, assignment_id)
    form = SkipForm(request.POST)
    try:
        assignments.skip(assignment=assignment, reason=form.sentence())
    except (Unprocessable, LeaseEnded, AssignmentClosed) as over:
        messages.info(request, over.message)
    return _moved_on(request, assignment)


@signed_in
@require_POST
def flag(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The rater reports the post, which stays on the desk with all picks made so far."""
    assignment = access.get_assignment_for(request.user, assignment_id)
    form = FlagForm(request.POST)
    assignments.flag(assignment=assignment, reason=form.sentence())
    if request.htmx:
        return render(request, "annotation/_flagged.html")
    messages.success(request, "Thank you, an admin will look at this post.")
    return redirect("annotation:judge", assignment.campaign.slug)


@signed_in
def recent(request: HttpRequest, slug: str) -> HttpResponse:
    """The rater's last judgements in the campaign, each with a link to revise it."""
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    judged = campaign.judgements.filter(rater=rater).select_related("campaign_post__post")
    latest = list(judged.order_by("-judged_at")[:RECENT])
    for judgement in latest:
        judgement.picked_affects = _picked(judgement)
    return render(request, "annotation/recent.html", {"campaign": campaign, "latest": latest})


@signed_in
def revise(request: HttpRequest, judgement_id: int) -> HttpResponse:
    """Shows a judged post again, and stores what the rater says of it now."""
    judgement = access.get_judgement_for(request.user, judgement_id)
    shown = {"campaign": judgement.campaign, "post": judgement.campaign_post.post}
    if request.method != "POST":
        said = {"picks": [affect.key for affect in _picked(judgement)], "other": judgement.other}
        return _revision(request, AnswerForm(initial=said), shown)
    form = AnswerForm(request.POST)
    try:
        judgements.revise(judgement=judgement, **form.answer())
    except Unprocessable as refused:
        return _revision(request, form, {**shown, "sentence": refused.message})
    messages.success(request, "Your judgement is revised.")
    return redirect("annotation:recent", judgement.campaign.slug)


@signed_in
def guideline(request: HttpRequest, slug: str) -> HttpResponse:
    """What the campaign asks, each affect with worked examples, and what is easily confused.

    With `?step=1` it is one of the steps before the first post, and can be said to be read.
    """
    campaign = access.get_campaign_of(request.user, slug)
    explained = guidelines.of(campaign.taxonomy, get_language() or "")
    shown = {"campaign": campaign, "guideline": explained, "is_step": "step" in request.GET}
    return render(request, "annotation/guideline.html", shown)


@signed_in
def post_image(request: HttpRequest, post_id: int) -> FileResponse:
    """The picture of a post, for people with a part in one of its campaigns."""
    posts = Post.objects.all()
    if not is_engineer(request.user):
        posts = queries.shown_to(posts, access.get_rater_for(request.user))
    post = get_object_or_404(posts, id=post_id)
    path = settings.MEDIA_ROOT / post.image
    if not post.image or not path.is_file():
        raise Http404("This post has no image.")
    response = FileResponse(path.open("rb"))
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _store(assignment: Assignment, said: dict) -> Judgement:
    """Submits; where an earlier try has arrived after all, what is on the screen now counts."""
    try:
        return judgements.submit(assignment=assignment, **said)
    except (AlreadyJudged, KeyReused):
        judgement = Judgement.objects.filter(assignment=assignment).first()
        if judgement is None:
            raise
        said.pop("idempotency_key")
        return judgements.revise(judgement=judgement, **said)


def _moved_on(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    if request.htmx:
        return _next_post(request, assignment.campaign, assignment.rater)
    return redirect("annotation:judge", assignment.campaign.slug)


def _next_post(request: HttpRequest, campaign: Campaign, rater: Rater) -> HttpResponse:
    try:
        held = assignments.claim(campaign=campaign, rater=rater)
    except (CampaignNotOpen, MembershipPaused) as pause:
        return _desk(request, campaign, rater, pause=pause)
    return _desk(request, campaign, rater, held[0] if held else None, SubmitForm())


def _desk(
    request: HttpRequest,
    campaign: Campaign,
    rater: Rater,
    assignment: Assignment | None = None,
    form: SubmitForm | None = None,
    *,
    refused: Unprocessable | None = None,
    pause: Exception | None = None,
) -> HttpResponse:
    """The whole page, or for htmx only the desk on it."""
    shown = {
        "campaign": campaign,
        "assignment": assignment,
        "judged_today": queries.of_today(campaign.judgements.filter(rater=rater)).count(),
        "sentence": refused and refused.message,
        "pause": pause,
    }
    if assignment:
        shown |= _card(campaign, form) | {
            "post": assignment.campaign_post.post,
            "skip_form": SkipForm(),
            "flag_form": FlagForm(),
        }
    template = "annotation/_desk.html" if request.htmx else "annotation/judge.html"
    return render(request, template, shown, status=refused.status if refused else 200)


def _revision(request: HttpRequest, form: AnswerForm, shown: dict) -> HttpResponse:
    status = 422 if "sentence" in shown else 200
    shown = shown | _card(shown["campaign"], form)
    return render(request, "annotation/revise.html", shown, status=status)


def _card(campaign: Campaign, form: AnswerForm) -> dict:
    return {"form": form, "groups": desk.groups_of(campaign.taxonomy_id, form.picked)}


def _picked(judgement: Judgement) -> list:
    affects = desk.affects_of(judgement.campaign.taxonomy_id)
    keys = set(keys_of(judgement.picks, [affect.key for affect in affects]))
    return [affect for affect in affects if affect.key in keys]
