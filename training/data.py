"""From a verified snapshot to what a training step needs: tasks, token ids and rows per split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from tokenizers import Tokenizer

from training import rows as build
from training.errors import NothingToLearn
from training.features import PersonScale, content_features, person_features
from training.recipes import Recipe
from training.rows import Rows
from training.snapshot import Snapshot
from training.tasks import Task, load_tasks
from training.tokens import FIELDS, Texts, encode_bios, encode_posts, train_tokenizer

#: rows of these kinds are measured apart: raters, people's likes, and what people did
KINDS = ("posts", "people", "engagement")
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class TaskCount:
    """How much the train split says about a task, and whether that is enough to learn it."""

    task: Task
    positives: int
    negatives: int
    enabled: bool


@dataclass(frozen=True)
class Data:
    """Everything a run reads after the snapshot itself."""

    counts: tuple[TaskCount, ...]
    tokenizer: Tokenizer
    scale: PersonScale | None
    posts: Texts
    people: Texts | None
    #: a post's fields as one string, for the linear baseline
    plain_texts: list[str]
    #: what the model learns from
    train: Rows
    #: what the figures are measured on: every cell as the primary rule has it, per kind of row
    truth: Mapping[str, Mapping[str, Rows]]
    #: added to a logit, undoes that training saw other shares of positives than there are
    prior_shift_T: np.ndarray

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that are learnt, in the order of the outputs."""
        return tuple(count.task for count in self.counts if count.enabled)


def prepare(snapshot: Snapshot, recipe: Recipe) -> Data:
    """Build rows, leave out tasks without enough of them, train the tokenizer, encode all texts."""
    tasks = load_tasks(recipe.tasks, snapshot.taxonomy)
    split = snapshot.posts["split"].to_numpy()
    learnt, natural = (
        in_split(build.join_rows(parts), split, "train")
        for parts in (learnt_rows(snapshot, tasks, recipe), natural_rows(snapshot, tasks, recipe))
    )
    counts = count_tasks(learnt, tasks, recipe.fewest)
    kept = np.flatnonzero([count.enabled for count in counts])
    train = sample(learnt.only_tasks(kept), recipe)

    posts = as_mappings(snapshot.posts)
    plain = [" ".join(filter(None, (post[field] for field in FIELDS))) for post in posts]
    tokenizer = train_tokenizer(
        (text for text, part in zip(plain, split, strict=True) if part == "train"),
        vocabulary=recipe.vocabulary,
    )
    people, scale = encode_people(snapshot, train, tokenizer, recipe.bio_budget)
    truth = [rows.only_tasks(kept) for rows in truth_rows(snapshot, tasks)]
    return Data(
        counts=counts,
        tokenizer=tokenizer,
        scale=scale,
        posts=encode_posts(tokenizer, posts, recipe.budgets, content_features(posts)),
        people=people,
        plain_texts=plain,
        train=train,
        truth={
            name: {
                kind: in_split(rows, split, name) for kind, rows in zip(KINDS, truth, strict=True)
            }
            for name in SPLITS
        },
        prior_shift_T=build.log_odds(natural.only_tasks(kept)) - build.log_odds(train),
    )


def all_rows(
    snapshot: Snapshot, tasks: Sequence[Task], *, rule: str, between: str, weighted: bool
) -> tuple[Rows, Rows, Rows]:
    """The rows of every kind, in the order of `KINDS`."""
    column = snapshot.label_column(rule)
    return (
        build.judged_rows(snapshot, tasks, column=column, between=between, weighted=weighted),
        build.personal_rows(snapshot, tasks),
        build.engagement_rows(snapshot, tasks),
    )


def learnt_rows(snapshot: Snapshot, tasks: Sequence[Task], recipe: Recipe) -> tuple[Rows, ...]:
    """What the recipe learns from; heavy weights are cut, which the figures never do."""
    judged, *others = all_rows(
        snapshot, tasks, rule=recipe.target, between=recipe.between, weighted=recipe.weighted
    )
    return (build.truncate_weights(judged), *others)


def natural_rows(snapshot: Snapshot, tasks: Sequence[Task], recipe: Recipe) -> tuple[Rows, ...]:
    """The recipe's targets as often as they occur in the pool, nothing dropped or drawn."""
    return all_rows(snapshot, tasks, rule=recipe.target, between="negative", weighted=True)


def truth_rows(snapshot: Snapshot, tasks: Sequence[Task]) -> tuple[Rows, ...]:
    """What the figures are measured on, whatever the recipe learns: so recipes compare."""
    return all_rows(snapshot, tasks, rule="primary", between="negative", weighted=True)


def in_split(rows: Rows, split: np.ndarray, name: str) -> Rows:
    """The rows whose post is in the split of that name."""
    return rows.take(split[rows.post_R] == name)


def count_tasks(train: Rows, tasks: Sequence[Task], fewest: int) -> tuple[TaskCount, ...]:
    """Count each task's cells; NothingToLearn if not one has `fewest` of both sides."""
    counts = tuple(
        TaskCount(task, int(positives), int(negatives), bool(min(positives, negatives) >= fewest))
        for task, positives, negatives in zip(tasks, *train.counts(), strict=True)
    )
    if not any(count.enabled for count in counts):
        raise NothingToLearn(
            f"None of the {len(tasks)} tasks has {fewest} positives and {fewest} negatives in the "
            "train split: collect more judgements, or use a recipe that asks for fewer."
        )
    return counts


def sample(rows: Rows, recipe: Recipe) -> Rows:
    """The rows themselves, or a balanced draw where the recipe wants one."""
    if recipe.negatives is None:
        return rows
    rng = np.random.default_rng(recipe.seed)
    return build.balance(rows, negatives=recipe.negatives, most=recipe.most_positives, rng=rng)


def encode_people(
    snapshot: Snapshot, train: Rows, tokenizer: Tokenizer, budget: int
) -> tuple[Texts | None, PersonScale | None]:
    """All people's bios and scaled features; None where no train row is about anyone."""
    seen = np.unique(train.person_R[train.person_R != build.NOBODY])
    if not len(seen):
        return None, None
    people = as_mappings(snapshot.people)
    features = person_features(people)
    scale = PersonScale.of(features[seen])
    bios = [person["bio"] for person in people]
    return encode_bios(tokenizer, bios, budget, scale.apply(features)), scale


def as_mappings(table: pd.DataFrame) -> list[dict]:
    """One dict per row, None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
