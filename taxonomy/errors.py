"""What can be wrong with a taxonomy file or with picks from it."""

from collections.abc import Sequence
from difflib import get_close_matches

from lib.errors import Conflict, PathosError, Unprocessable


class UnknownAffect(Unprocessable):
    """The taxonomy has no such affect."""

    code = "unknown_affect"

    def __init__(self, pick: object, keys: Sequence[str]):
        near = get_close_matches(str(pick), keys, n=1)
        way_out = f"did you mean '{near[0]}'?" if near else f"it has: {', '.join(keys)}."
        what = f"The taxonomy has no affect '{pick}'; {way_out}"
        super().__init__(what, errors=[{"where": "picks", "what": what}])


class RepeatedPick(Unprocessable):
    """An affect can be picked once in a judgement."""

    code = "repeated_pick"

    def __init__(self, pick: str):
        what = f"'{pick}' is picked twice; each affect counts once in a judgement."
        super().__init__(what, errors=[{"where": "picks", "what": what}])


class BadTaxonomy(PathosError):
    """The taxonomy file can't be used."""

    code = "bad_taxonomy"


class UnknownTaxonomy(BadTaxonomy):
    """There is no such taxonomy."""

    status = 404
    code = "unknown_taxonomy"


class TaxonomyFrozen(Conflict):
    """A taxonomy that a campaign uses is never edited, only succeeded by a higher version."""

    code = "taxonomy_frozen"


class AlreadyThere(Conflict):
    """The taxonomy has this affect, or somebody has proposed it."""

    code = "already_there"
