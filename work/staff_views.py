"""The pages on which admins see whose hours are to be paid."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from annotation.access import get_campaign
from lib.permissions import admin_required
from work import hours
from work.access import get_week

#: The file holds all; the page is for a look.
SHOWN_RATERS = 100


@admin_required
def hours_of_week(request: HttpRequest, slug: str) -> HttpResponse:
    """A week of the campaign: what each rater did, and the pay for it."""
    campaign, week = get_campaign(slug), get_week(request.GET.get("week"))
    lines = hours.lines_of(campaign, week)
    shown = {
        "campaign": campaign,
        "week": week,
        "this_week": get_week(None),
        "lines": lines,
        "page": Paginator(lines, SHOWN_RATERS).get_page(request.GET.get("page")),
        "address": f"?week={week}",
        "total": hours.total_of(campaign, week, lines),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "work/hours.html", shown)


@admin_required
def hours_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same week as CSV, a line for each rater."""
    campaign, week = get_campaign(slug), get_week(request.GET.get("week"))
    name = f"{slug}-{week}.csv"
    return HttpResponse(
        "".join(hours.as_csv(hours.lines_of(campaign, week))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
