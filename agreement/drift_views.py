"""The pages on how agreement changes: week by week, and from one report to another."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from agreement import access, charted, comparing, drift_rows, figures, marks, queries, tasks
from agreement.access import Shown
from agreement.charted import affect_names
from agreement.drift_forms import CompareForm
from agreement.forms import OptionsForm, WaysForm
from agreement.options import Options
from annotation.access import get_campaign
from annotation.models import Campaign
from lib.permissions import engineer_required

#: So many of the newest stored reports can be chosen from.
MOST_REPORTS = 100


@engineer_required
def drift(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of each week, and what happened; while a worker computes, HTMX asks again."""
    campaign = get_campaign(slug)
    form = WaysForm(request.GET)
    if not form.is_valid():
        shown = {"campaign": campaign, "form": form}
        return render(request, "agreement/drift.html", shown, status=422)
    asked = {"campaign": campaign, "options": form.options, "created_by": request.user}
    found = tasks.show_weeks(**asked)
    shown = {"campaign": campaign, "form": form, "found": found, "query": form.options.query}
    if request.htmx:
        return _while_waiting(request, [found])
    happened = marks.all_of(campaign)
    shown["changes"] = [when for when, what in happened if what == marks.GUIDELINE]
    shown["compare"] = CompareForm(_stored(campaign))
    if found.report:
        drawn = charted.of_weeks(found.report, happened)
        shown["charts"] = charted.linked(drawn, slug, form.options.query, "weeks-chart")
        weeks = found.report.figures["weeks"]
        shown["rows"] = drift_rows.with_marks(weeks, happened)
        shown["alphas"] = drift_rows.by_affect(weeks, affect_names(campaign))
    return render(request, "agreement/drift.html", shown)


@engineer_required
@require_POST
def recompute(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks a worker for the weeks as of now."""
    campaign, form = get_campaign(slug), WaysForm(request.POST)
    options = form.options if form.is_valid() else Options()
    tasks.ask_for_weeks(campaign=campaign, options=options, created_by=request.user)
    return redirect("agreement:drift", slug)


@engineer_required
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two reports beside each other: any two stored ones, or those before and after a day."""
    campaign, form = get_campaign(slug), OptionsForm(request.GET)
    asked = CompareForm(_stored(campaign), request.GET)
    shown = {"campaign": campaign, "compare": asked}
    if not (form.is_valid() and asked.is_valid()):
        return render(request, "agreement/compare.html", shown, status=422)
    day = asked.cleaned_data["around"]
    if day:
        options = form.options
        found = tasks.show_around(
            campaign=campaign, day=day, options=options, created_by=request.user
        )
    else:
        ids = (asked.cleaned_data["older"], asked.cleaned_data["newer"])
        reports = [access.get_stored(campaign, report_id) for report_id in ids]
        found = [Shown(report, report) for report in reports]
    if request.htmx:
        return _while_waiting(request, found)
    shown |= {"found": next((each for each in found if each.is_queued), found[0]), "around": day}
    if all(each.report for each in found):
        beside = comparing.compare(*(each.report for each in found))
        parts = figures.compared_parts(beside, affect_names(campaign))
        shown["beside"] = {**beside, "parts": parts}
    return render(request, "agreement/compare.html", shown)


@engineer_required
@require_POST
def check_sums(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks a worker to prove the running sums equal to the judgements, and to mend them if not."""
    campaign = get_campaign(slug)
    tasks.check_sums_of.delay_on_commit(campaign.id)
    return redirect("agreement:sums", slug)


@engineer_required
def sums(request: HttpRequest, slug: str) -> HttpResponse:
    """What the last check of the running sums found."""
    campaign = get_campaign(slug)
    shown = {"campaign": campaign, "sums": queries.sums_of(campaign)}
    return render(request, "agreement/sums.html", shown)


def _stored(campaign: Campaign):
    return queries.stored_reports(campaign).defer("figures_json")[:MOST_REPORTS]


def _while_waiting(request: HttpRequest, found: list[Shown]) -> HttpResponse:
    if any(each.is_queued for each in found):
        return render(request, "agreement/_drift_waiting.html")
    return HttpResponseClientRefresh()
