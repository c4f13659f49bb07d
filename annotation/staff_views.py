"""The pages on which admins run campaigns; engineers may look."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from annotation import access, flags, queries
from annotation import campaigns as verbs
from annotation import overview as overviews
from annotation.errors import BadCampaign
from annotation.forms import AddRaterForm, CampaignForm
from annotation.models import Campaign, Flag
from annotation.staff_forms import SettingsForm
from annotation.views import signed_in
from lib.languages import speak_english
from lib.permissions import admin_required, is_engineer

#: Those at work last; the others are on the pages about raters.
SHOWN_MEMBERS = 20
#: Those that have waited longest.
SHOWN_FLAGS = 10


@signed_in
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's progress, raters and flags. A rater who comes here is shown to the desk."""
    campaign = access.get_campaign_of(request.user, slug)
    if not is_engineer(request.user):
        return redirect("annotation:judge", slug)
    speak_english(request)
    return _overview(request, campaign, AddRaterForm())


@admin_required
@require_POST
def add_rater(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = access.get_campaign(slug)
    form = AddRaterForm(request.POST)
    if not form.is_valid():
        return _overview(request, campaign, form)
    membership = verbs.add_rater(campaign=campaign, user=form.cleaned_data["username"])
    messages.success(request, f"{membership.rater} can judge here now.")
    return redirect("annotation:overview", slug)


@admin_required
@require_POST
def change_state(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = access.get_campaign(slug)
    verbs.change_state(campaign=campaign, state=request.POST.get("state", ""))
    return redirect("annotation:overview", slug)


@admin_required
@require_POST
def resolve_flag(request: HttpRequest, slug: str, flag_id: int) -> HttpResponse:
    flag = get_object_or_404(
        Flag.objects.select_related("campaign_post"),
        id=flag_id,
        campaign_post__campaign=access.get_campaign(slug),
    )
    decision = request.POST.get("post")
    flags.resolve(
        campaign_post=flag.campaign_post,
        withdraw=decision == "withdraw",
        cover=decision == "cover",
    )
    said = {"withdraw": "The post is withdrawn.", "cover": "The post stays, and is covered."}
    messages.success(request, said.get(decision, "The post stays."))
    return redirect("annotation:overview", slug)


@admin_required
def create_campaign(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None)
    if form.is_valid():
        try:
            campaign = verbs.create(**form.campaign())
        except BadCampaign as refused:
            form.refuse(refused.errors)
        else:
            return redirect("annotation:overview", campaign.slug)
    status = 422 if form.errors else 200
    return render(request, "annotation/create_campaign.html", {"form": form}, status=status)


@admin_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be changed of a campaign. Refused, everything stays as it was and on the page."""
    campaign = access.get_campaign(slug)
    form = SettingsForm.of(campaign, request.POST or None)
    if form.is_valid():
        try:
            verbs.change(campaign=campaign, **form.changes())
        except BadCampaign as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, "The settings are stored.")
            return redirect("annotation:settings", slug)
    shown = {"campaign": campaign, "form": form, "fixed": verbs.was_asked(campaign)}
    status = 422 if form.errors else 200
    return render(request, "annotation/settings.html", shown, status=status)


def _overview(request: HttpRequest, campaign: Campaign, form: AddRaterForm) -> HttpResponse:
    counted = queries.with_progress(Campaign.objects.filter(id=campaign.id))
    campaign = counted.select_related("taxonomy").get()
    members = queries.with_work(campaign.memberships.select_related("rater"))
    unresolved = queries.unresolved(Flag.objects.filter(campaign_post__campaign=campaign))
    flagged = unresolved.count()
    shown = {
        "campaign": campaign,
        "untouched": campaign.posts - campaign.done - campaign.begun,
        "pace": overviews.pace(campaign),
        "panels": overviews.panels(campaign),
        "members": campaign.memberships.count(),
        "memberships": members.order_by(F("last_judged_at").desc(nulls_last=True), "rater__key")[
            :SHOWN_MEMBERS
        ],
        "flags": unresolved[:SHOWN_FLAGS] if flagged else [],
        "flagged": flagged,
        "states": Campaign.State.choices,
        "form": form,
    }
    return render(request, "annotation/overview.html", shown, status=422 if form.errors else 200)
