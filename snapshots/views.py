"""The pages on which engineers make and download snapshots."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from annotation.access import get_campaign
from lib.permissions import engineer_required
from snapshots import access, snapshots
from snapshots.forms import SnapshotForm
from snapshots.serializers import SnapshotSerializer
from snapshots.tasks import build_snapshot


@engineer_required
def snapshot_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's snapshots, and the form that makes another."""
    campaign = get_campaign(slug)
    form = SnapshotForm(request.POST or None, default_name=slug)
    if request.method == "POST" and form.is_valid():
        snapshot = snapshots.create(campaign=campaign, plan=form.plan, created_by=request.user)
        build_snapshot.delay_on_commit(snapshot.id)
        return redirect("snapshots:detail", snapshot.id)
    context = {
        "campaign": campaign,
        "snapshots": access.list_snapshots(campaign),
        "form": form,
    }
    return render(request, "snapshots/list.html", context)


@engineer_required
def snapshot_detail(request: HttpRequest, snapshot_id: int) -> HttpResponse:
    """One snapshot; while it is built, HTMX asks for the changing part every second."""
    snapshot = access.get_snapshot(snapshot_id)
    template = "snapshots/_state.html" if request.htmx else "snapshots/detail.html"
    context = {
        "snapshot": snapshot,
        "campaign": snapshot.campaign,
        "files": SnapshotSerializer(snapshot).data["files"],
    }
    return render(request, template, context)
