"""Which groups of raters may be shown, and when. Pure.

What somebody declared of themselves is shown for five raters or more, never beside a name. Three
ways around that are closed. A group that is left out must not be the difference between all raters
and the groups that are shown; so what is left out always has five raters or more together. Figures
must not follow a rater who comes, goes, is set aside or takes a word back, or the group that changes
with them would be theirs; so a new release differs from every earlier one by five raters or by none.
And no one rater may make most of a group's figure; so pick rates are means over raters.

Whoever has all judgements with their raters in hand, and time, can still try which raters would
come to a group's figures. Against that only trust helps, and figures of two digits.
"""

from collections.abc import Iterable, Mapping

FEWEST = 5


def shown(sizes: Mapping[str, int]) -> list[str]:
    """The groups that may be shown, from the number of raters in each, the largest first. The
    groups are all there are: raters who said nothing are one, too.

    >>> shown({"18-24": 9, "25-34": 6, "35-44": 4, "": 12})
    ['', '18-24']
    >>> shown({"18-24": 9, "25-34": 6, "35-44": 4, "45-54": 1})
    ['18-24', '25-34']
    """
    left = sorted(sizes, key=lambda group: (-sizes[group], group))
    hidden = 0
    while left and (sizes[left[-1]] < FEWEST or 0 < hidden < FEWEST):
        hidden += sizes[left.pop()]
    return left


def may_release(changed: Iterable[set[int]]) -> bool:
    """Whether a new release may be shown, from the raters by whom it differs from each earlier one."""
    return all(not raters or len(raters) >= FEWEST for raters in changed)


def about(count: int) -> int:
    """A count to two digits, so that nobody can add up who is in it.

    >>> about(7), about(1234), about(96)
    (7, 1200, 96)
    """
    return int(float(f"{count:.1e}"))
