"""Doorbells: ids in, one call; harmless when rung twice."""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from annotation.models import Campaign
from joining import queries
from joining.invitation_mail import mail_for
from joining.models import Invitation

log = logging.getLogger(__name__)
#: SMTP answers from here on are for good; below, it is worth trying again.
FOR_GOOD = 500


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=30, retry_backoff_max=1800, max_retries=8
)
def send_invitations(campaign_id: int, site: str) -> None:
    """Mails the campaign's invitations that were not sent yet; `site` begins their links.

    Each is marked before the next one goes out: after a crash at most one mail is sent twice.
    """
    campaign = Campaign.objects.filter(id=campaign_id).first()
    if campaign is None:
        log.info("Campaign %s is gone.", campaign_id)
        return
    later = None
    with get_connection() as connection:
        for invitation_id in queries.unsent(campaign).order_by("id").values_list("id", flat=True):
            try:
                _send(invitation_id, site, connection)
            except SMTPRecipientsRefused as not_now:  # the others need not wait for this one
                later = not_now
    if later:
        raise later


@transaction.atomic
def _send(invitation_id: int, site: str, connection) -> None:
    """One mail; nothing where it is sent already or just now."""
    waiting = Invitation.objects.select_for_update(skip_locked=True, of=["self"])
    invitation = waiting.select_related("campaign").filter(id=invitation_id, sent_at=None).first()
    if invitation is None or invitation.state != Invitation.State.OPEN:
        return
    mail = mail_for(invitation, site)
    mail.connection = connection
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        code, reason = next(iter(refused.recipients.values()))
        if code < FOR_GOOD:
            raise
        invitation.failure = f"{code} {reason.decode(errors='replace')}"[:200]
    else:
        invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at", "failure"])
