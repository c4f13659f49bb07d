"""Every address of Pathos: pages at the root, REST under /api/v1/."""

from importlib import import_module

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authtoken.views import obtain_auth_token

from lib.problems import NothingHere

ROOMS = [
    "taxonomy", "annotation", "qualification", "joining", "work", "signals", "agreement",
    "analysis", "quality", "routing", "snapshots", "modelling",
]  # fmt: skip


def of_rooms(name: str) -> list:
    """The lists called `name` in the rooms' urls modules, in the order of the rooms."""
    return [
        pattern for room in ROOMS for pattern in getattr(import_module(f"{room}.urls"), name, [])
    ]


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="annotation:campaigns"), name="home"),
    path("signin/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("signout/", auth.LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set-language"),
    path("django-admin/", admin.site.urls),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/token/", obtain_auth_token, name="token"),
    path("api/v1/", include(of_rooms("api_urlpatterns"))),
    path("api/<path:unknown>", NothingHere.as_view()),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]
