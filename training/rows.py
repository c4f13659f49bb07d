"""A snapshot's labels and signals as rows: what is known of each task, what it says, what it weighs.

Unknown is never 0: a cell nobody judged has no say in loss or figures. Axes: R rows, T tasks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from training.errors import SnapshotError
from training.snapshot import Snapshot
from training.tasks import Task

#: the person of a row that is about no one in particular
NOBODY = -1


@dataclass(frozen=True)
class Rows:
    """R rows over T tasks; `post_R` and `person_R` point into the snapshot's tables."""

    post_R: np.ndarray
    person_R: np.ndarray
    known_RT: np.ndarray
    target_RT: np.ndarray
    weight_RT: np.ndarray

    def __len__(self) -> int:
        return len(self.post_R)

    def take(self, chosen: np.ndarray) -> "Rows":
        """The rows of an index or a mask."""
        return Rows(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def only_tasks(self, kept: np.ndarray) -> "Rows":
        """The tasks of an index, and the rows that still know something."""
        narrow = Rows(
            self.post_R,
            self.person_R,
            *(cells[:, kept] for cells in (self.known_RT, self.target_RT, self.weight_RT)),
        )
        return narrow.take(narrow.known_RT.any(1))

    def counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Positive and negative cells per task; a soft target counts as positive from 0.5 up."""
        positive_RT = self.known_RT & (self.target_RT >= 0.5)
        return positive_RT.sum(0), (self.known_RT & ~positive_RT).sum(0)


def join_rows(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, in their order."""
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Rows))
    return Rows(*map(np.concatenate, columns))


def empty_cells(post_R: np.ndarray, person_R: np.ndarray, tasks: int) -> Rows:
    """Rows that know nothing yet, to be filled."""
    size = (len(post_R), tasks)
    known, target, weight = np.zeros(size, bool), np.zeros(size, np.float32), np.ones(size)
    return Rows(post_R, person_R, known, target, weight.astype(np.float32))


def judged_rows(
    snapshot: Snapshot, tasks: Sequence[Task], *, column: str, between: str, weighted: bool
) -> Rows:
    """One row per judged post, about nobody in particular.

    `column` holds the targets (a rule's, or `soft`). Under a rule, a post whose raters did not all
    pass the affect over, yet that the rule does not give it, is `unknown` or `negative` as
    `between` says. `weighted`: each post counts as many as it stands for.
    """
    positions = {task.key: i for i, task in enumerate(tasks) if "human" in task.sources}
    labels = snapshot.labels
    labels = labels[labels["affect"].isin(positions.keys()) & (labels["raters"] > 0)]
    target = labels[column].to_numpy(dtype=np.float32, na_value=np.nan)
    known = np.isfinite(target)
    if column != "soft" and between == "unknown":
        known &= (target == 1) | (labels["votes"].to_numpy() == 0)
    posts = positions_of(snapshot.post_index, labels["post_id"], "labels.parquet")

    post_R, row = np.unique(posts, return_inverse=True)
    rows = empty_cells(post_R, np.full(len(post_R), NOBODY), len(tasks))
    cell = row, labels["affect"].map(positions).to_numpy(dtype=np.int64)
    rows.known_RT[cell], rows.target_RT[cell] = known, np.nan_to_num(target)
    if weighted:
        rows.weight_RT[cell] = stands_for(labels)
    return rows.take(rows.known_RT.any(1))


def stands_for(labels: pd.DataFrame) -> np.ndarray:
    """The weight of every label's post. Snapshots made before there was a column of weights have
    propensities only, whose inverse is nearly that."""
    if "weight" in labels:
        return labels["weight"].to_numpy()
    return 1 / labels["propensity"].to_numpy()


def personal_rows(snapshot: Snapshot, tasks: Sequence[Task]) -> Rows:
    """One row per person and post whose label became that person's by a like or a love."""
    table = snapshot.personal_rows
    allowed = pd.MultiIndex.from_tuples(
        [(task.key, source) for task in tasks if task.personalise for source in task.sources],
        names=["affect", "source"],
    )
    table = table[pd.MultiIndex.from_frame(table[["affect", "source"]]).isin(allowed)]
    positions = {task.key: i for i, task in enumerate(tasks)}
    rows, row = pair_rows(snapshot, table, len(tasks), "personal_rows.parquet")
    cell = row, table["affect"].map(positions).to_numpy(dtype=np.int64)
    rows.known_RT[cell] = True
    rows.target_RT[cell] = table["label"].to_numpy()
    rows.weight_RT[cell] = table["weight"].to_numpy()
    return rows


def engagement_rows(snapshot: Snapshot, tasks: Sequence[Task]) -> Rows:
    """One row per person and post with a signal between them.

    What the person did is 1. What they did not do is 0 only if they had an impression of the post:
    without one they may never have seen it.
    """
    positions = {task.key: i for i, task in enumerate(tasks) if "signals" in task.sources}
    table = snapshot.signals
    table = table[table["kind"].isin([*positions, "impression"])] if positions else table[:0]
    rows, row = pair_rows(snapshot, table, len(tasks), "signals.parquet")

    seen = (table["kind"] == "impression").to_numpy()
    known_seen = np.zeros(len(rows), bool)
    known_seen[row[seen]] = True
    rows.known_RT[:, list(positions.values())] = known_seen[:, None]
    cell = row[~seen], table["kind"][~seen].map(positions).to_numpy(dtype=np.int64)
    rows.known_RT[cell] = rows.target_RT[cell] = True
    return rows


def pair_rows(
    snapshot: Snapshot, table: pd.DataFrame, tasks: int, file: str
) -> tuple[Rows, np.ndarray]:
    """Empty rows for the distinct (post, person) of `table`, and each table row's place in them.

    A person whom `people.parquet` does not know is nobody.
    """
    posts = positions_of(snapshot.post_index, table["post_id"], file)
    known_person = snapshot.person_index.get_indexer(table["person_id"])
    identity = pd.factorize(table["person_id"])[0].astype(np.int64)
    _, first, row = np.unique(
        identity * len(snapshot.post_index) + posts, return_index=True, return_inverse=True
    )
    return empty_cells(posts[first], known_person[first], tasks), row


def positions_of(index: pd.Index, ids: pd.Series, file: str) -> np.ndarray:
    """Where each id stands in the index; every id must."""
    found = index.get_indexer(ids)
    if (found < 0).any():
        stray = ids.to_numpy()[found < 0][0]
        raise SnapshotError(f"{file} speaks of post {stray}, which posts.parquet does not hold.")
    return found


def truncate_weights(rows: Rows, percentile: float = 99) -> Rows:
    """Weights cut at a percentile of the known cells': one rare draw must not steer the training."""
    if not rows.known_RT.any():
        return rows
    limit = np.percentile(rows.weight_RT[rows.known_RT], percentile)
    np.minimum(rows.weight_RT, limit, out=rows.weight_RT)
    return rows


def balance(rows: Rows, *, negatives: float, most: int | None, rng: np.random.Generator) -> Rows:
    """Per task at most `most` positives, and `negatives` times as many negatives as positives.

    What is left out becomes unknown. Predictions then need `prior_shift`.
    """
    known_RT = np.zeros_like(rows.known_RT)
    for task in range(known_RT.shape[1]):
        known = np.flatnonzero(rows.known_RT[:, task])
        positive = rows.target_RT[known, task] >= 0.5
        kept = draw(known[positive], most, rng)
        against = draw(known[~positive], int(len(kept) * negatives), rng)
        known_RT[kept, task] = known_RT[against, task] = True
    drawn = Rows(rows.post_R, rows.person_R, known_RT, rows.target_RT, rows.weight_RT)
    return drawn.take(known_RT.any(1))


def draw(positions: np.ndarray, most: int | None, rng: np.random.Generator) -> np.ndarray:
    """At most `most` of the positions, without replacement."""
    if most is None or len(positions) <= most:
        return positions
    return rng.choice(positions, most, replace=False)


def log_odds(rows: Rows) -> np.ndarray:
    """Each task's weighted log-odds of a positive among the known cells, float32 (T,).

    One half of a cell is added to both sides, so that a task of one class stays finite.
    """
    weight_RT = rows.known_RT * rows.weight_RT
    positive = (weight_RT * rows.target_RT).sum(0)
    return np.log((positive + 0.5) / (weight_RT.sum(0) - positive + 0.5)).astype(np.float32)
