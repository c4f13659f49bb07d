"""Which targets a model has. The list is data: a preset file, or whatever a taxonomy holds."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.errors import TrainingError

PRESETS = Path(__file__).parent / "presets"
#: valences that a like makes a person's own, where the taxonomy does not say
LIKED = ("positive", "either")


@dataclass(frozen=True)
class Task:
    """One prediction target; a copy of each is frozen into every bundle."""

    key: str
    #: affect, reaction, behaviour or negative_feedback
    kind: str
    #: where its labels may come from: human (raters), care (comments), signals (engagement)
    sources: tuple[str, ...]
    #: positive, negative, either or neutral
    valence: str
    #: whether someone's like or love makes a post's label that person's label too
    personalise: bool

    @property
    def is_affect(self) -> bool:
        """Affects are judged; everything else is something a person did."""
        return self.kind == "affect"


def load_tasks(name: str, taxonomy: Mapping) -> tuple[Task, ...]:
    """`taxonomy`: the snapshot's own affects. Otherwise a preset's tasks, by its file name."""
    if name == "taxonomy":
        return from_taxonomy(taxonomy)
    path = PRESETS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(preset.stem for preset in PRESETS.glob("*.toml")))
        raise TrainingError(f"There is no task list {name!r}; known are taxonomy, {known}.")
    return read_tasks(tomllib.loads(path.read_text())["tasks"])


def from_taxonomy(taxonomy: Mapping) -> tuple[Task, ...]:
    """One task per affect, in the taxonomy's order. `other` is no affect and no task."""
    return read_tasks(
        {
            "key": affect["key"],
            "kind": "affect",
            "sources": ("human", "care"),
            "valence": affect.get("valence", ""),
            "personalise": affect.get("personalised", affect.get("valence") in LIKED),
        }
        for affect in taxonomy["affects"]
    )


def read_tasks(rows: Iterable[Mapping]) -> tuple[Task, ...]:
    """Tasks from plain mappings, as in a preset or in a bundle's `classes.json`."""
    tasks = tuple(Task(**{**row, "sources": tuple(row["sources"])}) for row in rows)
    if len({task.key for task in tasks}) < len(tasks):
        raise TrainingError("Two tasks of the list have the same key; every key must be unique.")
    return tasks
