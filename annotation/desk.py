"""What a rater may pick, as it lies on the desk: grouped, always in one order, each with its key."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from taxonomy import wordings
from taxonomy.models import Affect, Taxonomy

#: Keys that do something else on the page: Skip, Flag, Other, Definitions, View, Zoom, Last ones.
RESERVED = "sfodvzl"
#: Digits first, then letters in the order of the keyboard's rows; affects beyond have no key.
KEYS = [
    *"1234567890",
    *(letter for letter in "qwertyuiopasdfghjklzxcvbnm" if letter not in RESERVED),
]
TITLES = {
    Affect.Valence.POSITIVE: _("Positive"),
    Affect.Valence.EITHER: _("Either or neither"),
    Affect.Valence.NEUTRAL: _("Either or neither"),
    Affect.Valence.NEGATIVE: _("Negative"),
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
    affects = affects_of(taxonomy_id)
    shown: dict[str, list[Affect]] = {}
    for valence, title in TITLES.items():
        members = [affect for affect in affects if affect.valence == valence]
        shown[title] = shown.get(title, []) + members
    groups = [(title, members) for title, members in shown.items() if members]
    if len(groups) == 1:
        groups = [(_("Affects"), groups[0][1])]
    keys = iter(KEYS)
    return [
        Group(
            str(title), [Choice(affect, next(keys, ""), affect.key in picked) for affect in members]
        )
        for title, members in groups
    ]


def affects_of(taxonomy_id: int) -> tuple[Affect, ...]:
    """In position order, in the language of the page."""
    taxonomy, affects = _stored(taxonomy_id)
    wording = wordings.find(taxonomy, get_language() or "")
    return tuple(map(wording.of_affect, affects)) if wording.affects else affects


@lru_cache
def _stored(taxonomy_id: int) -> tuple[Taxonomy, tuple[Affect, ...]]:
    """Remembered for the life of the process: a taxonomy that a campaign uses never changes."""
    taxonomy = Taxonomy.objects.get(id=taxonomy_id)
    return taxonomy, tuple(taxonomy.affects.all())
