"""Addresses of work."""

urlpatterns = []
