"""The address of an invitation: its number, signed. Nothing secret has to be stored."""

from django.core import signing
from django.urls import reverse

from joining.errors import InvitationUnknown
from joining.models import Invitation

SIGNER = signing.Signer(salt="joining.invitation", sep=".")


def path_of(invitation: Invitation) -> str:
    """The invitation's address on this server."""
    return reverse("joining:join", args=[SIGNER.sign(invitation.id)])


def link_of(site: str, invitation: Invitation) -> str:
    """The whole link; `site` is where the server is reached, such as https://pathos.example.org."""
    return site.rstrip("/") + path_of(invitation)


def invitation_by(token: str) -> Invitation:
    """The invitation behind an address. Raises InvitationUnknown for forged and broken ones."""
    try:
        number = int(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        raise InvitationUnknown from None
    invitation = Invitation.objects.select_related("campaign").filter(id=number).first()
    if invitation is None:
        raise InvitationUnknown
    return invitation
