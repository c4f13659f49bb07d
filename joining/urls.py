"""Addresses of joining."""

urlpatterns = []
