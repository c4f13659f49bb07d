"""Addresses of quality."""

urlpatterns = []
