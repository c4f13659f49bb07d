"""The pages on which admins see how raters work, and act on it; engineers may look."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from agreement.charted import affect_names
from annotation import members
from annotation.access import get_campaign
from annotation.models import Campaign, Membership
from annotation.queries import still_counting
from lib.errors import PathosError
from lib.permissions import admin_required, engineer_required
from quality import access, details, queries, sorting, tables, tasks, text
from quality.forms import PauseForm, SetAsideForm

SHOWN_RATERS = 50


@engineer_required
def raters(request: HttpRequest, slug: str) -> HttpResponse:
    """All raters with their figures; while a worker computes these, HTMX asks again."""
    campaign = get_campaign(slug)
    found = access.get_table(campaign)
    if request.htmx:
        done = not found.is_asked
        shown = {"campaign": campaign, "found": found}
        return HttpResponseClientRefresh() if done else _part(request, "_waiting", shown)
    if found.is_stale:
        tasks.ask_for_table(campaign)
    shown = {"campaign": campaign, "found": found, "waits": found.is_asked or found.is_stale}
    return _part(request, "raters", shown | _rows(request, campaign, found.table))


@engineer_required
def raters_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same rows in the same order, each figure as it was computed; 404 while there are none."""
    table = access.get_table(get_campaign(slug)).table
    if table is None:
        raise Http404
    asked, only = request.GET.get("sort", sorting.USUAL), request.GET.get("only", "")
    rows = sorting.in_order(sorting.chosen(table.rows(), only), asked)
    return HttpResponse(
        "".join(text.csv(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-raters.csv"'},
    )


@engineer_required
@require_POST
def recompute(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks a worker for the table as of now."""
    tasks.ask_for_table(get_campaign(slug))
    return redirect("quality:raters", slug)


@engineer_required
def rater(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    membership = access.get_membership(get_campaign(slug), membership_id)
    return _rater(request, membership, SetAsideForm())


@admin_required
@require_POST
def pause(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    membership = access.get_membership(get_campaign(slug), membership_id)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _rater(request, membership, SetAsideForm(), form)
    members.pause(membership=membership, by=request.user, **form.cleaned_data)
    messages.success(request, f"{membership.rater} is paused, and is handed nothing new.")
    return _back(membership)


@admin_required
@require_POST
def resume(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    membership = access.get_membership(get_campaign(slug), membership_id)
    members.resume(membership=membership, by=request.user)
    messages.success(request, f"{membership.rater} can go on.")
    return _back(membership)


@admin_required
@require_POST
def set_aside(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    """Says first how much it would take; does it when that is confirmed."""
    membership = access.get_membership(get_campaign(slug), membership_id)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _rater(request, membership, form)
    if "confirmed" not in request.POST:
        return _confirm(request, membership, form)
    try:
        made = members.set_aside(membership=membership, by=request.user, **form.values())
    except PathosError as refused:
        form.add_error(None, refused.message)
        return _rater(request, membership, form)
    messages.success(
        request, f"{made.judgements:,} judgements by {membership.rater} are set aside."
    )
    return _back(membership)


@admin_required
@require_POST
def bring_back(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    membership = access.get_membership(get_campaign(slug), membership_id)
    undone = members.bring_back(membership=membership, by=request.user)
    messages.success(
        request, f"{undone.judgements:,} judgements by {membership.rater} count again."
    )
    return _back(membership)


def _rows(request: HttpRequest, campaign: Campaign, table: tables.Table | None) -> dict:
    if table is None:
        return {}
    asked, only = request.GET.get("sort", sorting.USUAL), request.GET.get("only", "")
    names, rows = affect_names(campaign), table.rows()
    for row in rows:
        row["most_biased_name"] = names.get(row["most_biased"], row["most_biased"])
    ordered = sorting.in_order(sorting.chosen(rows, only), asked)
    return {
        "crowd": table.crowd,
        "all": len(rows),
        "page": Paginator(ordered, SHOWN_RATERS).get_page(request.GET.get("page")),
        "heads": sorting.heads(asked, only),
        "choices": sorting.choices(rows, only, asked),
        "address": sorting.address(only=only, sort=asked),
    }


def _rater(
    request: HttpRequest,
    membership: Membership,
    set_aside_form: SetAsideForm,
    pause_form: PauseForm | None = None,
) -> HttpResponse:
    pause_form = pause_form or PauseForm()
    table = access.get_table(membership.campaign).table
    crowd = table and table.crowd
    figures, names = tables.of_one(membership, crowd), affect_names(membership.campaign)
    look = table.raters.get(membership.rater_id, {}).get("look", []) if table else []
    weeks = figures["weeks"]
    aside = queries.in_force(membership)
    shown = {
        "campaign": membership.campaign,
        "membership": membership,
        "figures": figures | {"look": look},
        "crowd": crowd,
        "bias": details.bias_rows(figures["bias"], names),
        "weeks": weeks,
        "most_seconds": max((week["seconds"] or 0.0 for week in weeks), default=0.0),
        "most_picks": max((week["picks"] for week in weeks), default=0.0),
        "gold": details.gold_rows(membership, names),
        "last": details.last_rows(membership, names),
        "history": details.history(membership),
        "aside": aside,
        "since": aside and still_counting(membership, aside.made_at).count(),
        "set_aside_form": set_aside_form,
        "pause_form": pause_form,
    }
    status = 422 if set_aside_form.errors or pause_form.errors else 200
    return render(request, "quality/rater.html", shown, status=status)


def _confirm(request: HttpRequest, membership: Membership, form: SetAsideForm) -> HttpResponse:
    values = form.values()
    taken = still_counting(membership, values["since"])
    shown = {
        "campaign": membership.campaign,
        "membership": membership,
        "form": form,
        "values": values,
        "judgements": taken.count(),
        "posts": taken.filter(gold_right=None).count(),
    }
    return _part(request, "confirm", shown)


def _part(request: HttpRequest, template: str, shown: dict) -> HttpResponse:
    return render(request, f"quality/{template}.html", shown)


def _back(membership: Membership) -> HttpResponse:
    return redirect("quality:rater", membership.campaign.slug, membership.id)
