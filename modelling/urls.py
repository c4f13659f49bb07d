"""Addresses of the models' pages and of modelling's REST doors."""

from django.urls import path

from modelling import api, views

app_name = "modelling"

urlpatterns = [
    path("campaigns/<slug:slug>/models/", views.models, name="models"),
    path("runs/<int:run_id>/", views.run, name="run"),
    path("runs/<int:run_id>/again/", views.start_again, name="start-again"),
    path("models/<int:version_id>/", views.model, name="model"),
    path("models/<int:version_id>/champion/", views.crown, name="crown"),
]

api_urlpatterns = [
    path("snapshots/<int:snapshot_id>/runs/", api.StartRun.as_view()),
    path("runs/", api.Runs.as_view()),
    path("runs/<int:run_id>/", api.Run.as_view(), name="api-run"),
    path("models/", api.Models.as_view()),
    path("models/<int:version_id>/", api.Model.as_view()),
    path("models/<int:version_id>/champion/", api.Champion.as_view()),
]
