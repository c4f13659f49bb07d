"""Addresses of work."""

from django.urls import path

from work import api, staff_views, views

app_name = "work"

urlpatterns = [
    path("work/", views.mine, name="mine"),
    path("work/my-data.json", views.export_all, name="export"),
    path("work/my-judgements.csv", views.export_judgements, name="export-judgements"),
    path("work/delete/", views.delete, name="delete"),
    path("work/deleted/", views.deleted, name="deleted"),
    path("campaigns/<slug:slug>/hours/", staff_views.hours_of_week, name="hours"),
    path("campaigns/<slug:slug>/hours.csv", staff_views.hours_csv, name="hours-csv"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/hours/", api.Hours.as_view()),
]
