"""Addresses of qualification."""

urlpatterns = []
