"""Addresses of the agreement pages and of agreement's REST door."""

from django.urls import path

from agreement import api, chart_views, consensus_views, drift_urls, views

app_name = "agreement"

urlpatterns = [
    path("campaigns/<slug:slug>/agreement/", views.report, name="report"),
    *drift_urls.urlpatterns,
    path("campaigns/<slug:slug>/agreement/recompute/", views.recompute, name="recompute"),
    path("campaigns/<slug:slug>/consensus/", consensus_views.consensus, name="consensus"),
    path(
        "campaigns/<slug:slug>/consensus/recompute/",
        consensus_views.recompute,
        name="recompute-consensus",
    ),
    path("campaigns/<slug:slug>/proposals/new/", consensus_views.propose, name="propose"),
    path(
        "campaigns/<slug:slug>/proposals/<int:proposal_id>/withdraw/",
        consensus_views.withdraw,
        name="withdraw",
    ),
    path(
        "campaigns/<slug:slug>/agreement/charts/<slug:name>.<slug:kind>",
        chart_views.of_report,
        name="chart",
    ),
    path(
        "campaigns/<slug:slug>/consensus/charts/<slug:name>.<slug:kind>",
        chart_views.of_reading,
        name="panel",
    ),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/agreement/", api.Agreement.as_view(), name="api-agreement"),
    *drift_urls.api_urlpatterns,
    path("campaigns/<slug:slug>/consensus/", api.Consensus.as_view(), name="api-consensus"),
]
