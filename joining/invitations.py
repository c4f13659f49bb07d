"""The verbs on invitations: make, withdraw, renew, and what people do who have one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from annotation import campaigns
from annotation.models import Campaign, Membership
from joining.errors import (
    InvitationClosed,
    InvitationExpired,
    InvitationUsed,
    InvitationWithdrawn,
)
from joining.models import Invitation

DAYS = 14
State = Invitation.State
REFUSED = {
    State.USED: InvitationUsed,
    State.WITHDRAWN: InvitationWithdrawn,
    State.EXPIRED: InvitationExpired,
}


def make(
    *, campaign: Campaign, by: AbstractBaseUser | None, days: int = DAYS, email: str = ""
) -> Invitation:
    """A link for one person, whose e-mail nobody needs to know.

    Where an e-mail is told that has an invitation, it is that one, renewed if it had expired.
    Raises AnalysisOnly.
    """
    campaigns.check_takes_raters(campaign=campaign)
    if not email:
        return Invitation.objects.create(campaign=campaign, made_by=by, expires_at=_in(days))
    make_many(campaign=campaign, emails=[email], by=by, days=days)
    return _by_email(campaign)[email.lower()]


@transaction.atomic
def make_many(
    *, campaign: Campaign, emails: Iterable[str], by: AbstractBaseUser | None, days: int = DAYS
) -> dict[str, str]:
    """An invitation for each e-mail, and what became of each: made, renewed, known or joined.

    Invitations that have expired are renewed, those still open stay as they are. Capital letters
    make no difference. Where the same e-mail comes twice, the second one is known.
    Raises AnalysisOnly.
    """
    campaigns.check_takes_raters(campaign=campaign)
    # Two admins with the same list: the second one finds what the first has made.
    Campaign.objects.select_for_update(no_key=True).get(id=campaign.id)
    stored = _by_email(campaign)
    outcomes, fresh = {}, []
    for email in dict.fromkeys(email.lower() for email in emails):
        known = stored.get(email)
        outcomes[email] = _outcome(known)
        if outcomes[email] == "made":
            fresh.append(
                Invitation(campaign=campaign, email=email, made_by=by, expires_at=_in(days))
            )
        elif outcomes[email] == "renewed":
            renew(invitation=known, days=days)
    Invitation.objects.bulk_create(fresh, batch_size=1000)
    return outcomes


def withdraw(*, invitation: Invitation) -> None:
    """The link lets nobody in any more. Raises InvitationClosed when somebody has used it."""
    unused = Invitation.objects.filter(id=invitation.id, used_at=None)
    if not unused.update(withdrawn_at=timezone.now()):
        raise InvitationClosed


def renew(*, invitation: Invitation, days: int = DAYS) -> None:
    """The same link works `days` from now on, and is sent again if it was made for an e-mail.

    Raises InvitationClosed when it was used or withdrawn.
    """
    usable = Invitation.objects.filter(id=invitation.id, used_at=None, withdrawn_at=None)
    if not usable.update(expires_at=_in(days), sent_at=None, failure=""):
        raise InvitationClosed


def check(invitation: Invitation) -> None:
    """Raises InvitationUsed, InvitationWithdrawn or InvitationExpired unless it lets people in."""
    if refused := REFUSED.get(invitation.state):
        raise refused


@transaction.atomic
def accept(*, invitation: Invitation, user: AbstractBaseUser) -> Membership:
    """Gives the account a part in the campaign, once for each invitation.

    Who has a part already keeps the invitation unspent. Raises as `check` does.
    """
    campaign = Campaign.objects.get(id=invitation.campaign_id)
    member = campaign.memberships.filter(rater__user_id=user.pk).first()
    if member:
        return member
    # Of two people with the same link, the second waits here and finds it used.
    invitation = Invitation.objects.select_for_update().get(id=invitation.id)
    check(invitation)
    membership = campaigns.add_rater(campaign=campaign, user=user)
    invitation.used_at, invitation.used_by = timezone.now(), membership.rater
    invitation.save(update_fields=["used_at", "used_by"])
    return membership


@transaction.atomic
def sign_up(*, invitation: Invitation, username: str, password: str) -> Membership:
    """Makes an account with the invitation's e-mail and accepts. Raises as `check` does."""
    check(invitation)
    user = get_user_model().objects.create_user(username, invitation.email, password)
    return accept(invitation=invitation, user=user)


def _by_email(campaign: Campaign) -> dict[str, Invitation]:
    """For each e-mail the invitation that counts: a used one, or else the one not withdrawn."""
    stored = campaign.invitations.exclude(email="").filter(withdrawn_at=None).order_by("id")
    found = {invitation.email: invitation for invitation in stored}
    return found | {email: one for email, one in found.items() if one.used_at}


def _outcome(known: Invitation | None) -> str:
    if known is None:
        return "made"
    return {State.USED: "joined", State.EXPIRED: "renewed"}.get(known.state, "known")


def _in(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)
