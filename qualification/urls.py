"""Addresses of the quiz, of the pages for gold, and of gold over REST."""

from django.urls import path

from qualification import api, staff_views, views

app_name = "qualification"

GOLD = "campaigns/<slug:slug>/gold/"

urlpatterns = [
    path("campaigns/<slug:slug>/quiz/", views.quiz, name="quiz"),
    path("campaigns/<slug:slug>/quiz/<int:answer_id>/", views.answer, name="answer"),
    path(GOLD, staff_views.gold_page, name="gold"),
    path(f"{GOLD}settings/", staff_views.change_settings, name="gold-settings"),
    path(f"{GOLD}upload/", staff_views.upload, name="gold-upload"),
    path(f"{GOLD}find/", staff_views.find, name="gold-find"),
    path(f"{GOLD}<int:campaign_post_id>/", staff_views.gold_post, name="gold-post"),
    path(f"{GOLD}<int:campaign_post_id>/release/", staff_views.release, name="gold-release"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/gold/", api.GoldPosts.as_view()),
]
