"""Rows in batches of like length, each post and each person encoded once per batch.

Order depends on the seed and the epoch alone, so a resumed run sees the batches it would have seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.rows import NOBODY, Rows
from training.tokens import TextBatch, Texts

#: batches that are sorted by length together: enough for even lengths, too few to order an epoch
SORTED_TOGETHER = 50


@dataclass(frozen=True)
class Batch:
    """The distinct texts of some rows, and which of them each row is about."""

    content: TextBatch
    #: None where no row is about anyone
    people: TextBatch | None
    #: row to its place in `content`
    post_R: Tensor
    #: row to 1 + its place in `people`; 0 is nobody
    person_R: Tensor
    known_RT: Tensor
    target_RT: Tensor
    weight_RT: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        return Batch(
            **{name: None if x is None else x.to(device) for name, x in vars(self).items()}
        )


def make_batch(rows: Rows, posts: Texts, people: Texts | None) -> Batch:
    """Encode-ready tensors of `rows`, every distinct post and person once."""
    distinct_posts, post_R = np.unique(rows.post_R, return_inverse=True)
    distinct_people, person_R = np.unique(
        np.append(NOBODY, rows.person_R if people else []).astype(np.int64), return_inverse=True
    )
    return Batch(
        content=posts.batch(distinct_posts),
        people=people.batch(distinct_people[1:]) if len(distinct_people) > 1 else None,
        post_R=torch.from_numpy(post_R),
        person_R=torch.from_numpy(person_R[1:] if people else np.zeros_like(post_R)),
        known_RT=torch.from_numpy(rows.known_RT),
        target_RT=torch.from_numpy(rows.target_RT),
        weight_RT=torch.from_numpy(rows.weight_RT),
    )


def shuffled(rows: Rows, posts: Texts, *, size: int, seed: int, epoch: int) -> list[np.ndarray]:
    """One epoch's batches as row positions: shuffled, alike in length, neighbours of one post."""
    rng = np.random.default_rng((seed, epoch))
    order = rng.permutation(len(rows))
    batches = []
    for start in range(0, len(order), size * SORTED_TOGETHER):
        batches += by_length(order[start : start + size * SORTED_TOGETHER], rows, posts, size)
    return [batches[i] for i in rng.permutation(len(batches))]


def in_order(rows: Rows, posts: Texts, *, size: int) -> list[np.ndarray]:
    """All rows once, the short posts first; for prediction."""
    return by_length(np.arange(len(rows)), rows, posts, size)


def by_length(chosen: np.ndarray, rows: Rows, posts: Texts, size: int) -> list[np.ndarray]:
    """The chosen rows cut into batches, sorted by the length of their post, then by the post."""
    post = rows.post_R[chosen]
    ranked = chosen[np.lexsort((post, posts.lengths[post]))]
    return [ranked[start : start + size] for start in range(0, len(ranked), size)]


def batches(
    rows: Rows, order: list[np.ndarray], posts: Texts, people: Texts | None
) -> Iterator[Batch]:
    """The batches of an order, one at a time."""
    return (make_batch(rows.take(chosen), posts, people) for chosen in order)
