"""What the doors ask for, found or refused."""

from django.utils import timezone

from work.rules import Week


def get_week(text: str | None) -> Week:
    """The week as it is written, or the present one where clocks show the zone of the pages.

    Raises BadWeek.
    """
    return Week.parse(text) if text else Week.of(timezone.localdate())
