"""The pages on which admins make entrances, and see who came by them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from annotation import access
from joining import crowd_csv, crowd_queries, entrances
from joining.crowd_errors import BadEntrance
from joining.crowd_forms import EntranceForm, NewEntranceForm
from joining.crowd_links import link_of
from joining.models import Entrance
from lib.permissions import admin_required

PARTICIPANTS_A_PAGE = 100
#: A link goes further than one thinks: it lets in so many unless the admin says otherwise.
USUAL_PLACES = 100


@admin_required
def entrance_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All entrances of a campaign, and the form that makes one."""
    campaign = access.get_campaign(slug)
    form = NewEntranceForm(request.POST or None, initial={"places": USUAL_PLACES})
    if form.is_valid():
        try:
            entrance = entrances.make(campaign=campaign, **form.cleaned_data)
        except BadEntrance as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, f"“{entrance}” is open. Its link is below.")
            return redirect("joining:entrance", slug, entrance.id)
    shown = {
        "campaign": campaign,
        "entrances": crowd_queries.with_counts(campaign.entrances.select_related("campaign")),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "joining/crowd_entrances.html", shown, status=status)


@admin_required
def one_entrance(request: HttpRequest, slug: str, entrance_id: int) -> HttpResponse:
    """An entrance's link, its participants and their work, and what may be changed about it."""
    entrance = _entrance(slug, entrance_id)
    # The form has an entrance of its own: refused changes must not show up anywhere else.
    form = EntranceForm(request.POST or None, instance=_entrance(slug, entrance_id))
    if form.is_valid():
        try:
            entrances.change(entrance=entrance, **form.cleaned_data)
        except BadEntrance as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, "The changes are stored.")
            return redirect("joining:entrance", slug, entrance_id)
    came = crowd_queries.with_work(entrance.participants.all())
    shown = {
        "campaign": entrance.campaign,
        "entrance": entrance,
        "participants": Paginator(came, PARTICIPANTS_A_PAGE).get_page(request.GET.get("page")),
        "link": link_of(request, entrance),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "joining/crowd_entrance.html", shown, status=status)


@admin_required
@require_POST
def change_state(request: HttpRequest, slug: str, entrance_id: int) -> HttpResponse:
    """Opens the entrance or closes it to newcomers."""
    entrance = _entrance(slug, entrance_id)
    entrances.set_open(entrance=entrance, is_open=request.POST.get("state") == "open")
    return redirect("joining:entrance", slug, entrance_id)


@admin_required
def participants_csv(request: HttpRequest, slug: str, entrance_id: int) -> HttpResponse:
    """What it takes to approve and pay people on their platform, one row each."""
    entrance = _entrance(slug, entrance_id)
    response = StreamingHttpResponse(
        crowd_csv.lines(entrance), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{slug}-entrance-{entrance.id}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _entrance(slug: str, entrance_id: int) -> Entrance:
    entrances = crowd_queries.with_counts(access.get_campaign(slug).entrances.all())
    return get_object_or_404(entrances.select_related("campaign"), id=entrance_id)
