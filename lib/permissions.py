"""Who may open which door. Raters are known by their campaign memberships (annotation/)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission

from lib.languages import speak_english

#: Members of this group pull snapshots and run training; admins (staff) may do so as well.
ENGINEERS = "engineers"


def is_admin(user: AbstractBaseUser) -> bool:
    return user.is_authenticated and user.is_active and user.is_staff


def is_engineer(user: AbstractBaseUser) -> bool:
    return is_admin(user) or (user.is_authenticated and user.groups.filter(name=ENGINEERS).exists())


class IsAdmin(BasePermission):
    """REST: staff only."""

    message = _("Only an admin may do this.")

    def has_permission(self, request, view) -> bool:
        return is_admin(request.user)


class IsAdminOrReads(IsAdmin):
    """REST: whoever is signed in may read, staff may also write."""

    def has_permission(self, request, view) -> bool:
        reads = request.method in SAFE_METHODS and request.user.is_authenticated
        return reads or super().has_permission(request, view)


class IsEngineer(BasePermission):
    """REST: admins and members of the group 'engineers'."""

    message = _("Only an engineer or an admin may do this.")

    def has_permission(self, request, view) -> bool:
        return is_engineer(request.user)


def _required(allowed: Callable[[AbstractBaseUser], bool], message: str) -> Callable:
    """A view decorator: strangers sign in first; people without the right get a 403 that says so.

    Behind it English is spoken.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not allowed(request.user):
                raise PermissionDenied(message)
            speak_english(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


admin_required = _required(is_admin, IsAdmin.message)
engineer_required = _required(is_engineer, IsEngineer.message)
