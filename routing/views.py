"""The admin's page on routing; engineers may look and run rounds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotation.access import get_campaign
from annotation.models import Campaign
from lib.errors import PathosError
from lib.permissions import admin_required, engineer_required
from routing import access, gained, plans, progress, queries, tasks, yields
from routing import rounds as verbs
from routing.forms import ImportanceForm, PlanForm, RoundForm
from routing.models import Round, Selection

SHOWN_ROUNDS = 10
SHOWN_SELECTIONS = 50
SHOWN_SCORES = 3


@engineer_required
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign's rounds with their progress, its plan, and a button for one more."""
    campaign = get_campaign(slug)
    if request.htmx:
        return render(request, "routing/_rounds.html", _rounds(campaign))
    return _page(request, campaign, PlanForm(instance=plans.plan_of(campaign)))


@engineer_required
def one_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One round: what it learnt from, what it found, and why its posts were asked."""
    campaign = get_campaign(slug)
    found = access.get_round(campaign, number)
    shown = {"campaign": campaign, "round": found, "yield": yields.shown(found)}
    return render(request, "routing/round.html", shown | {"selections": _why(found)})


@admin_required
@require_POST
def save_plan(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign(slug)
    form = PlanForm(request.POST, instance=plans.plan_of(campaign))
    if not form.is_valid():
        return _page(request, campaign, form)
    form.save()
    messages.success(request, "The plan is saved.")
    return redirect("routing:rounds", slug)


@admin_required
@require_POST
def save_importance(request: HttpRequest, slug: str) -> HttpResponse:
    """Which affects later rounds look for, and how much."""
    campaign = get_campaign(slug)
    plan = plans.plan_of(campaign)
    form = ImportanceForm(plan, request.POST)
    if not form.is_valid():
        return _page(request, campaign, PlanForm(instance=plan), importance_form=form)
    form.save()
    messages.success(request, "Rounds that are asked for from now on look for these.")
    return redirect("routing:rounds", slug)


@admin_required
@require_POST
def pause(request: HttpRequest, slug: str) -> HttpResponse:
    """Routing starts no round by itself until it goes on."""
    plan = plans.plan_of(get_campaign(slug))
    plan.enabled = request.POST.get("then") == "on"
    plan.save()
    messages.success(request, "Routing goes on." if plan.enabled else "Routing is paused.")
    return redirect("routing:rounds", slug)


@engineer_required
def gains(request: HttpRequest, slug: str) -> HttpResponse:
    """What routing gained, corrected figures, the heads' learning curve, and when to stop."""
    campaign = get_campaign(slug)
    names = {affect.key: affect.name for affect in campaign.taxonomy.affects.all()}
    found = gained.find(campaign)
    if found.is_due:
        tasks.ring_for_gains(campaign)
    figures = found.figures or {"affects": {}}
    rows = [
        {"name": names[key], **row, "prevalence": figures["prevalence"][key]}
        for key, row in figures["affects"].items()
    ]
    shown = {"campaign": campaign, "found": found, "gains": found.figures, "rows": rows}
    return render(request, "routing/gains.html", shown)


@engineer_required
@require_POST
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks a worker to measure the heads of all rounds on the check."""
    tasks.measure_heads.delay_on_commit(get_campaign(slug).id)
    messages.success(request, "A worker is measuring. Come back in a minute.")
    return redirect("routing:gains", slug)


@engineer_required
@require_POST
def run(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign(slug)
    form = RoundForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, PlanForm(instance=plans.plan_of(campaign)), form)
    try:
        asked = verbs.ask(campaign=campaign, **form.cleaned_data)
    except PathosError as refused:
        messages.warning(request, refused.message)
    else:
        tasks.run_round.delay_on_commit(asked.id)
        messages.success(request, f"Round {asked.number} is on its way.")
    return redirect("routing:rounds", slug)


def _page(
    request: HttpRequest,
    campaign: Campaign,
    plan_form: PlanForm,
    form: RoundForm | None = None,
    importance_form: ImportanceForm | None = None,
) -> HttpResponse:
    plan = plan_form.instance
    importance_form = importance_form or ImportanceForm(plan)
    form = form or RoundForm(initial={"strategy": plan.strategy, "budget": plan.budget})
    forms = {"plan_form": plan_form, "round_form": form, "importance_form": importance_form}
    shown = {**_rounds(campaign), **forms}
    shown["pool"] = queries.pool_size(campaign)
    shown["judgements"] = queries.judgement_count(campaign)
    status = 422 if any(each.errors for each in forms.values()) else 200
    return render(request, "routing/rounds.html", shown, status=status)


def _rounds(campaign: Campaign) -> dict:
    found = progress.asked(campaign.rounds.order_by("-id")[:SHOWN_ROUNDS])
    unfinished = any(each.is_unfinished for each in found)
    return {"campaign": campaign, "rounds": found, "unfinished": unfinished}


def _why(round: Round) -> list[dict]:
    """The round's posts in the order in which they are asked, with their highest scores."""
    found = Selection.objects.filter(round=round).select_related("campaign_post__post")
    first = list(found.order_by("id")[:SHOWN_SELECTIONS])
    twins = queries.near_duplicates_of(each.campaign_post_id for each in first)
    return [
        {
            "selection": each,
            "scores": _highest(round.affects, each.scores),
            "twins": twins.get(each.campaign_post_id, 0),
        }
        for each in first
    ]


def _highest(affects: list[str], scores: list[float]) -> list[tuple[str, float]]:
    ranked = sorted(zip(affects, scores, strict=True), key=lambda pair: -pair[1])
    return ranked[:SHOWN_SCORES]
