"""Addresses of the pages on raters' work, and of its REST doors."""

from django.urls import path

from quality import api, views

app_name = "quality"

OF_CAMPAIGN = "campaigns/<slug:slug>/raters-quality/"
OF_RATER = f"{OF_CAMPAIGN}<int:membership_id>/"

urlpatterns = [
    path(OF_CAMPAIGN, views.raters, name="raters"),
    path("campaigns/<slug:slug>/raters-quality.csv", views.raters_csv, name="raters-csv"),
    path(f"{OF_CAMPAIGN}recompute/", views.recompute, name="recompute"),
    path(OF_RATER, views.rater, name="rater"),
    path(f"{OF_RATER}pause/", views.pause, name="pause"),
    path(f"{OF_RATER}resume/", views.resume, name="resume"),
    path(f"{OF_RATER}set-aside/", views.set_aside, name="set-aside"),
    path(f"{OF_RATER}bring-back/", views.bring_back, name="bring-back"),
]

REST = "campaigns/<slug:slug>/raters/"

api_urlpatterns = [
    path(REST, api.Raters.as_view()),
    path(f"{REST}<int:membership_id>/pause/", api.Pause.as_view()),
    path(f"{REST}<int:membership_id>/resume/", api.Resume.as_view()),
    path(f"{REST}<int:membership_id>/set-aside/", api.SetAside.as_view()),
    path(f"{REST}<int:membership_id>/bring-back/", api.BringBack.as_view()),
]
