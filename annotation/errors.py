"""What can go wrong for a rater, an admin or a program at annotation's doors."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.errors import Conflict, Gone, NotFound, PathosError, Unprocessable


class TooManyPicks(Unprocessable):
    """More affects are picked than the campaign allows."""

    code = "too_many_picks"

    def __init__(self, picked: int, most: int):
        what = _("{picked} are picked; at most {most} count here. Please take {more} away.").format(
            picked=picked, most=most, more=picked - most
        )
        super().__init__(what, errors=[{"where": "picks", "what": what}])


class TooFewPicks(Unprocessable):
    """Fewer affects are picked than the campaign needs."""

    code = "too_few_picks"

    def __init__(self, picked: int, least: int):
        what = ngettext(
            "No affects are picked; please pick at least one affect, or skip the post.",
            "Picked so far: {picked}; please pick at least {least} affects, or skip the post.",
            least,
        ).format(picked=picked, least=least)
        super().__init__(what, errors=[{"where": "picks", "what": what}])


class LeaseEnded(Gone):
    """The rater's time for the post has ended."""

    code = "lease_ended"
    sentence = _(
        "The time for this post had ended and it went back to the queue. Please take the next one."
    )


class PostWithdrawn(Gone):
    """The post was taken out of the campaign."""

    code = "post_withdrawn"
    sentence = _("This post was taken out of the campaign meanwhile. Thank you; please go on.")


class AlreadyJudged(Conflict):
    """This post is already judged. Revise the judgement instead of submitting a second one."""

    code = "already_judged"

    def __init__(self, judgement_id: int):
        super().__init__(
            f"This post is already judged; revise it with PATCH judgements/{judgement_id}/.",
            errors=[{"where": "judgement", "what": str(judgement_id)}],
        )


class AssignmentClosed(Conflict):
    """The post was skipped before."""

    code = "assignment_closed"
    sentence = _("This post was skipped and can't be judged any more. Please take the next one.")


class KeyReused(Unprocessable):
    """This idempotency key was already used for another answer. Send a fresh key with each answer."""

    code = "idempotency_key_reused"


class NotYours(NotFound):
    """No assignment of this rater has this id."""

    code = "not_found"
    sentence = _("There is no such assignment among yours.")


class OtherRater(PathosError):
    """The answer is that of somebody else than who is signed in."""

    status = 403
    code = "other_rater"
    sentence = _("Somebody else is signed in here. The answer is kept until its rater is back.")


class CampaignNotOpen(Conflict):
    """The campaign is paused or closed."""

    code = "campaign_not_open"
    sentence = _("The campaign is not open at the moment. Nothing is lost; please come back later.")


class AnalysisOnly(Conflict):
    """This campaign is for analysis only: it holds judgements made elsewhere, and nobody judges here."""

    code = "analysis_only"


class MembershipPaused(Conflict):
    """The rater's part in the campaign is paused."""

    code = "membership_paused"
    sentence = _("Your part in this campaign is paused. An admin can tell you more.")

    def __init__(self, reason: str = ""):
        told = _("Your part in this campaign is paused: {reason}")
        super().__init__(told.format(reason=reason) if reason else None)


class NotAdmitted(Conflict):
    """The rater has steps left before the first post."""

    code = "not_admitted"
    sentence = _(
        "There are a few steps before the first post. Open the campaign in a browser to take them."
    )


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


class GoldWithdrawn(Conflict):
    """This post was gold before it was withdrawn. Say its right picks anew on the page Gold, or with
    import_gold: that puts it back."""

    code = "gold_withdrawn"
