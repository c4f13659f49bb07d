"""Addresses of analyses."""

from django.urls import path

from analysis import api, views

app_name = "analysis"

urlpatterns = [
    path("new-analysis/", views.new, name="new"),
    path("analyses/<int:analysis_id>/", views.detail, name="detail"),
    path("analyses/<int:analysis_id>/rejects.csv", views.rejects, name="rejects"),
    path("analyses/<int:analysis_id>/delete/", views.delete, name="delete"),
    path("campaigns/<slug:slug>/delete/", views.delete_campaign, name="delete-campaign"),
]

api_urlpatterns = [
    path("analyses/", api.Analyses.as_view(), name="api-analyses"),
    path("analyses/<int:analysis_id>/", api.OneAnalysis.as_view(), name="api-analysis"),
    path("analyses/<int:analysis_id>/rejects/", api.Rejects.as_view(), name="api-rejects"),
]
