"""The models' pages: start a run, watch it, read its figures beside the baselines'."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotation.access import get_campaign
from lib.permissions import engineer_required
from modelling import access, figures, queries, runs, tasks
from modelling.forms import RunForm
from modelling.models import ModelVersion, TrainingRun


@engineer_required
def models(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign(slug)
    form = RunForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        run = runs.create(**form.cleaned_data, created_by=request.user)
        tasks.execute_run.delay_on_commit(run.id)
        return redirect("modelling:run", run.id)
    shown = {
        "campaign": campaign,
        "form": form,
        "runs": queries.of_campaign(TrainingRun.objects.all(), campaign)[:20],
        "versions": queries.versions_of(ModelVersion.objects.all(), campaign)[:20],
    }
    return render(request, "modelling/models.html", shown)


@engineer_required
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    run = access.get_run(run_id)
    runs.settle(run=run)
    template = "modelling/_run.html" if request.htmx else "modelling/run.html"
    return render(request, template, {"run": run, "campaign": run.snapshot.campaign})


@engineer_required
@require_POST
def start_again(request: HttpRequest, run_id: int) -> HttpResponse:
    run = access.get_run(run_id)
    runs.start_again(run=run)
    tasks.execute_run.delay_on_commit(run.id)
    return redirect("modelling:run", run.id)


@engineer_required
def model(request: HttpRequest, version_id: int) -> HttpResponse:
    version = access.get_version(version_id)
    shown = {
        "version": version,
        "campaign": get_campaign(version.campaign),
        "rows": figures.by_task(version.metrics),
        "macro": figures.macro(version.metrics),
    }
    return render(request, "modelling/model.html", shown)


@engineer_required
@require_POST
def crown(request: HttpRequest, version_id: int) -> HttpResponse:
    tasks.crown.delay_on_commit(access.get_version(version_id).id)
    return redirect("modelling:model", version_id)
