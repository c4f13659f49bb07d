"""Pure decisions about picks, and about the settings of a campaign."""

import re
from decimal import Decimal

from annotation.errors import TooFewPicks, TooManyPicks

#: What a rater may write into `other`: a word or two, not an essay.
MAX_OTHER = 200
#: How many posts one rater may hold at a time (the one on the screen and those fetched ahead).
MAX_AHEAD = 5


def check_pick_count(mask: int, *, least: int, most: int | None) -> None:
    """`other` counts as a pick: with 15 affects and three picks there are 696 possible answers."""
    picked = mask.bit_count()
    if picked < least:
        raise TooFewPicks(picked, least)
    if most is not None and picked > most:
        raise TooManyPicks(picked, most)


def is_right(picks: int, expected: int, excluded: int) -> bool:
    """Whether an answer to gold is right: one of the expected affects, and none of the excluded."""
    return bool(picks & expected) and not picks & excluded


def faults_of_settings(
    *,
    lease_seconds: int,
    daily_limit: int | None,
    break_after_minutes: int | None,
    cover_reported_from: int | None,
    pay_per_hour: Decimal | None,
    pay_currency: str,
) -> dict[str, str]:
    """What is wrong with a campaign's settings, by the field at which it is wrong."""
    week = 7 * 86_400
    lettered = re.fullmatch("[A-Z]{3}", pay_currency)
    faults = {
        "lease_seconds": not 60 <= lease_seconds <= week and "A lease lasts a minute to a week.",
        "daily_limit": daily_limit == 0 and "At least 1, or empty for no limit.",
        "break_after_minutes": break_after_minutes == 0 and "At least 1, or empty for never.",
        "cover_reported_from": cover_reported_from == 0 and "At least 1, or empty for never.",
        "pay_per_hour": pay_per_hour is not None and pay_per_hour < 0 and "Pay can't be below 0.",
        "pay_currency": not lettered and "A currency has three capital letters, such as EUR.",
    }
    return {field: fault for field, fault in faults.items() if fault}
