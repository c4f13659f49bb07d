"""Why was this post asked? And the admin's hand on single posts: pin, let go, withdraw, put
back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotation.access import get_campaign
from annotation.campaigns import withdraw_post
from annotation.models import CampaignPost
from lib.errors import PathosError
from lib.permissions import admin_required, engineer_required
from routing import access, gained, pins, reasons, tasks
from routing.forms import PinForm

SHOWN_SCORES = 5


@engineer_required
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """From a post's own id to its page."""
    key = request.GET.get("key", "").strip()
    try:
        found = access.get_campaign_post(get_campaign(slug), post__key=key)
    except PathosError as unknown:
        messages.warning(request, unknown.message)
        return redirect("routing:rounds", slug)
    return redirect("routing:post", slug, found.id)


@engineer_required
def post(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    """Everything that rounds and admins decided about the post."""
    found = _find(slug, campaign_post_id)
    if gained.is_due(found.campaign):
        tasks.ring_for_gains(found.campaign)
    shown = {
        "campaign": found.campaign,
        "campaign_post": found,
        "reasons": _shortened(reasons.of_post(found)),
        "form": PinForm(),
    }
    return render(request, "routing/post.html", shown)


@admin_required
@require_POST
def pin(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    found, form = _find(slug, campaign_post_id), PinForm(request.POST)
    if form.is_valid():
        try:
            pins.pin(campaign_post=found, by=request.user, **form.cleaned_data)
        except PathosError as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(request, "The post is pinned: raters get it next.")
    return redirect("routing:post", slug, campaign_post_id)


@admin_required
@require_POST
def unpin(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    pins.unpin(campaign_post=_find(slug, campaign_post_id))
    messages.success(request, "The pin is taken out.")
    return redirect("routing:post", slug, campaign_post_id)


@admin_required
@require_POST
def withdraw(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    withdraw_post(campaign_post=_find(slug, campaign_post_id))
    messages.success(request, "The post is withdrawn: nobody is asked about it any more.")
    return redirect("routing:post", slug, campaign_post_id)


@admin_required
@require_POST
def put_back(request: HttpRequest, slug: str, campaign_post_id: int) -> HttpResponse:
    try:
        pins.put_back(campaign_post=_find(slug, campaign_post_id))
    except PathosError as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, "The post is back: raters are asked about it again.")
    return redirect("routing:post", slug, campaign_post_id)


def _find(slug: str, campaign_post_id: int) -> CampaignPost:
    return access.get_campaign_post(get_campaign(slug), id=campaign_post_id)


def _shortened(found: dict) -> dict:
    """With the highest scores only, as pairs."""
    rounds = [
        each | {"scores": list((each["scores"] or {}).items())[:SHOWN_SCORES]}
        for each in found["rounds"]
    ]
    return found | {"rounds": rounds}
