"""Why somebody can't come in by an entrance, told kindly and in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Gone, PathosError, Unprocessable


class CannotEnter(PathosError):
    """Nobody can come in by this link as it was opened."""

    code = "cannot_enter"
    heading = gettext_lazy("This link does not work as it is")
    sentence = gettext_lazy("Nobody can come in by this link as it was opened.")


class IdMissing(CannotEnter, Unprocessable):
    """The link lacks an id that the platform adds when it is opened from there."""

    code = "id_missing"
    heading = gettext_lazy("Please open the link from its platform")

    def __init__(self, platform: str, name: str):
        sentence = _(
            "This page was opened without your %(name)s. %(platform)s adds it when you open the "
            "link from there. Please go back to %(platform)s and open the study again."
        )
        super().__init__(sentence % {"platform": platform, "name": name})


class IdUnusable(CannotEnter, Unprocessable):
    """An id in the link is too long, or has characters that no id has."""

    code = "id_unusable"

    def __init__(self, name: str, longest: int):
        sentence = _(
            "The %(name)s in this link cannot be used: an id has at most %(longest)s letters, "
            "digits and the signs . _ - @ : + after the first. Please open the link once more "
            "from where you found it."
        )
        super().__init__(sentence % {"name": name, "longest": longest})


class EntranceClosed(CannotEnter, Gone):
    """The entrance takes in nobody new."""

    code = "entrance_closed"
    heading = gettext_lazy("This study is closed")
    sentence = gettext_lazy(
        "Nobody new can take part at the moment. Thank you for wanting to help."
    )


class EntranceFull(EntranceClosed):
    """As many people as the entrance has places for have come."""

    code = "entrance_full"
    heading = gettext_lazy("All places are taken")
    sentence = gettext_lazy(
        "As many people as we need have come already. Thank you for wanting to help."
    )


class AlreadyTookPart(EntranceClosed):
    """The same person came into the campaign by another entrance before."""

    code = "already_took_part"
    heading = gettext_lazy("You have been here before")
    sentence = gettext_lazy(
        "You have a part in this study already, from an earlier link. Each person takes part once. "
        "To go on with your part, please open that link again."
    )


class HasLeft(EntranceClosed):
    """The participant deleted the account, or an admin closed it."""

    code = "has_left"
    heading = gettext_lazy("Your part has ended")
    sentence = gettext_lazy("Your part in this study has ended. Thank you for your help.")


class BadEntrance(PathosError):
    """The entrance can't be made as asked."""

    code = "bad_entrance"
