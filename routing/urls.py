"""Addresses of routing's pages and REST doors."""

from django.urls import path

from routing import api, views

app_name = "routing"

urlpatterns = [
    path("campaigns/<slug:slug>/routing/", views.rounds, name="rounds"),
    path("campaigns/<slug:slug>/routing/plan/", views.save_plan, name="save-plan"),
    path("campaigns/<slug:slug>/routing/run/", views.run, name="run"),
    path("campaigns/<slug:slug>/routing/<int:number>/", views.one_round, name="round"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/rounds/", api.Rounds.as_view()),
    path(
        "campaigns/<slug:slug>/rounds/<int:number>/", api.OneRound.as_view(), name="routing-round"
    ),
]
