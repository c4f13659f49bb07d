"""How a report on agreement is to be computed: one set of options for every door."""

from dataclasses import asdict, dataclass

from agreement.errors import UnknownOption
from agreement.interrater import check_ways

#: Smallest and largest value. Two draws make no interval to speak of, but they do no harm.
LIMITS = {"min_posts": (2, 1_000_000), "bootstrap": (0, 10_000), "seed": (0, 2**32 - 1)}


@dataclass(frozen=True)
class Options:
    """As in `agreement.report.compute`. Raises UnknownOption with what can be used instead.

    >>> Options(min_posts=30).as_dict()["min_posts"]
    30
    """

    correlation: str = "pearson"
    undefined: str = "exclude"
    min_posts: int = 2
    bootstrap: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        check_ways(self.correlation, self.undefined)
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                what = f"'{name}' must be a whole number from {least:,} to {most:,}, not {value:,}."
                raise UnknownOption(what, errors=[{"where": name, "what": what}])

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)
