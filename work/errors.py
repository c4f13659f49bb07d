"""What can go wrong at the doors of work."""

from django.utils.translation import gettext_lazy as _

from lib.errors import Conflict, PathosError, Unprocessable


class BadWeek(PathosError):
    """A week is written as 2026-W47: the year, W and the ISO week's two digits."""

    code = "bad_week"

    def __init__(self, text: str):
        what = f"There is no week '{text}'. Write it as 2026-W47: the year, W, two digits."
        super().__init__(what, errors=[{"where": "week", "what": what}])


class LastAdmin(Conflict):
    """You are the only admin. Make somebody else an admin first, then delete your account."""

    code = "last_admin"

    def __init__(self):
        super().__init__(
            _(
                "You are the only admin. Make somebody else an admin first, "
                "then delete your account."
            )
        )


class NotConfirmed(Unprocessable):
    """The account was not deleted, for what was typed does not confirm it."""

    code = "not_confirmed"
