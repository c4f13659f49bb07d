"""The verbs on assignments: claim, skip, flag, release.

The invariants, all kept by the database: a rater never gets a campaign post twice (unique), a post
never has more leases and judgements together than it wants (check), and capacity is counted when a
post is assigned. No two can wait for each other: a claim passes over posts that others hold (or
waits for a single one), a submit or a skip holds one post, and whoever changes many at once first
takes the lock of `change_many_posts`.
"""

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from annotation.errors import AssignmentClosed, CampaignNotOpen, LeaseEnded, MembershipPaused
from annotation.models import Assignment, Campaign, CampaignPost, Flag, Membership, Rater
from annotation.rules import MAX_AHEAD

# One statement: find places in priority order, reserve them, hand them out. Rows that another claim
# holds at this moment are passed over, and stay first in the queue for whoever comes next.
CLAIM = """
WITH place AS (
    SELECT id FROM annotation_campaignpost AS post
    WHERE campaign_id = %(campaign)s AND state = 'open' AND reserved < wanted
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

LOCK_MEMBERSHIP = """
SELECT state FROM annotation_membership
WHERE campaign_id = %(campaign)s AND rater_id = %(rater)s FOR NO KEY UPDATE
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
    burns no lease. The list is empty when nothing is left. Raises CampaignNotOpen,
    MembershipPaused.
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
    handed out is live by then.
    """
    if campaign.state != Campaign.State.OPEN:
        return None
    return next(iter(claim(campaign=campaign, rater=rater)), None)


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
def skip(*, assignment: Assignment, reason: str = "") -> None:
    """The rater declines; the place goes back. Skipping twice is harmless."""
    if not _win(assignment, state=Assignment.State.SKIPPED, skip_reason=reason):
        if assignment.state != Assignment.State.SKIPPED:
            raise closed(assignment)
        return
    CampaignPost.objects.filter(id=assignment.campaign_post_id).update(reserved=F("reserved") - 1)


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


def _top_up(campaign: Campaign, rater: Rater, count: int) -> None:
    """Hands out what the rater lacks. Two tabs of one rater do so one after the other."""
    who = {"campaign": campaign.id, "rater": rater.id}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_MEMBERSHIP, who)
        if cursor.fetchone() != (Membership.State.ACTIVE,):
            raise MembershipPaused
        held = cursor.execute(COUNT_LIVE, who).fetchone()[0]
        lacking = {**who, "count": count - held, "lease": campaign.lease_seconds}
        if held < count and not cursor.execute(CLAIM, lacking).rowcount and not held:
            cursor.execute(CLAIM_WAITING, lacking)


def _win(assignment: Assignment, **changes) -> bool:
    """Closes the assignment if it is still live; only one of several parallel requests can."""
    return bool(
        Assignment.objects.filter(
            id=assignment.id,
            state=Assignment.State.OFFERED,
            lease_expires_at__gt=timezone.now(),
        ).update(closed_at=timezone.now(), **changes)
    )
