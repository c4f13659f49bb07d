"""Addresses of joining."""

from django.urls import path

from joining import api, crowd_urls, invitation_views, staff_views, views

app_name = "joining"
CAMPAIGN = "campaigns/<slug:slug>/"
STAFF = f"{CAMPAIGN}joining/"

urlpatterns = [
    path("join/<str:token>/", invitation_views.join, name="join"),
    path("my-strata/", views.my_strata, name="strata"),
    path(f"{CAMPAIGN}welcome/", views.next_step, name="next"),
    path(f"{CAMPAIGN}consent/", views.consent, name="consent"),
    path(f"{CAMPAIGN}consent/withdraw/", views.withdraw_consent, name="withdraw-consent"),
    path(f"{CAMPAIGN}declined/", views.declined, name="declined"),
    path(f"{CAMPAIGN}guideline/read/", views.guideline_read, name="guideline-read"),
    path(STAFF, staff_views.people, name="people"),
    path(f"{STAFF}entry/", staff_views.change_entry, name="entry"),
    path(f"{STAFF}consent/", staff_views.publish_consent, name="publish-consent"),
    path(f"{STAFF}invitations/", staff_views.invite, name="invite"),
    path(f"{STAFF}invitations/csv/", staff_views.invite_many, name="invite-many"),
    path(f"{STAFF}invitations/send/", staff_views.send, name="send"),
    path(f"{STAFF}invitations.csv", staff_views.links_csv, name="links"),
    path(
        f"{STAFF}invitations/<int:invitation_id>/",
        staff_views.change_invitation,
        name="invitation",
    ),
    *crowd_urls.urlpatterns,
]

api_urlpatterns = [
    path("campaigns/<slug:slug>/invitations/", api.Invitations.as_view()),
    *crowd_urls.api_urlpatterns,
]
