"""The verbs on assignments: claim, skip, flag, release, give back, take back.

The invariants, all kept by the database: a rater never gets a campaign post twice (unique), a post
never has more leases and judgements together than it wants (check), and capacity is counted when a
post is assigned. An answer that was given in time and held up on the way is taken as long as the
post still has a place for it.

No two can wait for each other: a claim passes over posts that others hold (or waits for a single
one), a submit or a skip holds one post, and whoever changes many at once first takes the lock of
`change_many_posts`.
"""

from random import random

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from annotation.errors import (
    AssignmentClosed,
    CampaignNotOpen,
    LeaseEnded,
    MembershipPaused,
    NotAdmitted,
    PostWithdrawn,
)
from annotation.models import Assignment, Campaign, CampaignPost, Flag, Membership, Rater
from annotation.rules import MAX_AHEAD

# One statement: find places in priority order, reserve them, hand them out. Rows that another claim
# holds at this moment are passed over, and stay first in the queue for whoever comes next.
CLAIM = """
WITH place AS (
    SELECT id FROM annotation_campaignpost AS post
    WHERE campaign_id = %(campaign)s AND state = 'open' AND reserved < wanted
      AND NOT (sensitive AND %(spared)s)
      AND NOT EXISTS (
        SELECT FROM annotation_assignment
        WHERE campaign_post_id = post.id AND rater_id = %(rater)s
      )
    ORDER BY priority DESC, id
    LIMIT %(count)s
    FOR NO KEY UPDATE SKIP LOCKED
), reserved AS (
    UPDATE annotation_campaignpost AS post SET reserved = reserved + 1
    FROM place WHERE post.id = place.id
    RETURNING post.id, post.priority
)
INSERT INTO annotation_assignment (
    campaign_id, campaign_post_id, rater_id, state, offered_at, lease_expires_at, skip_reason
)
SELECT %(campaign)s, id, %(rater)s, 'offered', now(), now() + %(lease)s * interval '1 second', ''
FROM reserved ORDER BY priority DESC, id
"""

# At the end of a campaign everything that is left may be held by other claims. Only one place is
# waited for, so that no two claims can wait for each other.
CLAIM_WAITING = CLAIM.replace("SKIP LOCKED", "").replace("%(count)s", "1")

# Gold is for every rater, in no order that anybody could learn.
CLAIM_GOLD = CLAIM.replace("'open'", "'gold'").replace(
    "ORDER BY priority DESC, id\n    LIMIT", "ORDER BY random()\n    LIMIT"
)

# Own posts that were let go come back when there is nothing else, or with a late answer to one.
TAKE_BACK = """
WITH ended AS (
    SELECT assignment.id, post.id AS post FROM annotation_assignment AS assignment
    JOIN annotation_campaignpost AS post ON post.id = assignment.campaign_post_id
    WHERE {which} AND assignment.state = 'expired'
      AND post.state IN ('open', 'gold') AND reserved < wanted
    ORDER BY priority DESC, post.id
    LIMIT %(count)s
    FOR NO KEY UPDATE OF assignment, post SKIP LOCKED
), place AS (
    UPDATE annotation_campaignpost AS post SET reserved = reserved + 1
    FROM ended WHERE post.id = ended.post
    RETURNING post.id
)
UPDATE annotation_assignment AS assignment SET state = 'offered', offered_at = now(),
    lease_expires_at = now() + %(lease)s * interval '1 second', closed_at = NULL
FROM ended JOIN place ON place.id = ended.post WHERE assignment.id = ended.id
"""
TAKE_BACK_ONE = TAKE_BACK.format(
    which="""assignment.id = %(assignment)s
      AND lease_expires_at > now() - %(waited)s * interval '1 second'"""
).replace("SKIP LOCKED", "")
REOFFER = TAKE_BACK.format(
    which="""assignment.campaign_id = %(campaign)s AND assignment.rater_id = %(rater)s
      AND NOT (sensitive AND %(spared)s)"""
)

# An answer that is just being stored is passed over: it is welcome.
GIVE_BACK = """
WITH held AS MATERIALIZED (
    SELECT id FROM annotation_assignment WHERE {which} AND state = 'offered'
    FOR NO KEY UPDATE SKIP LOCKED
), closed AS (
    UPDATE annotation_assignment AS assignment SET state = 'expired', closed_at = now()
    FROM held WHERE assignment.id = held.id
    RETURNING assignment.campaign_post_id
)
UPDATE annotation_campaignpost AS post SET reserved = reserved - freed.places
FROM (SELECT campaign_post_id, count(*) AS places FROM closed GROUP BY 1) AS freed
WHERE post.id = freed.campaign_post_id
"""
GIVE_BACK_ALL = GIVE_BACK.format(which="campaign_id = %(campaign)s AND rater_id = %(rater)s")
GIVE_BACK_SENSITIVE = GIVE_BACK.format(
    which="""campaign_id = %(campaign)s AND rater_id = %(rater)s AND campaign_post_id IN (
        SELECT id FROM annotation_campaignpost WHERE campaign_id = %(campaign)s AND sensitive
    )"""
)
GIVE_BACK_POST = GIVE_BACK.format(which="campaign_post_id = %(post)s")

LOCK_MEMBERSHIP = """
SELECT state, paused_reason, admitted, quota, avoids_sensitive FROM annotation_membership
WHERE campaign_id = %(campaign)s AND rater_id = %(rater)s FOR NO KEY UPDATE
"""

COUNT_JUDGED = """
SELECT count(*) FROM annotation_judgement
WHERE campaign_id = %(campaign)s AND rater_id = %(rater)s
"""

COUNT_LIVE = """
SELECT count(*) FROM annotation_assignment
WHERE campaign_id = %(campaign)s AND rater_id = %(rater)s
  AND state = 'offered' AND lease_expires_at > now()
"""

# The advisory lock lets one claim at a time do the releasing; the others need not wait for it.
RELEASE = """
WITH ended AS MATERIALIZED (
    SELECT id FROM annotation_assignment
    WHERE campaign_id = %(campaign)s AND state = 'offered' AND lease_expires_at <= now()
      AND pg_try_advisory_xact_lock(%(lock)s, %(campaign)s::int)
    FOR NO KEY UPDATE SKIP LOCKED
), closed AS (
    UPDATE annotation_assignment AS assignment SET state = 'expired', closed_at = now()
    FROM ended WHERE assignment.id = ended.id
    RETURNING assignment.campaign_post_id
)
UPDATE annotation_campaignpost AS post SET reserved = reserved - freed.places
FROM (SELECT campaign_post_id, count(*) AS places FROM closed GROUP BY 1) AS freed
WHERE post.id = freed.campaign_post_id
"""
MANY_POSTS_LOCK = 7_0001


def claim(*, campaign: Campaign, rater: Rater, count: int = 1) -> list[Assignment]:
    """The rater's live assignments, topped up to `count` (at most MAX_AHEAD) from the queue.

    Asking again hands out nothing new while the earlier posts are still unanswered, so a reload
    burns no lease. The list is empty when nothing is left, or when the rater's quota is reached.
    Raises CampaignNotOpen, MembershipPaused, NotAdmitted.
    """
    if campaign.state != Campaign.State.OPEN:
        raise CampaignNotOpen
    count = min(count, MAX_AHEAD)
    release_ended_leases(campaign=campaign)
    with transaction.atomic():
        _top_up(campaign, rater, count)
        return list(live(campaign, rater)[:count])


def claim_next(*, campaign: Campaign, rater: Rater) -> Assignment | None:
    """What to judge now: the oldest live assignment, or a new one; None when there is nothing.

    A submit that is repeated asks this again and gets the same answer, for what the first one
    handed out is live by then. Nor does it fail where the rater may get no more: the submit did
    not, and whoever asks for posts is told why.
    """
    try:
        return next(iter(claim(campaign=campaign, rater=rater)), None)
    except (CampaignNotOpen, MembershipPaused, NotAdmitted):
        return None


def change_many_posts(*, campaign: Campaign) -> None:
    """To be called in a transaction before it changes many campaign posts: one such at a time.

    Two that lock the same posts in different orders would wait for each other for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MANY_POSTS_LOCK, campaign.id])


def release_ended_leases(*, campaign: Campaign) -> None:
    """Posts whose lease has ended go back to the queue. Runs before every claim, so no job must."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {"campaign": campaign.id, "lock": MANY_POSTS_LOCK})


@transaction.atomic
def skip(*, assignment: Assignment, reason: str = "", seconds: float | None = None) -> None:
    """The rater declines; the place goes back. Skipping twice is harmless.

    `seconds` are the active ones spent on it. Raises LeaseEnded, AssignmentClosed, PostWithdrawn.
    """
    mine = Assignment.objects.filter(
        id=assignment.id, state=Assignment.State.OFFERED, lease_expires_at__gt=timezone.now()
    )
    skipped = {"state": Assignment.State.SKIPPED, "skip_reason": reason, "seconds": seconds}
    if mine.update(**skipped, closed_at=timezone.now()):
        place = CampaignPost.objects.filter(id=assignment.campaign_post_id)
        place.update(reserved=F("reserved") - 1)
        return
    assignment.refresh_from_db(fields=["state"])
    if assignment.state != Assignment.State.SKIPPED:
        raise closed(assignment)


@transaction.atomic
def give_back(*, campaign: Campaign, rater: Rater) -> int:
    """The rater stops for today: all that they hold goes back to the queue. Returns how many."""
    return _give_back(GIVE_BACK_ALL, campaign, rater)


@transaction.atomic
def give_back_sensitive(*, campaign: Campaign, rater: Rater) -> int:
    """Of what the rater holds, all that is sensitive goes back. Returns how many."""
    return _give_back(GIVE_BACK_SENSITIVE, campaign, rater)


def give_back_post(*, campaign_post: CampaignPost) -> None:
    """Nobody holds the post any more."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK_POST, {"post": campaign_post.id})


def take_back(*, assignment: Assignment, waited: float) -> bool:
    """Reserves the post again whose lease ended less than `waited` seconds ago, unless others have
    taken the place meanwhile."""
    late = {
        "assignment": assignment.id,
        "lease": assignment.campaign.lease_seconds,
        "waited": waited,
        "count": 1,
    }
    with connection.cursor() as cursor:
        return bool(cursor.execute(TAKE_BACK_ONE, late).rowcount)


def note_time(*, assignment: Assignment, seconds: float | None) -> None:
    """Keeps the active seconds spent on a post whose answer was not needed any more."""
    Assignment.objects.filter(id=assignment.id, judgement=None, seconds=None).update(
        seconds=seconds
    )


def flag(*, assignment: Assignment, reason: str) -> Flag:
    """Tells an admin about the post. The assignment stays: the rater may still judge or skip."""
    flag, _ = Flag.objects.update_or_create(
        campaign_post_id=assignment.campaign_post_id,
        rater_id=assignment.rater_id,
        defaults={"reason": reason, "resolved_at": None},
    )
    return flag


def closed(assignment: Assignment) -> Exception:
    """Why this assignment can't be answered any more, as the error to raise."""
    if assignment.campaign_post.state == CampaignPost.State.WITHDRAWN:
        return PostWithdrawn()
    ended = assignment.state in (Assignment.State.OFFERED, Assignment.State.EXPIRED)
    return LeaseEnded() if ended else AssignmentClosed()


def live(campaign: Campaign, rater: Rater):
    """The rater's assignments that can still be answered, oldest first, with their posts."""
    return (
        Assignment.objects.filter(
            campaign=campaign,
            rater=rater,
            state=Assignment.State.OFFERED,
            lease_expires_at__gt=timezone.now(),
        )
        .select_related("campaign_post__post")
        .order_by("id")
    )


def _give_back(statement: str, campaign: Campaign, rater: Rater) -> int:
    change_many_posts(campaign=campaign)
    with connection.cursor() as cursor:
        return cursor.execute(statement, {"campaign": campaign.id, "rater": rater.id}).rowcount


def _top_up(campaign: Campaign, rater: Rater, count: int) -> None:
    """Hands out what the rater lacks. Two tabs of one rater do so one after the other."""
    who = {"campaign": campaign.id, "rater": rater.id, "lease": campaign.lease_seconds}
    with connection.cursor() as cursor:
        state, reason, admitted, quota, avoids = _membership(cursor, who)
        if state != Membership.State.ACTIVE:
            raise MembershipPaused(reason)
        if not admitted:
            raise NotAdmitted
        held = cursor.execute(COUNT_LIVE, who).fetchone()[0]
        lacking = count - held
        if quota is not None:
            lacking = min(lacking, quota - held - cursor.execute(COUNT_JUDGED, who).fetchone()[0])
        if lacking > 0:
            who["spared"] = avoids or campaign.leaves_out_sensitive
            _hand_out(cursor, who, lacking, campaign.gold_share, waits=not held)


def _hand_out(cursor, who: dict, count: int, gold_share: float, *, waits: bool) -> None:
    """`waits`: the rater holds nothing yet, and should not be told that nothing is left."""
    gold = sum(random() < gold_share for _ in range(count))
    if gold:
        gold = cursor.execute(CLAIM_GOLD, {**who, "count": gold}).rowcount
    if gold == count or cursor.execute(CLAIM, {**who, "count": count - gold}).rowcount:
        return
    if waits and not gold and not cursor.execute(CLAIM_WAITING, who).rowcount:
        cursor.execute(REOFFER, {**who, "count": count})


def _membership(cursor, who: dict) -> tuple:
    """Locked: (state, paused reason, admitted, quota, avoids sensitive posts)."""
    found = cursor.execute(LOCK_MEMBERSHIP, who).fetchone()
    return found or (Membership.State.PAUSED, "", False, None, False)
