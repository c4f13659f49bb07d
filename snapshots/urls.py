"""Addresses of the snapshots' pages and REST doors."""

from django.urls import path

from snapshots import api, views

app_name = "snapshots"

urlpatterns = [
    path("campaigns/<slug:slug>/snapshots/", views.snapshot_list, name="list"),
    path("snapshots/<int:snapshot_id>/", views.snapshot_detail, name="detail"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/snapshots/", api.CampaignSnapshots.as_view()),
    path("snapshots/<int:snapshot_id>/", api.SnapshotDetail.as_view(), name="api-snapshot"),
    path(
        "snapshots/<int:snapshot_id>/files/<str:name>",
        api.SnapshotFile.as_view(),
        name="api-snapshot-file",
    ),
]
