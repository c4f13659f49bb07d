"""What opens behind the link of an invitation."""

from django.contrib.auth import login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from joining import entrances, invitations
from joining.errors import InvitationOver, InvitationUsed
from joining.forms import SignUpForm
from joining.invitation_links import invitation_by
from joining.models import Invitation

BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password1", "password2")
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Makes an account, or takes the one that is signed in, and gives it a part in the campaign.

    Looking changes nothing: mail programs open links to see what is behind them.
    """
    try:
        invitation = invitation_by(token)
        if _has_a_part(request, invitation):
            return redirect("joining:next", invitation.campaign.slug)
        invitations.check(invitation)
        if _has_account(request):
            return _accept(request, invitation)
        return _sign_up(request, invitation)
    except InvitationOver as over:
        return _sorry(request, over)


def _has_account(request: HttpRequest) -> bool:
    """An account of a crowd platform's participant is nobody's own."""
    return request.user.is_authenticated and not entrances.is_crowd_account(request.user)


def _has_a_part(request: HttpRequest, invitation: Invitation) -> bool:
    members = invitation.campaign.memberships
    return _has_account(request) and members.filter(rater__user=request.user).exists()


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method == "POST":
        invitations.accept(invitation=invitation, user=request.user)
        return redirect("joining:next", invitation.campaign.slug)
    return render(request, "joining/accept.html", {"campaign": invitation.campaign})


def _sign_up(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = SignUpForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        try:
            membership = invitations.sign_up(
                invitation=invitation,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password1"],
            )
        except IntegrityError:  # somebody took the name since it was checked
            form.add_error("username", _("A user with that username already exists."))
        else:
            login(request, membership.rater.user, backend=BACKEND)
            return redirect("joining:next", invitation.campaign.slug)
    shown = {"form": form, "campaign": invitation.campaign}
    return render(request, "joining/sign_up.html", shown, status=422 if form.errors else 200)


def _sorry(request: HttpRequest, over: InvitationOver) -> HttpResponse:
    shown = {
        "heading": over.heading,
        "sentence": over.message,
        "may_sign_in": isinstance(over, InvitationUsed) and not request.user.is_authenticated,
    }
    return render(request, "joining/invitation_over.html", shown, status=over.status)
