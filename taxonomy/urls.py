"""Addresses of taxonomies: REST only."""

from django.urls import path

from taxonomy import api

app_name = "taxonomy"

urlpatterns: list = []

api_urlpatterns = [
    path("taxonomies/", api.Taxonomies.as_view()),
    path("taxonomies/<str:key>/", api.OneTaxonomy.as_view()),
    path("taxonomies/<str:key>/proposals/", api.Proposals.as_view(), name="api-proposals"),
    path("taxonomies/<str:key>/proposals/<int:proposal_id>/", api.OneProposal.as_view()),
]
