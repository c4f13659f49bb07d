"""Addresses of joining."""

from joining import crowd_urls

app_name = "joining"

urlpatterns = [
    *crowd_urls.urlpatterns,
]

api_urlpatterns = [
    *crowd_urls.api_urlpatterns,
]
