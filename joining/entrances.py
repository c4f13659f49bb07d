"""The verbs on entrances: make one, let somebody in, and see them off when they are done.

Whoever comes by a link of a crowd platform has no account and no password: the ids in the link are
all there is to know them by. They are weak credentials (they stand in addresses, and the platform
knows them), so what one can reach with them is little: an account without a password and without
any right but to judge in this one campaign. The ids lie in Participant and nowhere else.
"""

from secrets import token_hex, token_urlsafe
from typing import Literal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotation import assignments, campaigns
from annotation.errors import CampaignNotOpen
from annotation.models import Campaign, Judgement, Membership, Rater
from joining.crowd_errors import AlreadyTookPart, BadEntrance, EntranceClosed, EntranceFull, HasLeft
from joining.crowd_rules import Ids, fault_of_url
from joining.models import Entrance, Participant

Standing = Literal["under way", "done", "in vain"]


def make(*, campaign: Campaign, name: str, kind: str, **settings) -> Entrance:
    """A new entrance, open at once. `settings` are the fields that may also be changed later.

    Raises BadEntrance with the fields that don't fit, AnalysisOnly.
    """
    campaigns.check_takes_raters(campaign=campaign)
    entrance = Entrance(
        campaign=campaign, token=token_urlsafe(16), name=name, kind=kind, **settings
    )
    return _saved(entrance)


def change(*, entrance: Entrance, **settings) -> Entrance:
    """Changes name, quota (of those who come from now on), places, closing time, code or URLs.

    Raises BadEntrance.
    """
    for field, value in settings.items():
        setattr(entrance, field, value)
    return _saved(entrance)


def set_open(*, entrance: Entrance, is_open: bool) -> None:
    """Opens or closes the entrance to newcomers. Who is in already may come back and finish."""
    Entrance.objects.filter(id=entrance.id).update(is_open=is_open)


@transaction.atomic
def enter(*, entrance: Entrance, ids: Ids) -> Participant:
    """The participant behind these ids, made on the first visit: one rater with one quota.

    Parallel visits queue up behind the campaign's row, so that one id never becomes two raters and
    no entrance takes in more than it has places for. (Judging doesn't wait for that lock.)
    Raises EntranceClosed, EntranceFull, AlreadyTookPart, HasLeft.
    """
    Campaign.objects.select_for_update(no_key=True).get(id=entrance.campaign_id)
    entrance.refresh_from_db()
    participant = known(entrance, ids)
    if participant is None:
        check_takes_in(entrance, ids)
        membership = _new_member(entrance)
        return Participant.objects.create(entrance=entrance, rater=membership.rater, **vars(ids))
    if not _may_come_back(participant):
        raise HasLeft
    _note_session(participant, ids)
    return participant


def check_takes_in(entrance: Entrance, ids: Ids) -> None:
    """Raises what keeps a newcomer out: EntranceClosed, EntranceFull or AlreadyTookPart."""
    if entrance.is_over:
        raise EntranceClosed
    elsewhere = Participant.objects.filter(
        entrance__campaign=entrance.campaign_id,
        entrance__kind=entrance.kind,
        participant=ids.participant,
    ).exclude(entrance=entrance)
    # A lab may number its people as another lab does; a platform's ids are its own everywhere.
    if entrance.kind != Entrance.Kind.OPEN and elsewhere.exists():
        raise AlreadyTookPart
    if entrance.places is not None and entrance.participants.count() >= entrance.places:
        raise EntranceFull


def known(entrance: Entrance, ids: Ids) -> Participant | None:
    """Whoever came by this entrance with this id before."""
    came = entrance.participants.select_related("rater__user")
    return came.filter(participant=ids.participant).first()


def participant_of(membership: Membership) -> Participant | None:
    """Who the member is on a platform; None for raters with an account of their own."""
    return (
        Participant.objects.select_related("entrance")
        .filter(rater=membership.rater_id, entrance__campaign=membership.campaign_id)
        .first()
    )


def is_crowd_account(user: AbstractBaseUser) -> bool:
    """Whether the account was made by an entrance, so that its link is the way back to it."""
    return Participant.objects.filter(rater__user_id=user.pk).exists()


def judgements_left(membership: Membership) -> int | None:
    """How many judgements the quota still asks for; None where there is no quota."""
    if membership.quota is None:
        return None
    return max(0, membership.quota - _judgements_of(membership).count())


def is_at_the_end(membership: Membership) -> bool:
    """Whether the quota is reached or no post is left for this rater.

    It asks for a post to know, as the desk does: one that turns up will be on the desk next.
    Raises NotAdmitted, MembershipPaused, CampaignNotOpen (of a paused campaign).
    """
    if judgements_left(membership) == 0:
        return True
    try:
        return not assignments.claim(campaign=membership.campaign, rater=membership.rater)
    except CampaignNotOpen:
        if membership.campaign.state == Campaign.State.CLOSED:
            return True
        raise


def standing(membership: Membership, participant: Participant | None) -> Standing:
    """Where somebody stands who asks for the end. "in vain": no post was left for their first
    judgement, and a completion code for nothing would help nobody.

    Raises NotAdmitted, MembershipPaused, CampaignNotOpen.
    """
    if participant and participant.finished_at:
        return "done"
    if not is_at_the_end(membership):
        return "under way"
    return "in vain" if participant and not _judgements_of(membership).exists() else "done"


def finish(*, participant: Participant) -> None:
    """Notes once, for good, that the participant has done all that was asked for."""
    _note_once(participant, "finished_at")


def screen_out(*, participant: Participant) -> None:
    """Notes once that the participant's way ends before the posts."""
    _note_once(participant, "screened_out_at")


def forget(*, rater: Rater) -> None:
    """Takes the platform's ids away for good; that somebody came, and when, stays countable."""
    for participant in rater.participants.all():
        participant.participant = f"forgotten-{token_hex(8)}"
        participant.study = participant.session = ""
        participant.save(update_fields=["participant", "study", "session"])


def _saved(entrance: Entrance) -> Entrance:
    faults = _faults(entrance)
    if faults:
        shown = "; ".join(f"{where}: {what}" for where, what in faults.items())
        errors = [{"where": where, "what": what} for where, what in faults.items()]
        raise BadEntrance(f"The entrance can't be as asked: {shown}", errors=errors)
    entrance.save()
    return entrance


def _faults(entrance: Entrance) -> dict[str, str]:
    faults = {
        "quota": "Please ask for at least one." if entrance.quota == 0 else "",
        "places": "Please offer at least one." if entrance.places == 0 else "",
        "completion_url": fault_of_url(entrance.completion_url),
        "screen_out_url": fault_of_url(entrance.screen_out_url),
    }
    try:
        entrance.full_clean()
    except ValidationError as error:
        faults |= {field: " ".join(texts) for field, texts in error.message_dict.items()}
    return {field: fault for field, fault in faults.items() if fault}


def _new_member(entrance: Entrance) -> Membership:
    """An account that nobody can sign in to, with a name that says nothing."""
    user = get_user_model().objects.create_user(f"crowd-{token_hex(6)}")
    membership = campaigns.add_rater(campaign=entrance.campaign, user=user)
    membership.quota = entrance.quota
    membership.save(update_fields=["quota"])
    return membership


def _judgements_of(membership: Membership) -> QuerySet[Judgement]:
    return Judgement.objects.filter(campaign=membership.campaign_id, rater=membership.rater_id)


def _may_come_back(participant: Participant) -> bool:
    user = participant.rater.user
    return user is not None and user.is_active and participant.rater.left_at is None


def _note_session(participant: Participant, ids: Ids) -> None:
    """A platform pays by session: the latest counts, until it is the one that was finished."""
    if participant.finished_at is None and (participant.study, participant.session) != (
        ids.study,
        ids.session,
    ):
        participant.study, participant.session = ids.study, ids.session
        participant.save(update_fields=["study", "session"])


def _note_once(participant: Participant, field: str) -> None:
    mine = Participant.objects.filter(id=participant.id, **{field: None})
    mine.update(**{field: timezone.now()})
    participant.refresh_from_db(fields=[field])
