"""The page on which admins and engineers see whether their labels can be trusted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from agreement import access, charted, figures, tasks, text
from agreement.charted import affect_names, linked
from agreement.forms import OptionsForm
from agreement.kept import Kept
from agreement.options import Options
from annotation.access import get_campaign
from annotation.models import Campaign
from lib.permissions import engineer_required


@engineer_required
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures under the options in the address; while a worker computes, HTMX asks again."""
    campaign = get_campaign(slug)
    form = OptionsForm(request.GET)
    if not form.is_valid():
        shown = {"campaign": campaign, "form": form}
        return render(request, "agreement/report.html", shown, status=422)
    asked = {"campaign": campaign, "options": form.options, "created_by": request.user}
    found = tasks.show_report(**asked)
    shown = {"campaign": campaign, "form": form, "found": found, "query": form.options.query}
    if request.htmx:
        return _while_waiting(request, shown)
    if found.report:
        as_corrected = "corrected" in request.GET
        over = request.GET.get("over")
        names = affect_names(campaign)
        shown |= _tables(found.report.figures, names, over, as_corrected=as_corrected)
        shown |= _charts(found.report, names, shown, request.GET.urlencode())
        shown |= _beside_all(campaign, form.options, shown["figures"], names)
    return render(request, "agreement/report.html", shown)


@engineer_required
@require_POST
def recompute(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks a worker for a new report under the same options."""
    campaign = get_campaign(slug)
    form = OptionsForm(request.POST)
    address = reverse("agreement:report", args=[slug])
    if not form.is_valid():
        return redirect(address)
    tasks.ask_for_report(campaign=campaign, options=form.options, created_by=request.user)
    return redirect(f"{address}?{form.options.query}")


def _while_waiting(request: HttpRequest, shown: dict) -> HttpResponse:
    if shown["found"].is_queued:
        return render(request, "agreement/_waiting.html", shown)
    return HttpResponseClientRefresh()


def _beside_all(campaign: Campaign, options: Options, found: dict, names: dict) -> dict:
    """The same figures of all judgements, where only some were chosen."""
    beside = access.beside_all(campaign, options, found)
    if beside is None:
        return {}
    parts = figures.compared_parts(beside, names)
    return {"beside_all": {**beside, "parts": parts}, "chosen": text.chosen(options.choice)}


def _tables(found: dict, names: dict, over: str | None, *, as_corrected: bool) -> dict:
    over = over if over in figures.OVER else figures.OVER[0]
    counts = figures.vote_counts(found)
    weighted = found.get("corrected")
    is_corrected = bool(weighted and as_corrected)
    return {
        "figures": found,
        "rows": figures.affect_rows(found, names),
        "counts": counts[: figures.MOST_VOTES],
        "most_votes": counts[-1],
        "over": over,
        "corrected_rows": figures.corrected_rows(found, names),
        "is_corrected": is_corrected,
        "heat_map": figures.heat_map(weighted if is_corrected else found, over, names),
    }


def _charts(found: Kept, names: dict, shown: dict, query: str) -> dict:
    ways = {"over": shown["over"], "as_corrected": shown["is_corrected"]}
    made = charted.of_report(found, names, **ways)
    return {"charts": linked(made, found.campaign.slug, query)}
