"""What a snapshot is asked to be, checked before anything is built."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agreement import consensus
from agreement.consensus import Rule
from snapshots.errors import BadPlan
from snapshots.formats import CONVERSIONS

DEFAULT_RULE = "votes>=3"
SOFT = "soft"
FORMATS = ("parquet", *CONVERSIONS)
#: Fixes the draw among the fans of a post that has too many.
DEFAULT_SEED = 1


@dataclass(frozen=True)
class Plan:
    """A snapshot's arguments. Together with the state of the database they fix its bytes."""

    name: str
    rules: tuple[Rule, ...]
    #: Converted copies of the tables, besides Parquet.
    formats: tuple[str, ...] = ()
    withdrawn: bool = False
    seed: int = DEFAULT_SEED

    @property
    def hard_rules(self) -> tuple[Rule, ...]:
        """Those that have a label column; the soft target is always there, as `soft`."""
        return tuple(rule for rule in self.rules if rule.name != SOFT)

    @property
    def personal_rule(self) -> Rule:
        """The rule by which an affect becomes a fan's: the first hard one."""
        return next(iter(self.hard_rules), consensus.parse(DEFAULT_RULE))

    def options(self) -> dict:
        """What is stored beside name and rules."""
        return {"formats": list(self.formats), "withdrawn": self.withdrawn, "seed": self.seed}


def make(
    *,
    name: str,
    rules: Sequence[str] = (),
    formats: Sequence[str] = (),
    withdrawn: bool = False,
    seed: int = DEFAULT_SEED,
) -> Plan:
    """The plan with these rules, the first of which is the primary one.

    Raises UnknownRule, or BadPlan for a name, a format or a seed that can't be used.
    """
    if not re.fullmatch(r"[\w][\w .-]{0,99}", name):
        raise BadPlan(
            f"'{name}' can't name a snapshot: use letters, digits, spaces, '.', '_' and '-', "
            "beginning with a letter or digit, at most 100."
        )
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise BadPlan(f"There is no format '{unknown[0]}'; there are {', '.join(FORMATS)}.")
    parsed = {rule.name: rule for rule in map(consensus.parse, rules or [DEFAULT_RULE])}
    return Plan(
        name=name,
        rules=tuple(parsed.values()),
        formats=tuple(name for name in CONVERSIONS if name in formats),
        withdrawn=withdrawn,
        seed=seed,
    )


def label_column(rule: Rule) -> str:
    """The column of labels.parquet that holds the rule's targets."""
    return SOFT if rule.name == SOFT else f"label_{rule.column}"
