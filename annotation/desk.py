"""What a rater may pick, as it lies on the desk: grouped, always in one order, each with its key."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from taxonomy.models import Affect, Taxonomy

#: Keys that do something else on the page: Skip, Flag, Other, Definitions, View, Zoom, Last ones.
RESERVED = "sfodvzl"
#: Digits first, then letters in the order of the keyboard's rows; affects beyond have no key.
KEYS = [
    *"1234567890",
    *(letter for letter in "qwertyuiopasdfghjklzxcvbnm" if letter not in RESERVED),
]
TITLES = {
    Affect.Valence.POSITIVE: "Positive",
    Affect.Valence.EITHER: "Either or neither",
    Affect.Valence.NEUTRAL: "Either or neither",
    Affect.Valence.NEGATIVE: "Negative",
}


@dataclass(frozen=True)
class Choice:
    affect: Affect
    shortcut: str
    picked: bool


@dataclass(frozen=True)
class Group:
    title: str
    choices: list[Choice]

    @property
    def size(self) -> str:
        """How much room the group takes beside the others."""
        count = len(self.choices)
        return "pair" if count <= 2 else "few" if count <= 4 else "many"


def groups_of(taxonomy_id: int, picked: Collection[str] = ()) -> list[Group]:
    """The taxonomy's affects by valence. A taxonomy that tells no valences is one group."""
    shown: dict[str, list[Affect]] = {}
    for valence, title in TITLES.items():
        members = [affect for affect in affects_of(taxonomy_id) if affect.valence == valence]
        shown[title] = shown.get(title, []) + members
    groups = [(title, members) for title, members in shown.items() if members]
    if len(groups) == 1:
        groups = [("Affects", groups[0][1])]
    keys = iter(KEYS)
    return [
        Group(title, [Choice(affect, next(keys, ""), affect.key in picked) for affect in members])
        for title, members in groups
    ]


@lru_cache
def affects_of(taxonomy_id: int) -> tuple[Affect, ...]:
    """Remembered for the life of the process: a taxonomy that a campaign uses never changes."""
    return tuple(Taxonomy.objects.get(id=taxonomy_id).affects.all())
