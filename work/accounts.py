"""The verb on accounts: delete one, so that its judgements stay and nobody knows whose they are."""

import re
from secrets import token_hex

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annotation import assignments
from annotation.models import Campaign, Membership, Pause, Rater
from joining import entrances
from joining.models import Consent, Invitation, Strata
from work.errors import LastAdmin

#: Stands in the admins' log of changes where a name stood.
NOBODY = "a deleted account"


@transaction.atomic
def delete(*, rater: Rater) -> None:
    """Deletes the rater's account for good; what was judged stays, under a random name.

    Erased: the account with name, e-mail, password and tokens; strata; ids of other platforms;
    e-mails of invitations; why the rater was paused. Kept under the random name: judgements and
    their revisions, assignments with skip reasons, flags, quiz answers, and the consents, ended
    now, as proof that work was done with consent. Posts at hand go back to the queue.
    Raises LastAdmin.
    """
    user = rater.user
    _check_another_admin(user)
    for campaign in Campaign.objects.filter(memberships__rater=rater).order_by("id"):
        assignments.give_back(campaign=campaign, rater=rater)
    _forget(rater, user)
    user.delete()
    rater.key, rater.user, rater.left_at = f"left-{token_hex(8)}", None, timezone.now()
    rater.save(update_fields=["key", "user", "left_at"])


def _check_another_admin(user: AbstractBaseUser) -> None:
    admins = get_user_model().objects.filter(is_staff=True, is_active=True)
    # Two who leave at the same moment do so one after the other.
    if user.is_staff and set(admins.select_for_update()) <= {user}:
        raise LastAdmin


def _forget(rater: Rater, user: AbstractBaseUser) -> None:
    now = timezone.now()
    Strata.objects.filter(rater=rater).delete()
    entrances.forget(rater=rater)
    Consent.objects.filter(rater=rater, withdrawn_at=None).update(withdrawn_at=now)
    Membership.objects.filter(rater=rater).update(paused_reason="", admitted=False, stratum=None)
    Pause.objects.filter(membership__rater=rater).update(reason="")
    _forget_invitations(rater, user)
    for name in {rater.key, user.get_username(), user.email} - {""}:
        whole_word = rf"(^|\W){re.escape(name)}(\W|$)"
        LogEntry.objects.filter(object_repr__regex=whole_word).update(object_repr=NOBODY)


def _forget_invitations(rater: Rater, user: AbstractBaseUser) -> None:
    theirs = Q(used_by=rater) | (Q(email__iexact=user.email) if user.email else Q())
    invitations = Invitation.objects.filter(theirs)
    invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    invitations.update(email="", failure="")
