"""The pages on which admins bring labels that they already have."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from analysis import analyses, tasks
from analysis.forms import AnalysisForm
from analysis.models import Analysis
from annotation.access import get_campaign
from annotation.models import Campaign
from annotation.queries import with_progress
from lib.errors import PathosError
from lib.permissions import admin_required


@admin_required
def new(request: HttpRequest) -> HttpResponse:
    """Takes a file. What can be told from its first rows is said at once, at the form."""
    form = AnalysisForm(request.POST, request.FILES) if request.method == "POST" else AnalysisForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            analysis = analyses.ask(
                chunks=file.chunks(),
                file_name=file.name,
                name=form.cleaned_data["name"],
                plan=form.plan,
                created_by=request.user,
            )
        except PathosError as refused:
            form.add_error("file", refused.message)
        else:
            tasks.read_file.delay_on_commit(analysis.id)
            return redirect("analysis:detail", analysis.id)
    status = 422 if form.errors else 200
    return render(request, "analysis/new.html", {"form": form}, status=status)


@admin_required
def detail(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """How far it is; HTMX asks every second. Where no row was left out, the figures are next."""
    analysis = analyses.find(analysis_id)
    if analysis.state == Analysis.State.READY and not analysis.rejected:
        address = reverse("agreement:report", args=[analysis.campaign.slug])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    template = "analysis/_state.html" if request.htmx else "analysis/detail.html"
    return render(request, template, {"analysis": analysis})


@admin_required
def rejects(request: HttpRequest, analysis_id: int) -> HttpResponseBase:
    """The rows that were left out: row, field, reason, id."""
    return send_rejects(analyses.find(analysis_id))


@admin_required
@require_POST
def delete(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """Takes a file that failed, or waits, away again. One that was read says first what goes."""
    analysis = analyses.find(analysis_id)
    if analysis.campaign:
        return redirect("analysis:delete-campaign", analysis.campaign.slug)
    try:
        analyses.delete(analysis=analysis)
    except PathosError as refused:
        messages.warning(request, refused.message)
        return redirect("analysis:detail", analysis_id)
    messages.success(request, f"The analysis “{analysis.name}” is deleted.")
    return redirect("home")


@admin_required
def delete_campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """Says what goes, and deletes it once that is confirmed."""
    campaign = get_campaign(slug)
    if not campaign.analysis_only:
        raise Http404
    if request.method == "POST":
        try:
            is_gone = tasks.delete(campaign)
        except PathosError as refused:
            messages.warning(request, refused.message)
            return redirect("analysis:delete-campaign", slug)
        how = "is deleted" if is_gone else "will be gone in some minutes: a worker deletes it"
        messages.success(request, f"The analysis “{campaign}” {how}.")
        return redirect("home")
    counted = with_progress(Campaign.objects.filter(id=campaign.id)).get()
    shown = {"campaign": campaign, "judgements": counted.judged}
    return render(request, "analysis/delete.html", shown)


def send_rejects(analysis: Analysis) -> FileResponse:
    if not analysis.rejects.exists():
        raise Http404
    name = f"{analysis.file_name}.rejects.csv"
    return FileResponse(analysis.rejects.open("rb"), as_attachment=True, filename=name)
