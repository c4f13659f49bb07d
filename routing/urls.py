"""Addresses of routing's pages and REST doors."""

from django.urls import path

from routing import api, post_views, views

app_name = "routing"

POST = "campaigns/<slug:slug>/routing/posts/<int:campaign_post_id>/"

urlpatterns = [
    path("campaigns/<slug:slug>/routing/", views.rounds, name="rounds"),
    path("campaigns/<slug:slug>/routing/plan/", views.save_plan, name="save-plan"),
    path("campaigns/<slug:slug>/routing/run/", views.run, name="run"),
    path("campaigns/<slug:slug>/routing/pause/", views.pause, name="pause"),
    path("campaigns/<slug:slug>/routing/importance/", views.save_importance, name="importance"),
    path("campaigns/<slug:slug>/routing/gains/", views.gains, name="gains"),
    path("campaigns/<slug:slug>/routing/gains/measure/", views.measure, name="measure"),
    path("campaigns/<slug:slug>/routing/<int:number>/", views.one_round, name="round"),
    path("campaigns/<slug:slug>/routing/posts/", post_views.find, name="find-post"),
    path(POST, post_views.post, name="post"),
    path(f"{POST}pin/", post_views.pin, name="pin"),
    path(f"{POST}unpin/", post_views.unpin, name="unpin"),
    path(f"{POST}withdraw/", post_views.withdraw, name="withdraw"),
    path(f"{POST}put-back/", post_views.put_back, name="put-back"),
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/rounds/", api.Rounds.as_view()),
    path(
        "campaigns/<slug:slug>/rounds/<int:number>/", api.OneRound.as_view(), name="routing-round"
    ),
    path("campaigns/<slug:slug>/routing/", api.RoutingPlan.as_view()),
    path("campaigns/<slug:slug>/routing/gains/", api.Gains.as_view(), name="api-routing-gains"),
    path("campaigns/<slug:slug>/routing/posts/<path:key>/pin/", api.PostPin.as_view()),
    path("campaigns/<slug:slug>/routing/posts/<path:key>/withdraw/", api.WithdrawPost.as_view()),
    path("campaigns/<slug:slug>/routing/posts/<path:key>/", api.RoutedPost.as_view()),
]
