"""What can go wrong while somebody joins; what raters read is in their language."""

from django.utils.translation import gettext_lazy as _

from lib.errors import Conflict, Gone, NotFound, PathosError, Unprocessable


class InvitationOver(PathosError):
    """The invitation lets nobody in."""


class InvitationUnknown(InvitationOver, NotFound):
    """No invitation belongs to this address."""

    code = "invitation_unknown"
    heading = _("This link is not complete")
    sentence = _(
        "Perhaps a part of it was lost on the way. Please copy the whole link into the address bar "
        "of your browser. If that does not help, ask the person who sent it for a new one."
    )


class InvitationUsed(InvitationOver, Gone):
    """Somebody has joined by this invitation already."""

    code = "invitation_used"
    heading = _("This invitation has been used")
    sentence = _(
        "Each invitation is for one person. If it was you who used it, please sign in. If it was "
        "not you, ask the person who sent it for a new one."
    )


class InvitationExpired(InvitationOver, Gone):
    """The invitation's time has ended."""

    code = "invitation_expired"
    heading = _("This invitation has expired")
    sentence = _("Please ask the person who sent it to renew it. The same link then works again.")


class InvitationWithdrawn(InvitationOver, Gone):
    """An admin has withdrawn the invitation."""

    code = "invitation_withdrawn"
    heading = _("This invitation was withdrawn")
    sentence = _("If you think that this is a mistake, please ask the person who sent it.")


class InvitationClosed(Conflict):
    """This invitation was used or withdrawn and stays so. Make a new one instead."""

    code = "invitation_closed"


class ConsentTextEmpty(Unprocessable):
    """There is no text to publish. Please write what raters shall agree to."""

    code = "consent_text_empty"


class NothingToSpreadBy(Unprocessable):
    """Posts can be spread by age, gender or ideology, and only where raters are asked about it."""

    code = "nothing_to_spread_by"


class ConsentTextReplaced(Conflict):
    """A newer version of the text was published meanwhile."""

    code = "consent_text_replaced"
