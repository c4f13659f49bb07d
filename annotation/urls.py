"""Addresses of the rater's pages and of annotation's REST doors."""

from django.urls import path

from annotation import api, views

app_name = "annotation"

urlpatterns = [
    path("posts/<int:post_id>/image/", views.post_image, name="post-image"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/assignments/", api.Claim.as_view()),
    path("assignments/<int:assignment_id>/judgement/", api.Submit.as_view()),
    path("assignments/<int:assignment_id>/skip/", api.Skip.as_view()),
    path("assignments/<int:assignment_id>/flag/", api.FlagPost.as_view()),
    path("judgements/<int:judgement_id>/", api.Revise.as_view()),
]
