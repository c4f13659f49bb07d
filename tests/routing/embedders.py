"""Stand-ins for a champion, named in the settings by tests: some know the affects, some nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from annotation.models import Campaign
from lib.errors import PathosError

WORDS = [("funny", "hilarious", "laughed"), ("sad", "cry", "painful"), ("timetable", "prices")]


@dataclass
class Embedder:
    """Two numbers of noise, and after them, if it knows, which affect the words tell of."""

    name: str
    knows: bool
    asked: list[int] = field(default_factory=list)
    learnt_from: set[str] = field(default_factory=set)

    def embed(self, posts: Sequence[Mapping]) -> np.ndarray:
        self.asked.append(len(posts))
        return np.float16([self._numbers(post["body"]) for post in posts]).reshape(len(posts), -1)

    def unseen(self, posts: Sequence[Mapping]) -> np.ndarray:
        return np.array([post["key"] not in self.learnt_from for post in posts], bool)

    def _numbers(self, text: str) -> list[float]:
        noise = [len(text) % 7, len(text) % 3]
        told = [float(any(word in text for word in words)) for words in WORDS]
        return noise + told if self.knows else noise


KNOWING, IGNORANT = Embedder("pathos-feelings v3", True), Embedder("pathos-feelings v2", False)


def knowing(campaign: Campaign, name: str = "") -> Embedder:
    return KNOWING


def ignorant(campaign: Campaign, name: str = "") -> Embedder:
    return IGNORANT


def away(campaign: Campaign, name: str = "") -> Embedder:
    raise PathosError("The store of models can't be reached.")
