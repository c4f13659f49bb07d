"""Addresses of entrances: those of the people who come in, and those of admins."""

from django.urls import path

from joining import crowd_api, crowd_staff_views, crowd_views

ENTRANCE = "campaigns/<slug:slug>/entrances/<int:entrance_id>/"

urlpatterns = [
    path("enter/<str:token>/", crowd_views.enter, name="enter"),
    path("campaigns/<slug:slug>/finished/", crowd_views.finished, name="finished"),
    path("campaigns/<slug:slug>/screened-out/", crowd_views.screened_out, name="screened-out"),
    path("campaigns/<slug:slug>/entrances/", crowd_staff_views.entrance_list, name="entrances"),
    path(ENTRANCE, crowd_staff_views.one_entrance, name="entrance"),
    path(f"{ENTRANCE}state/", crowd_staff_views.change_state, name="entrance-state"),
    path(f"{ENTRANCE}participants.csv", crowd_staff_views.participants_csv, name="participants"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/entrances/", crowd_api.Entrances.as_view()),
]
