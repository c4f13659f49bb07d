"""How a report on agreement is to be computed, and over what: one set of options for every door."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from urllib.parse import urlencode

from agreement.errors import UnknownOption
from agreement.interrater import check_ways

#: Smallest and largest value. Two draws make no interval to speak of, but they do no harm.
LIMITS = {"min_posts": (2, 1_000_000), "bootstrap": (0, 10_000), "seed": (0, 2**32 - 1)}
ALL, ROUTED, UNIFORM = "all", "routed", "uniform"
DRAWN = (ALL, ROUTED, UNIFORM)
#: So many raters can be left out at once: an address has to hold them.
MOST_WITHOUT = 100


@dataclass(frozen=True)
class Options:
    """The first five say how, as in `agreement.report.compute`; the others what if there were only

    without  the judgements of all raters but these, by the numbers of their memberships
    since    judgements made on this day or later, in the zone that pages show
    until    judgements made on this day or earlier
    drawn    posts as routing's search chose them ("routed"), or its even share ("uniform")

    Raises UnknownOption with what can be used instead.

    >>> Options(min_posts=30).as_dict()["min_posts"]
    30
    >>> Options(without=(9, 3, 9), since=date(2026, 5, 4)).choice
    {'without': [3, 9], 'since': '2026-05-04'}
    """

    correlation: str = "pearson"
    undefined: str = "exclude"
    min_posts: int = 2
    bootstrap: int = 0
    seed: int = 0
    without: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    drawn: str = ALL

    def __post_init__(self) -> None:
        check_ways(self.correlation, self.undefined)
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise _unknown(
                    name, f"must be a whole number from {least:,} to {most:,}, not {value:,}."
                )
        if self.drawn not in DRAWN:
            raise _unknown("drawn", f"must be {', '.join(DRAWN[:-1])} or {DRAWN[-1]}.")
        if self.since and self.until and self.until < self.since:
            raise _unknown("until", f"must not be before 'since', {self.since}.")
        object.__setattr__(self, "without", tuple(sorted(set(self.without))))
        if len(self.without) > MOST_WITHOUT:
            raise _unknown("without", f"names at most {MOST_WITHOUT} raters.")

    @classmethod
    def of(cls, stored: dict) -> "Options":
        """From what `as_dict` gave."""
        days = {
            name: date.fromisoformat(stored[name]) for name in ("since", "until") & stored.keys()
        }
        return cls(**stored | days)

    @property
    def ways(self) -> dict[str, str | int]:
        """The options of `agreement.report.compute`."""
        return {name: value for name, value in asdict(self).items() if name not in CHOICE}

    @property
    def choice(self) -> dict[str, str | list[int]]:
        """Of which judgements; empty where it is all of them."""
        chosen = {
            "without": list(self.without),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "drawn": "" if self.drawn == ALL else self.drawn,
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def of_all(self) -> "Options":
        """The same ways over all judgements, without intervals: these are at hand."""
        return Options(**self.ways | {"bootstrap": 0})

    def as_dict(self) -> dict[str, str | int | list[int]]:
        """As a report is kept under. What says "all" is left out, as it was before it could be said."""
        return self.ways | self.choice

    @property
    def said(self) -> dict[str, str]:
        """As forms and addresses say it."""
        numbers = {"without": ",".join(map(str, self.without))} if self.without else {}
        return {name: str(value) for name, value in (self.as_dict() | numbers).items()}

    @property
    def query(self) -> str:
        """What isn't as usual, as an address carries it."""
        usual = Options().said
        return urlencode({k: v for k, v in self.said.items() if v != usual.get(k)})


#: The options that say what is counted, not how.
CHOICE = tuple(field.name for field in fields(Options))[5:]


def numbers(text: str) -> tuple[int, ...]:
    """The raters' numbers in a text such as "12, 15". Raises UnknownOption.

    >>> numbers("12, 15")
    (12, 15)
    """
    parts = text.replace(",", " ").split()
    if not all(part.isdecimal() and part.isascii() and len(part) < 19 for part in parts):
        raise _unknown("without", "takes raters' numbers with commas between, such as 12,15.")
    return tuple(map(int, parts))


def _unknown(name: str, what: str) -> UnknownOption:
    what = f"'{name}' {what}"
    return UnknownOption(what, errors=[{"where": name, "what": what}])
