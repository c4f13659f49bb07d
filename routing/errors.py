"""What can be wrong with a round that somebody asks for."""

from lib.errors import Conflict, NotFound, PathosError, Unprocessable


class BadRound(PathosError):
    """The round can't be run as asked."""

    code = "bad_round"


class UnknownStrategy(BadRound):
    """There is no such strategy."""

    code = "unknown_strategy"

    def __init__(self, asked: str, known: list[str]):
        super().__init__(f"'{asked}' is no strategy of routing; use {', '.join(known)}.")


class TopKRefused(BadRound):
    """Taking the highest scores gives the other posts no chance at all, so their propensity is
    not defined and no figure could ever be corrected. Use the strategy 'focused', which asks for
    likely carriers most and still gives every post a known chance."""

    code = "top_k_refused"


class BadImportance(Unprocessable):
    """An affect's importance is a number from 0 up, and one affect must have more than 0."""

    code = "bad_importance"


class CannotPin(Conflict):
    """Only a post that is open and still wants judgements can be pinned."""

    code = "cannot_pin"


class UnknownPost(NotFound):
    """The campaign has no such post."""

    code = "unknown_post"


class EmptyPool(Conflict):
    """Every post of the campaign has a judgement or is in a rater's hands: none is left to draw."""

    code = "empty_pool"


class RoundUnderWay(Conflict):
    """A round of this campaign is under way. Wait until it is done, then ask again."""

    code = "round_under_way"


class UnknownRound(NotFound):
    """The campaign has no round with this number."""

    code = "unknown_round"
