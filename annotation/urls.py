"""Addresses of the rater's pages and of annotation's REST doors."""

from django.urls import path

from annotation import api, api_campaigns, api_posts, desk_views, staff_views, views

app_name = "annotation"

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/<slug:slug>/judge/", desk_views.judge, name="judge"),
    path("campaigns/<slug:slug>/ahead/", desk_views.ahead, name="ahead"),
    path("campaigns/<slug:slug>/stop/", desk_views.stop, name="stop"),
    path("campaigns/<slug:slug>/spare/", desk_views.spare, name="spare"),
    path("campaigns/<slug:slug>/recent/", views.recent, name="recent"),
    path("campaigns/<slug:slug>/guideline/", views.guideline, name="guideline"),
    path("assignments/<int:assignment_id>/", desk_views.answer, name="answer"),
    path("assignments/<int:assignment_id>/skip/", desk_views.skip, name="skip"),
    path("assignments/<int:assignment_id>/flag/", desk_views.flag, name="flag"),
    path("judgements/<int:judgement_id>/", views.revise, name="revise"),
    path("posts/<int:post_id>/image/", views.post_image, name="post-image"),
    path("new-campaign/", staff_views.create_campaign, name="create-campaign"),
    path("campaigns/<slug:slug>/", staff_views.overview, name="overview"),
    path("campaigns/<slug:slug>/settings/", staff_views.settings, name="settings"),
    path("campaigns/<slug:slug>/state/", staff_views.change_state, name="change-state"),
    path("campaigns/<slug:slug>/raters/", staff_views.add_rater, name="add-rater"),
    path(
        "campaigns/<slug:slug>/flags/<int:flag_id>/", staff_views.resolve_flag, name="resolve-flag"
    ),
]

api_urlpatterns = [
    path("campaigns/", api_campaigns.Campaigns.as_view()),
    path("campaigns/<slug:slug>/", api_campaigns.OneCampaign.as_view()),
    path("campaigns/<slug:slug>/posts/", api_posts.Posts.as_view()),
    path("campaigns/<slug:slug>/judgements/", api_posts.Judgements.as_view()),
    path("campaigns/<slug:slug>/assignments/", api.Claim.as_view()),
    path("assignments/<int:assignment_id>/judgement/", api.Submit.as_view()),
    path("assignments/<int:assignment_id>/skip/", api.Skip.as_view()),
    path("assignments/<int:assignment_id>/flag/", api.FlagPost.as_view()),
    path("judgements/<int:judgement_id>/", api.Revise.as_view()),
]
