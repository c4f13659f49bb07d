"""Pure decisions about picks."""

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
