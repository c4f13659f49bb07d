"""A rater's own pages: what they did, what it is worth, all that is held of them, and the way out."""

from collections.abc import Iterator

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from annotation.access import get_rater_for
from annotation.models import Rater
from annotation.views import signed_in
from work import accounts, export, queries
from work.errors import LastAdmin
from work.forms import DeleteForm
from work.rules import pay_of

#: Days that "my work" shows one by one.
DAYS = 14


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Judgements, time, qualification and estimated pay in each campaign, and the last days."""
    rater = get_rater_for(request.user)
    days = queries.by_day(rater, days=DAYS)
    shown = {
        "parts": _parts(rater),
        "days": days,
        "most": max(day.milliseconds for day in days.values()),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "work/mine.html", shown)


@signed_in
def export_all(request: HttpRequest) -> HttpResponse:
    """Everything that is held of the rater, as JSON."""
    rater = get_rater_for(request.user)
    return _file(export.as_json(rater), "application/json", "my-data.json")


@signed_in
def export_judgements(request: HttpRequest) -> HttpResponse:
    """The rater's judgements as CSV."""
    rater = get_rater_for(request.user)
    pieces = export.judgements_csv(rater)
    return _file(pieces, "text/csv; charset=utf-8", "my-judgements.csv")


@signed_in
def delete(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays; deletes the account when the password comes with it."""
    rater = get_rater_for(request.user)
    form = DeleteForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            accounts.delete(rater=rater)
        except LastAdmin as refused:
            form.add_error(None, refused.message)
        else:
            logout(request)
            return redirect("work:deleted")
    return render(request, "work/delete.html", {"form": form}, status=422 if form.errors else 200)


def deleted(request: HttpRequest) -> HttpResponse:
    """The last page that somebody sees whose account is deleted."""
    return render(request, "work/deleted.html")


def _parts(rater: Rater) -> list[dict]:
    """What the page shows of each campaign, newest first."""
    done = queries.by_campaign(rater)
    consented = set(rater.consents.values_list("consent_text__campaign", flat=True))
    memberships = queries.with_quiz(rater.memberships.select_related("campaign"))
    return [
        {
            "membership": membership,
            "campaign": membership.campaign,
            "work": (work := done.get(membership.campaign_id, queries.Work())),
            "pay": pay_of(work.seconds, membership.campaign.pay_per_hour),
            "consented": membership.campaign_id in consented,
        }
        for membership in memberships.order_by("-joined_at")
    ]


def _file(pieces: Iterator[str], content_type: str, name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        pieces,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
