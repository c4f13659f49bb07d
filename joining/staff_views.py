"""The page on which admins invite raters and say what is asked of them before the first post."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from annotation import access
from annotation.models import Campaign
from joining import consents, entries, invitation_csv, invitations, queries
from joining.errors import ConsentTextEmpty, InvitationClosed, NothingToSpreadBy
from joining.forms import ConsentTextForm, EntryForm, InviteForm, InviteManyForm
from joining.invitation_links import link_of
from joining.tasks import send_invitations
from lib.permissions import admin_required
from lib.tables import BadFile

A_PAGE = 50
#: As many rows of an upload as the page lists.
LISTED = 500
WORDS = {
    "made": "invited",
    "renewed": "had expired, renewed",
    "known": "was invited already",
    "joined": "has joined already",
}


@never_cache
@admin_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands where, what is asked before the first post, and the invitations."""
    return _people(request, access.get_campaign(slug))


@admin_required
@require_POST
def change_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Stores what is asked before the first post."""
    campaign = access.get_campaign(slug)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _people(request, campaign, entry_form=form)
    try:
        entries.change(campaign=campaign, **form.cleaned_data)
    except NothingToSpreadBy as nothing:
        form.add_error("spread", nothing.message)
        return _people(request, campaign, entry_form=form)
    messages.success(request, "Stored. Raters who lack a step take it before their next post.")
    return redirect("joining:people", slug)


@admin_required
@require_POST
def publish_consent(request: HttpRequest, slug: str) -> HttpResponse:
    """Publishes a version of the consent text."""
    campaign = access.get_campaign(slug)
    form = ConsentTextForm(request.POST)
    if not form.is_valid():
        return _people(request, campaign, consent_form=form)
    try:
        text = consents.publish(campaign=campaign, text=form.cleaned_data["text"])
    except ConsentTextEmpty as empty:
        form.add_error("text", empty.message)
        return _people(request, campaign, consent_form=form)
    messages.success(request, f"Version {text.version} holds now.")
    return redirect("joining:people", slug)


@admin_required
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes a link for one person."""
    campaign = access.get_campaign(slug)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people(request, campaign, invite_form=form)
    made = invitations.make(campaign=campaign, by=request.user, days=form.cleaned_data["days"])
    return redirect(f"{_address(slug)}?made={made.id}#invitations")


@admin_required
@require_POST
def invite_many(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes invitations for the e-mails of a CSV and says what became of each row."""
    campaign = access.get_campaign(slug)
    form = InviteManyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _people(request, campaign, many_form=form)
    try:
        invitees, rejects = invitation_csv.read(form.cleaned_data["file"].read())
    except BadFile as bad:
        form.add_error("file", bad.message)
        return _people(request, campaign, many_form=form)
    outcomes = invitations.make_many(
        campaign=campaign,
        emails=[invitee.email for invitee in invitees],
        by=request.user,
        days=form.cleaned_data["days"],
    )
    return _people(request, campaign, upload=_upload(invitees, rejects, outcomes))


@admin_required
@require_POST
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Has the mails sent that were not sent yet."""
    campaign = access.get_campaign(slug)
    if settings.EMAIL_URL:
        send_invitations.delay_on_commit(campaign.id, _site(request))
        messages.success(request, "The mails are on their way. Load the page again to see.")
    return redirect("joining:people", slug)


@admin_required
@require_POST
def change_invitation(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Withdraws an invitation or renews it."""
    invitation = get_object_or_404(access.get_campaign(slug).invitations, id=invitation_id)
    change = invitations.withdraw if "withdraw" in request.POST else invitations.renew
    try:
        change(invitation=invitation)
    except InvitationClosed as closed:
        messages.warning(request, closed.message)
    return redirect("joining:people", slug)


@never_cache
@admin_required
def links_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The links that can be used, for a mail merge."""
    usable = queries.usable(access.get_campaign(slug))
    body = invitation_csv.write(usable, _site(request))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-invitations.csv"'
    return response


def _people(request: HttpRequest, campaign: Campaign, **more) -> HttpResponse:
    """The page, maybe with a form that was refused or with what became of an upload."""
    entry, text = queries.entry_of(campaign), queries.latest_text(campaign)
    asked = {"asks_strata": entry.asks_strata, "shows_guideline": entry.shows_guideline}
    asked["spread"] = campaign.spread
    shown = {
        "campaign": campaign,
        "standing": [(step.label, count) for step, count in queries.at_each_step(campaign).items()],
        "entry_form": EntryForm(initial=asked),
        "consent_form": ConsentTextForm(initial={"text": text.text if text else ""}),
        "consent_texts": queries.with_consents(campaign.consent_texts.all()),
        "invite_form": InviteForm(),
        "many_form": InviteManyForm(),
        "invitations": _page(request, campaign),
        "usable": queries.usable(campaign).count(),
        "unsent": queries.unsent(campaign).count(),
        "sends": bool(settings.EMAIL_URL),
        **more,
    }
    refused = any(getattr(form, "errors", None) for form in more.values())
    return render(request, "joining/people.html", shown, status=422 if refused else 200)


def _page(request: HttpRequest, campaign: Campaign):
    """One page of the invitations, each with its link; the one just made stands first."""
    stored = campaign.invitations.select_related("used_by").order_by("-made_at", "-id")
    page = Paginator(stored, A_PAGE).get_page(request.GET.get("page"))
    for invitation in page:
        invitation.link = link_of(_site(request), invitation)
        invitation.is_new = request.GET.get("made") == str(invitation.id)
    return page


def _upload(invitees: list, rejects: list, outcomes: dict[str, str]) -> dict:
    """What the page says of an upload: totals, and each row with what became of it."""
    seen, rows = set(), []
    for invitee in invitees:
        repeated = invitee.email in seen
        seen.add(invitee.email)
        word = "stands in the file twice" if repeated else WORDS[outcomes[invitee.email]]
        rows.append((invitee.row, invitee.email, word, True))
    rows += [(r.row, r.id, f"{r.field} {r.reason}".strip(), False) for r in rejects]
    made = sum(outcome in ("made", "renewed") for outcome in outcomes.values())
    return {
        "made": made,
        "rejected": len(rejects),
        "known": len(outcomes) - made,
        "rows": sorted(rows)[:LISTED],
        "left_out": max(0, len(rows) - LISTED),
    }


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")


def _address(slug: str) -> str:
    return redirect("joining:people", slug).url
