"""Pure rules about affects and picks."""

from collections.abc import Iterable, Sequence

from taxonomy.errors import RepeatedPick, UnknownAffect

#: Judgements store their picks as one bigint. Bit i is the affect at position i; `other` has a bit
#: of its own, high up, so that the mask stays positive and a later, longer taxonomy still fits.
MAX_AFFECTS = 62
OTHER_BIT = 62
OTHER = "other"


def mask_of(picks: Iterable[str], keys: Sequence[str]) -> int:
    """The bit mask of `picks`, given the affects' keys in position order.

    >>> mask_of(["touched", "adoring"], ("adoring", "connected", "touched"))
    5
    """
    position = {key: index for index, key in enumerate(keys)}
    mask = 0
    for pick in picks:
        if pick not in position:
            raise UnknownAffect(pick, keys)
        bit = 1 << position[pick]
        if mask & bit:
            raise RepeatedPick(pick)
        mask |= bit
    return mask


def keys_of(mask: int, keys: Sequence[str]) -> list[str]:
    """The affects of a bit mask, in position order; `other` is not among them.

    >>> keys_of(5, ("adoring", "connected", "touched"))
    ['adoring', 'touched']
    """
    return [key for index, key in enumerate(keys) if mask >> index & 1]
