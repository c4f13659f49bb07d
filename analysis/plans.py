"""What somebody says about a file that its content doesn't."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from analysis.errors import BadPlan

FORMATS = ("auto", "csv", "label-studio", "doccano")
#: What a column can be. `raters` and `labels` name several, with commas between them.
ROLES = ("post", "rater", "picks", "text", "raters", "labels")
#: The same rater twice on one post: each row names one label of several, or the first row holds.
REPEATS = ("auto", "join", "reject")
#: Stands for a rater's column where the file has none: the first, second … judgement of each post.
PLACES = "#"
#: Says that each cell holds one label, whatever signs are in it.
NO_SEPARATOR = "none"


@dataclass(frozen=True)
class Plan:
    """Raises BadPlan with what can be said instead.

    columns    which column is what: {"picks": "offensiveness"}
    labels     the labels' names where the file has lists of 0 and 1, in the lists' order
    separator  what stands between the labels of a cell; empty: found out from the cells
    """

    format: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    separator: str = ""
    repeats: str = "auto"
    keep_names: bool = False
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        _check("format", self.format, FORMATS)
        _check("repeats", self.repeats, REPEATS)
        for role in self.columns:
            _check("columns", role, ROLES)

    def as_dict(self) -> dict:
        return {**asdict(self), "columns": dict(self.columns), "labels": list(self.labels)}

    @classmethod
    def of(cls, stored: Mapping) -> "Plan":
        """The plan that `as_dict` was made from."""
        return cls(**{**stored, "labels": tuple(stored.get("labels", ()))})


def names_in(text: str) -> tuple[str, ...]:
    """The names in "joy, fear".

    >>> names_in("joy, fear,")
    ('joy', 'fear')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _check(where: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        what = f"'{value}' is none of: {', '.join(known)}."
        raise BadPlan(f"{where}: {what}", errors=[{"where": where, "what": what}])
