"""The rater's pages."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation import access, cards, desk, guidelines, judgements, queries
from annotation.forms import AnswerForm
from annotation.models import Campaign, Judgement, Membership, Post
from lib.errors import Unprocessable
from lib.permissions import is_engineer
from taxonomy.rules import keys_of

RECENT = 10


def signed_in(view: Callable) -> Callable:
    """Strangers sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
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
def recent(request: HttpRequest, slug: str) -> HttpResponse:
    """The rater's last judgements in the campaign, each with a link to revise it."""
    rater = access.get_rater_for(request.user)
    campaign = access.get_campaign_for(rater, slug)
    judged = queries.latest_of(campaign, rater).select_related("campaign_post__post")
    latest = list(judged[:RECENT])
    for key, judgement in zip("1234567890", latest, strict=False):
        judgement.key, judgement.picked_affects = key, _picked(judgement)
    return render(request, "annotation/recent.html", {"campaign": campaign, "latest": latest})


@signed_in
def revise(request: HttpRequest, judgement_id: int) -> HttpResponse:
    """Shows a judged post again, and stores what the rater says of it now."""
    judgement = access.get_judgement_for(request.user, judgement_id)
    place = judgement.campaign_post
    shown = {"campaign": judgement.campaign, "post": place.post, "covered": place.sensitive}
    if request.method != "POST":
        said = {"picks": [affect.key for affect in _picked(judgement)], "other": judgement.other}
        return _revision(request, AnswerForm(initial=said), shown)
    form = AnswerForm(request.POST)
    try:
        judgements.revise(judgement=judgement, **form.answer())
    except Unprocessable as refused:
        return _revision(request, form, {**shown, "sentence": refused.message})
    messages.success(request, _("Your judgement is revised."))
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


def _revision(request: HttpRequest, form: AnswerForm, shown: dict) -> HttpResponse:
    status = 422 if "sentence" in shown else 200
    shown = shown | _card(shown["campaign"], form)
    return render(request, "annotation/revise.html", shown, status=status)


def _card(campaign: Campaign, form: AnswerForm) -> dict:
    groups = desk.groups_of(campaign.taxonomy_id, form.picked)
    return {"form": form, "groups": groups, "says": cards.says(campaign)}


def _picked(judgement: Judgement) -> list:
    affects = desk.affects_of(judgement.campaign.taxonomy_id)
    keys = set(keys_of(judgement.picks, [affect.key for affect in affects]))
    return [affect for affect in affects if affect.key in keys]
