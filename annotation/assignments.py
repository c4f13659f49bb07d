"""The verbs on assignments: claim, skip, flag, release, give back, take back.

The invariants, all kept by the database: a rater never gets a campaign post twice (unique), a post
never has more leases and judgements together than it wants (check), and capacity is counted when a
post is assigned. An answer that was given in time and held up on the way is taken as long as the
post still has a place for it.

No two can wait for each other: a claim passes over posts that others hold (or waits for a single
one), a submit or a skip holds one post, and whoever changes many at once first takes the lock of
`change_many_posts`.
"""

from datetime import timedelta

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
from annotation.models import Assignment, Campaign, CampaignPost, Flag, Membership, Post, Rater
from annotation.queries import midnight
from annotation.rules import MAX_AHEAD
from lib.prepared import Joined, rows

SHAPE = Joined(
    assignment=(Assignment, "offered_at", "closed_at"),
    campaign_post=CampaignPost,
    post=(Post, "metadata", "content_hash", "imported_at"),
)
CLAIM = f"""
SELECT {SHAPE.columns} FROM annotation_claim(
    %(campaign)s, %(rater)s, %(ask)s, %(lease)s, %(spares)s, %(gold_share)s, %(daily)s,
    %(midnight)s, %(patience)s, %(look_ahead)s, %(lock)s
)
"""
RELEASE = "SELECT annotation_release(%(campaign)s, %(lock)s)"

# A late answer to a post that was let go.
TAKE_BACK = """
SELECT annotation_take_back(id, %(lease)s * interval '1 second') FROM annotation_assignment
WHERE id = %(assignment)s AND lease_expires_at > now() - %(waited)s * interval '1 second'
"""

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

MANY_POSTS_LOCK = 7_0001
#: A walk past own posts that takes longer is remembered: some two thousand of them.
PATIENCE = timedelta(milliseconds=5)
#: As many posts of a campaign that spreads them over strata may wait for raters of other strata than
#: the one who asks; then that rater is handed one of them all the same. A look at 500 takes ten
#: milliseconds, and somebody whose stratum is two judgements ahead everywhere has a day's work in them.
LOOK_AHEAD = 500


def claim(*, campaign: Campaign, rater: Rater, count: int = 1) -> list[Assignment]:
    """The rater's live assignments, topped up to `count` (at most MAX_AHEAD) from the queue.

    Asking again hands out nothing new while the earlier posts are still unanswered, so a reload
    burns no lease. The list is empty when nothing is left, or when the rater's quota is reached.
    Raises CampaignNotOpen, MembershipPaused, NotAdmitted.
    """
    if campaign.state != Campaign.State.OPEN:
        raise CampaignNotOpen
    asked = {
        "campaign": campaign.id,
        "rater": rater.id,
        "ask": min(count, MAX_AHEAD),
        "lease": campaign.lease_seconds,
        "spares": campaign.leaves_out_sensitive,
        "gold_share": campaign.gold_share,
        "daily": campaign.daily_limit,
        "midnight": midnight(),
        "patience": PATIENCE,
        "look_ahead": LOOK_AHEAD if campaign.spread else 0,
        "lock": MANY_POSTS_LOCK,
    }
    claimed = [_assignment(campaign, rater, row) for row in rows(CLAIM, asked)]
    if not claimed:
        _check_may_claim(campaign, rater)
    return claimed


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
    }
    return rows(TAKE_BACK, late) == [(True,)]


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


def _assignment(campaign: Campaign, rater: Rater, row: tuple) -> Assignment:
    assignment, place, place.post = SHAPE.read(row)
    assignment.campaign, assignment.rater, assignment.campaign_post = campaign, rater, place
    return assignment


def _check_may_claim(campaign: Campaign, rater: Rater) -> None:
    """Whoever is handed nothing hears whether that is because of themselves."""
    member = Membership.objects.filter(campaign=campaign, rater=rater).first()
    if member is None or member.state != Membership.State.ACTIVE:
        raise MembershipPaused(member.paused_reason if member else "")
    if not member.admitted:
        raise NotAdmitted
