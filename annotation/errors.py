"""What can go wrong for a rater, an admin or a program at annotation's doors."""

from lib.errors import Conflict, Gone, NotFound, PathosError, Unprocessable


class TooManyPicks(Unprocessable):
    """More affects are picked than the campaign allows."""

    code = "too_many_picks"

    def __init__(self, picked: int, most: int):
        what = f"{picked} are picked; at most {most} count here. Please take {picked - most} away."
        super().__init__(what, errors=[{"where": "picks", "what": what}])


class TooFewPicks(Unprocessable):
    """Fewer affects are picked than the campaign needs."""

    code = "too_few_picks"

    def __init__(self, picked: int, least: int):
        wanted = "one affect" if least == 1 else f"{least} affects"
        what = (
            f"{picked or 'No'} affects are picked; please pick at least {wanted}, or skip the post."
        )
        super().__init__(what, errors=[{"where": "picks", "what": what}])


class LeaseEnded(Gone):
    """The time for this post had ended and it went back to the queue. Please take the next one."""

    code = "lease_ended"


class PostWithdrawn(Gone):
    """This post was taken out of the campaign meanwhile. Thank you; please go on."""

    code = "post_withdrawn"


class AlreadyJudged(Conflict):
    """This post is already judged. Revise the judgement instead of submitting a second one."""

    code = "already_judged"

    def __init__(self, judgement_id: int):
        super().__init__(
            f"This post is already judged; revise it with PATCH judgements/{judgement_id}/.",
            errors=[{"where": "judgement", "what": str(judgement_id)}],
        )


class AssignmentClosed(Conflict):
    """This post was skipped and can't be judged any more. Please take the next one."""

    code = "assignment_closed"


class KeyReused(Unprocessable):
    """This idempotency key was already used for another answer. Send a fresh key with each answer."""

    code = "idempotency_key_reused"


class NotYours(NotFound):
    """There is no such assignment among yours."""

    code = "not_found"


class OtherRater(PathosError):
    """Somebody else is signed in here. The answer is kept until its rater is back."""

    status = 403
    code = "other_rater"


class CampaignNotOpen(Conflict):
    """The campaign is not open at the moment. Nothing is lost; please come back later."""

    code = "campaign_not_open"


class MembershipPaused(Conflict):
    """Your part in this campaign is paused. An admin can tell you more."""

    code = "membership_paused"

    def __init__(self, reason: str = ""):
        super().__init__(f"Your part in this campaign is paused: {reason}" if reason else None)


class NotAdmitted(Conflict):
    """There are a few steps before the first post. Open the campaign in a browser to take them."""

    code = "not_admitted"


class AlreadySetAside(Conflict):
    """Judgements of this rater are set aside already. Bring them back first, then set aside anew."""

    code = "already_set_aside"


class NotSetAside(Conflict):
    """No judgements of this rater are set aside, so there are none to bring back."""

    code = "not_set_aside"


class NothingToSetAside(Unprocessable):
    """This rater has made no judgements in that time, so there are none to set aside."""

    code = "nothing_to_set_aside"


class BadCampaign(PathosError):
    """The campaign can't be made as asked."""

    code = "bad_campaign"


class UnknownCampaign(NotFound):
    """There is no such campaign."""

    code = "unknown_campaign"

    def __init__(self, slug: str, known: list[str]):
        super().__init__(
            f"There is no campaign '{slug}'. There are: {', '.join(known) or 'none yet'}."
        )


class BadGold(Unprocessable):
    """The right picks of a post can't be used."""

    code = "bad_gold"

    def __init__(self, field: str, reason: str):
        super().__init__(f"'{field}' {reason}.", errors=[{"where": field, "what": reason}])


class PostIsJudged(Conflict):
    """Raters have judged this post already: it can't become gold, nor be ordinary again."""

    code = "post_is_judged"

    def __init__(self, key: str, judgements: int):
        judged = f"is judged already ({judgements}×)" if judgements else "is being judged just now"
        super().__init__(
            f"The post '{key}' {judged}: it can't become gold, nor ordinary again. "
            "Take another post; this one may be withdrawn."
        )
