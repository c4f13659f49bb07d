"""The verbs on consent: publish a text, agree to it, withdraw."""

from django.db import transaction
from django.utils import timezone

from annotation import assignments
from annotation.models import Campaign, Membership
from joining import members
from joining.errors import ConsentTextEmpty, ConsentTextReplaced
from joining.models import Consent, ConsentText
from joining.queries import latest_text


@transaction.atomic
def publish(*, campaign: Campaign, text: str) -> ConsentText:
    """A new version of the text. Everybody is asked for consent to it before the next post.

    The same text again changes nothing. Raises ConsentTextEmpty.
    """
    members.hold(campaign)
    latest, text = latest_text(campaign), text.strip()
    if not text:
        raise ConsentTextEmpty
    if latest and latest.text == text:
        return latest
    version = latest.version + 1 if latest else 1
    published = ConsentText.objects.create(campaign=campaign, version=version, text=text)
    members.ask_again(campaign=campaign)
    return published


@transaction.atomic
def give(*, membership: Membership, consent_text: ConsentText) -> Consent:
    """The member agrees to the text. Agreeing twice changes nothing.

    Raises ConsentTextReplaced when there is a newer one.
    """
    members.hold(membership.campaign)
    if consent_text != latest_text(membership.campaign):
        raise ConsentTextReplaced
    consent, _ = Consent.objects.get_or_create(
        consent_text=consent_text, rater=membership.rater, withdrawn_at=None
    )
    return consent


@transaction.atomic
def withdraw(*, membership: Membership) -> bool:
    """The member takes consent back and gets no more posts; those at hand go back to the queue.

    Judgements stay. Returns whether there was a consent to take back.
    """
    # First, as everywhere: the lock for many posts before the membership's row.
    assignments.change_many_posts(campaign=membership.campaign)
    withdrawn = given(membership).update(withdrawn_at=timezone.now())
    if withdrawn:
        Membership.objects.filter(id=membership.id).update(admitted=False)
        assignments.give_back(campaign=membership.campaign, rater=membership.rater)
    return bool(withdrawn)


def given(membership: Membership):
    """The member's consents that hold, to whichever versions of the campaign's text."""
    return Consent.objects.filter(
        rater=membership.rater_id,
        consent_text__campaign=membership.campaign_id,
        withdrawn_at=None,
    )
