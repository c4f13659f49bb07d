"""The verbs on judgements: submit one, revise one."""

from functools import lru_cache
from hashlib import blake2b
from json import dumps

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from annotation import assignments
from annotation.errors import AlreadyJudged, KeyReused
from annotation.models import Assignment, CampaignPost, Gold, Judgement, JudgementRevision
from annotation.rules import MAX_OTHER, check_pick_count, is_right
from lib.errors import Unprocessable
from lib.prepared import Joined, rows
from taxonomy.models import Taxonomy
from taxonomy.rules import OTHER_BIT, mask_of

# One statement, so one round trip and one moment: win the assignment, count the post, store the
# answer. It does nothing at all when the assignment is not live (any more) or the key is used.
# Its plan is kept, so it may date from a day when the tables were empty: `|| ''` leaves the primary
# key as the only index that fits, and OFFSET 0 keeps the look at the key from becoming a join.
STORED = Joined(judgement=Judgement)
SUBMIT = f"""
WITH won AS (
    UPDATE annotation_assignment SET state = 'done', closed_at = now()
    WHERE id = %(assignment)s AND state || '' = 'offered'
      AND lease_expires_at > now() - %(waited)s * interval '1 second'
      AND NOT EXISTS (
        SELECT FROM annotation_judgement AS earlier
        WHERE earlier.rater_id = annotation_assignment.rater_id
          AND idempotency_key = %(key)s::text OFFSET 0
      )
    RETURNING id, campaign_id, campaign_post_id, rater_id
), counted AS (
    UPDATE annotation_campaignpost AS post SET judged = judged + 1
    FROM won WHERE post.id = won.campaign_post_id
    RETURNING post.id
)
INSERT INTO annotation_judgement AS judgement (
    assignment_id, campaign_id, campaign_post_id, rater_id, picks, other, frame, seconds,
    judged_at, revision, set_aside, gold_right, idempotency_key, request_hash
)
SELECT won.id, won.campaign_id, counted.id, won.rater_id, %(picks)s, %(other)s, %(frame)s,
    %(seconds)s::float8, now(), 0, false,
    %(picks)s & gold.expected <> 0 AND %(picks)s & gold.excluded = 0, %(key)s::text, %(hash)s
FROM won JOIN counted ON counted.id = won.campaign_post_id
LEFT JOIN annotation_gold AS gold ON gold.campaign_post_id = counted.id
RETURNING {STORED.columns}
"""


def submit(
    *,
    assignment: Assignment,
    picks: list[str],
    other: str = "",
    seconds: float | None = None,
    idempotency_key: str | None = None,
    waited: float = 0.0,
) -> Judgement:
    """Stores the answer once, however often it is sent with the same idempotency key.

    `waited` are the seconds that the answer lay in the browser before it could be sent: it counts
    as given that long ago, and is taken as long as the post still has a place for it.
    Raises UnknownAffect, RepeatedPick, TooManyPicks, TooFewPicks, LeaseEnded, AssignmentClosed,
    PostWithdrawn, AlreadyJudged, KeyReused.
    """
    request = _request_hash(assignment, picks, other, seconds)
    mask, other = check_answer(assignment, picks, other)
    answer = {
        "assignment": assignment.id,
        "picks": mask,
        "other": other,
        "frame": assignment.campaign.frame,
        "seconds": seconds,
        "key": idempotency_key,
        "waited": waited,
        "hash": request,
    }
    stored = _store(answer)
    if stored is None and waited and assignments.take_back(assignment=assignment, waited=waited):
        stored = _store(answer)
    return stored or _why_not(assignment, idempotency_key, request)


@transaction.atomic
def revise(
    *, judgement: Judgement, picks: list[str], other: str = "", seconds: float | None = None
) -> Judgement:
    """Keeps what was said as a revision and stores the new answer. The same answer: no revision."""
    judgement = Judgement.objects.select_for_update(of=["self"]).get(id=judgement.id)
    mask, other = check_answer(judgement, picks, other)
    if (mask, other) == (judgement.picks, judgement.other):
        return judgement
    JudgementRevision.objects.create(
        judgement=judgement,
        **{
            name: getattr(judgement, name)
            for name in ("revision", "picks", "other", "seconds", "judged_at")
        },
    )
    judgement.picks, judgement.other = mask, other
    judgement.revision += 1
    judgement.seconds = judgement.seconds if seconds is None else seconds
    if gold := Gold.objects.filter(campaign_post=judgement.campaign_post_id).first():
        judgement.gold_right = is_right(mask, gold.expected, gold.excluded)
    judgement.save(update_fields=["picks", "other", "revision", "seconds", "gold_right"])
    return judgement


def check_answer(
    answered: Assignment | Judgement | CampaignPost, picks: list[str], other: str
) -> tuple[int, str]:
    """The picks as a mask and the tidied `other` text, if the campaign allows them together."""
    other = " ".join(other.split())
    if len(other) > MAX_OTHER:
        told = gettext("“Other” has {length} characters; please say it in at most {most}.")
        what = told.format(length=len(other), most=MAX_OTHER)
        raise Unprocessable(what, errors=[{"where": "other", "what": what}])
    campaign = answered.campaign
    mask = mask_of(picks, affect_keys(campaign.taxonomy_id)) | bool(other) << OTHER_BIT
    check_pick_count(mask, least=campaign.min_picks, most=campaign.max_picks)
    return mask, other


@lru_cache
def affect_keys(taxonomy_id: int) -> tuple[str, ...]:
    """Remembered for the life of the process: a taxonomy that a campaign uses never changes."""
    return Taxonomy.objects.get(id=taxonomy_id).keys


def _store(answer: dict) -> Judgement | None:
    try:
        return next((STORED.read(row)[0] for row in rows(SUBMIT, answer)), None)
    except IntegrityError:  # the same key was used for another post at this very moment
        raise KeyReused from None


def _request_hash(assignment: Assignment, picks: list, other: str, seconds: float | None) -> bytes:
    """Tells a repeated request from another one under the same key."""
    body = dumps([assignment.id, sorted(map(str, picks)), other, seconds])
    return blake2b(body.encode(), digest_size=16).digest()


def _repeated(assignment: Assignment, key: str, request: bytes) -> Judgement | None:
    known = Judgement.objects.filter(rater_id=assignment.rater_id, idempotency_key=key).first()
    if known and bytes(known.request_hash) != request:
        raise KeyReused
    return known


def _why_not(assignment: Assignment, key: str | None, request: bytes) -> Judgement:
    """The assignment was not live: a parallel twin of this request won it, or it is over."""
    if key and (repeated := _repeated(assignment, key, request)):
        return repeated
    judged = Judgement.objects.filter(assignment=assignment).first()
    if judged:
        raise AlreadyJudged(judged.id)
    assignment.refresh_from_db(fields=["state"])
    raise assignments.closed(assignment)
