"""The one mail that Pathos sends: plain text, one link."""

from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from joining.invitation_links import link_of
from joining.models import Invitation


def mail_for(invitation: Invitation, site: str) -> EmailMessage:
    """The invitation as a mail to its address."""
    # A name with line breaks would be refused as a subject.
    campaign = " ".join(invitation.campaign.name.split())
    body = _(
        "Hello,\n"
        "\n"
        "you are invited to take part in “%(campaign)s”. You read posts, one at a time, and say "
        "how someone might feel after seeing each. You decide when and for how long.\n"
        "\n"
        "To begin, please open this link:\n"
        "\n"
        "%(link)s\n"
        "\n"
        "It is for you alone, works once, and expires on %(date)s. If you did not expect this "
        "mail, you need not do anything.\n"
    )
    return EmailMessage(
        subject=_("Invitation: %(campaign)s") % {"campaign": campaign},
        body=body
        % {
            "campaign": campaign,
            "link": link_of(site, invitation),
            "date": date_format(localtime(invitation.expires_at), "DATE_FORMAT"),
        },
        to=[invitation.email],
        # Told to other programs, so that no out-of-office note comes back.
        headers={"Auto-Submitted": "auto-generated"},
    )
