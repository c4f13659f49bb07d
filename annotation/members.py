"""The verbs on a rater's part in a campaign: spare, pause, resume, set aside, bring back.

All of them can be undone, and what was done stays on record. A paused rater is handed nothing new;
what they hold may still be judged, so that no answer under way is lost.

To set aside takes the judgements that there are, by a reason given about them, out of every
figure. Judgements that arrive afterwards count: a rater who goes on has been talked to.
"""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from annotation.assignments import change_many_posts, give_back_sensitive
from annotation.errors import AlreadySetAside, NothingToSetAside, NotSetAside
from annotation.models import Membership, Pause, SettingAside

State = Membership.State

# Gold is for every rater as it is, so nobody has to be asked for it again.
SET_ASIDE = """
WITH aside AS (
    UPDATE annotation_judgement SET set_aside = true
    WHERE campaign_id = %(campaign)s AND rater_id = %(rater)s AND NOT set_aside
      AND (judged_at >= %(since)s::timestamptz OR %(since)s::timestamptz IS NULL)
    RETURNING campaign_post_id, gold_right
), asked_again AS (
    UPDATE annotation_campaignpost AS post SET wanted = wanted + 1
    FROM aside WHERE post.id = campaign_post_id AND gold_right IS NULL AND %(asks_again)s
)
SELECT count(*) FROM aside
"""

# A place that somebody has taken meanwhile stays: the post then has one judgement more.
BRING_BACK = """
WITH back AS (
    UPDATE annotation_judgement SET set_aside = false
    WHERE campaign_id = %(campaign)s AND rater_id = %(rater)s AND set_aside
    RETURNING campaign_post_id, gold_right
), asked_less AS (
    UPDATE annotation_campaignpost AS post SET wanted = wanted - 1
    FROM back WHERE post.id = campaign_post_id AND gold_right IS NULL AND %(asks_again)s
      AND reserved < wanted
)
SELECT count(*) FROM back
"""


@transaction.atomic
def spare(*, membership: Membership, spared: bool) -> None:
    """From now on the rater gets no sensitive post, or gets them again. Those on the desk go back."""
    Membership.objects.filter(id=membership.id).update(avoids_sensitive=spared)
    if spared:
        give_back_sensitive(campaign=membership.campaign, rater=membership.rater)


@transaction.atomic
def pause(*, membership: Membership, reason: str = "", by: AbstractBaseUser | None = None) -> None:
    """Hands the rater, who reads the reason, nothing new. Pausing twice changes nothing."""
    _pause(membership, reason, by)


@transaction.atomic
def resume(*, membership: Membership, by: AbstractBaseUser | None = None) -> None:
    """The rater goes on. Resuming twice changes nothing."""
    paused = Membership.objects.filter(id=membership.id, state=State.PAUSED)
    if paused.update(state=State.ACTIVE, paused_reason=""):
        open_pause = Pause.objects.filter(membership=membership, ended_at=None)
        open_pause.update(ended_at=timezone.now(), ended_by=by)


@transaction.atomic
def set_aside(
    *,
    membership: Membership,
    reason: str,
    by: AbstractBaseUser | None,
    since: datetime | None = None,
    ask_again: bool = False,
    pause: bool = True,
) -> SettingAside:
    """Takes the rater's judgements, made at `since` or later, out of every figure until undone.

    ask_again  other raters are asked in this one's stead: each post wants one judgement more
    pause      the rater is paused, too; the reason stays with the admins

    Raises AlreadySetAside, NothingToSetAside.
    """
    _alone_with(membership)
    if SettingAside.objects.filter(membership=membership, undone_at=None).exists():
        raise AlreadySetAside
    taken = _run(SET_ASIDE, membership, asks_again=ask_again, since=since)
    if not taken:
        raise NothingToSetAside
    if pause:
        _pause(membership, "", by)
    return SettingAside.objects.create(
        membership=membership,
        reason=reason,
        since=since,
        asks_again=ask_again,
        judgements=taken,
        made_by=by,
    )


@transaction.atomic
def bring_back(*, membership: Membership, by: AbstractBaseUser | None) -> SettingAside:
    """The judgements count again, and nobody else is asked in their stead unless that has happened.

    A pause stays until it is ended. Raises NotSetAside.
    """
    _alone_with(membership)
    undone = SettingAside.objects.filter(membership=membership, undone_at=None).first()
    if undone is None:
        raise NotSetAside
    _run(BRING_BACK, membership, asks_again=undone.asks_again)
    undone.undone_at, undone.undone_by = timezone.now(), by
    undone.save(update_fields=["undone_at", "undone_by"])
    return undone


def _pause(membership: Membership, reason: str, by: AbstractBaseUser | None) -> None:
    active = Membership.objects.filter(id=membership.id, state=State.ACTIVE)
    if active.update(state=State.PAUSED, paused_reason=reason):
        Pause.objects.create(membership=membership, reason=reason, made_by=by)


def _alone_with(membership: Membership) -> None:
    """The membership before its posts, in the order in which a claim takes them."""
    change_many_posts(campaign=membership.campaign)
    Membership.objects.select_for_update(no_key=True).get(id=membership.id)


def _run(statement: str, membership: Membership, **values) -> int:
    """How many judgements the statement says it changed."""
    who = {"campaign": membership.campaign_id, "rater": membership.rater_id}
    with connection.cursor() as cursor:
        return cursor.execute(statement, who | values).fetchone()[0]
