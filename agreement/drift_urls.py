"""Addresses of agreement over time: pages and REST doors."""

from django.urls import path

from agreement import chart_views, drift_api, drift_views, slice_views

OF = "campaigns/<slug:slug>/agreement/"

urlpatterns = [
    path(f"{OF}drift/", drift_views.drift, name="drift"),
    path(f"{OF}drift/recompute/", drift_views.recompute, name="recompute-weeks"),
    path(f"{OF}drift/charts/<slug:name>.<slug:kind>", chart_views.of_weeks, name="weeks-chart"),
    path(f"{OF}compare/", drift_views.compare, name="compare"),
    path(f"{OF}strata/", slice_views.strata, name="strata"),
    path(f"{OF}sums/", drift_views.sums, name="sums"),
    path(f"{OF}sums/check/", drift_views.check_sums, name="check-sums"),
]

api_urlpatterns = [
    path(f"{OF}weeks/", drift_api.OfWeeks.as_view(), name="api-weeks"),
    path(f"{OF}strata/", slice_views.OfStrata.as_view()),
    path(f"{OF}reports/", drift_api.Reports.as_view()),
    path(f"{OF}compare/", drift_api.Compare.as_view()),
]
