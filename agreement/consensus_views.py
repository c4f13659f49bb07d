"""The page on which admins read where rules and raters part, and propose what raters miss."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from agreement import access, charted, figures, queries, tasks
from agreement.charted import affect_names, linked
from agreement.kept import Kept
from agreement.readings import Asked
from agreement.text import at_rest
from annotation.access import get_campaign
from annotation.models import Campaign
from lib.permissions import admin_required, engineer_required, is_admin
from taxonomy import proposals
from taxonomy.errors import AlreadyThere
from taxonomy.forms import ProposalForm

#: Posts that must name a feeling for the page to show it: there are too few for the paper's 1,000.
ON_THE_PAGE = Asked(feeling_posts=30)


@engineer_required
def consensus(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest readings; while a worker computes, HTMX asks again."""
    campaign = get_campaign(slug)
    found = access.get_reading(campaign, ON_THE_PAGE)
    if found.latest is None:
        asked = {"campaign": campaign, "asked": ON_THE_PAGE, "created_by": request.user}
        found = access.Shown(None, tasks.ask_for_reading(**asked))
    shown = {"campaign": campaign, "found": found, "may_propose": is_admin(request.user)}
    if request.htmx:
        return _while_waiting(request, shown)
    shown["proposals"] = proposals.standing(campaign.taxonomy)
    if found.report:
        shown = _tables(campaign, found.report) | shown
    return render(request, "agreement/consensus.html", shown)


@engineer_required
@require_POST
def recompute(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks a worker for new readings."""
    campaign = get_campaign(slug)
    tasks.ask_for_reading(campaign=campaign, asked=ON_THE_PAGE, created_by=request.user)
    return redirect("agreement:consensus", slug)


@admin_required
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """A form for an affect of the next taxonomy, filled in from what raters wrote as `?text=`."""
    campaign = get_campaign(slug)
    form = ProposalForm(request.POST or None, initial=_initial(campaign, request.GET.get("text")))
    if request.method == "POST" and form.is_valid() and _is_kept(request, campaign, form):
        return redirect("agreement:consensus", slug)
    status = 422 if form.is_bound else 200
    shown = {"campaign": campaign, "form": form}
    return render(request, "agreement/propose.html", shown, status=status)


@admin_required
@require_POST
def withdraw(request: HttpRequest, slug: str, proposal_id: int) -> HttpResponse:
    """Takes a proposal back."""
    standing = proposals.standing(get_campaign(slug).taxonomy)
    proposals.withdraw(proposal=get_object_or_404(standing, id=proposal_id))
    return redirect("agreement:consensus", slug)


def _is_kept(request: HttpRequest, campaign: Campaign, form: ProposalForm) -> bool:
    """Whether it could be proposed; if not, the form says why."""
    told = {**form.cleaned_data, "proposed_by": request.user}
    try:
        proposals.propose(taxonomy=campaign.taxonomy, **told)
    except AlreadyThere as error:
        form.add_error("name", error.message)
        return False
    return True


def _initial(campaign: Campaign, text: str | None) -> dict:
    """What the form begins with: how raters spelled it, and the posts that they meant."""
    found = access.get_reading(campaign, ON_THE_PAGE).report if text else None
    groups = found.figures["other"] if found else []
    group = next((group for group in groups if group["text"] == text), None)
    if group is None:
        return {"name": text}
    texts = queries.beginnings(group["examples"])
    times, raters = group["count"], group["raters"]
    note = f"Written: {', '.join(group['spellings'])}. Times: {times:,}. Raters: {raters:,}."
    return {"name": text, "note": note, "examples": "\n".join(texts.values())}


def _while_waiting(request: HttpRequest, shown: dict) -> HttpResponse:
    if shown["found"].is_queued:
        return render(request, "agreement/_computing.html", shown)
    return HttpResponseClientRefresh()


def _tables(campaign: Campaign, found: Kept) -> dict:
    kept = found.figures
    texts = queries.beginnings(row["post"] for row in [*kept["disputed"], *kept["split"]])
    names = affect_names(campaign)
    charts = linked(charted.of_reading(found, names), campaign.slug, view="panel")
    return figures.readings(kept, names, texts) | {"charts": charts, "rest": at_rest(kept, names)}
