"""What a file says, gathered into numbers: which rater gave which post which labels."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from analysis.labels import as_cell
from analysis.vocabulary import Vocabulary
from annotation.judgement_rows import MAX_RATER_KEY
from lib.bulk import chunked
from lib.fields import BadField, as_key, as_text
from lib.tables import Reject

#: Ids may be so long; a post's key begins with the campaign's slug.
MAX_POST_ID = 130
BATCH_ROWS = 10_000


class Answer(NamedTuple):
    """One rater's labels for one post, as a row of a file has them."""

    row: int
    post: Hashable
    rater: Hashable
    labels: Hashable
    text: str = ""


class Gatherer:
    """Takes answers, and keeps each post, rater and kind of answer once.

    Rows that can't be used go to `reject`. Memory grows by 32 bytes an answer, and by the posts.
    `skipped` counts what is no answer: cancelled, or left empty where that means "not yet".
    """

    def __init__(self, reject: Callable[[Reject], None]):
        self.posts = Vocabulary(partial(as_key, "post", most=MAX_POST_ID))
        self.raters = Vocabulary(partial(as_key, "rater", most=MAX_RATER_KEY))
        self.cells = Vocabulary(as_cell)
        self.texts: list[str] = []
        self.skipped = 0
        self._reject = reject
        self._parts: list[np.ndarray] = []

    def add_all(self, answers: Iterable[Answer | Reject]) -> None:
        for batch in chunked(self._kept(answers), BATCH_ROWS):
            rows, posts, raters, labels, texts = zip(*batch, strict=True)
            self.add(np.array(rows), posts, raters, labels, texts)

    def add(
        self,
        rows: np.ndarray,
        posts: Sequence,
        raters: Sequence,
        labels: Sequence,
        texts: Sequence | None,
    ) -> None:
        """Columns of equal length, as lists or as Arrow's arrays."""
        columns = (self.posts, posts), (self.raters, raters), (self.cells, labels)
        part = np.stack([rows, *(vocabulary.codes(column) for vocabulary, column in columns)])
        self._keep_texts(part[1], texts)
        self._parts.append(part)

    def settle(self) -> np.ndarray:
        """int64[4, N]: rows, and the numbers of posts, raters and cells. Bad rows are rejected."""
        found = np.concatenate(self._parts, axis=1) if self._parts else np.empty((4, 0), np.int64)
        is_good = (found >= 0).all(axis=0)
        for bad in found[:, ~is_good].T.tolist():
            self._reject_row(*bad)
        return found[:, is_good]

    def _kept(self, answers: Iterable[Answer | Reject]) -> Iterable[Answer]:
        for answer in answers:
            if isinstance(answer, Answer):
                yield answer
            else:
                self._reject(answer)

    def _keep_texts(self, posts: np.ndarray, texts: Sequence | None) -> None:
        """The text that a post comes with first."""
        numbers, places = np.unique(posts, return_index=True)
        fresh = places[numbers >= len(self.texts)].tolist()
        self.texts += ["" if texts is None else _text(texts[place]) for place in fresh]

    def _reject_row(self, row: int, post: int, rater: int, cell: int) -> None:
        fields = (self.posts, post), (self.raters, rater), (self.cells, cell)
        fault = next(vocabulary.fault(code) for vocabulary, code in fields if code < 0)
        known = self.posts.values[post] if post >= 0 else ""
        self._reject(Reject(row, fault.field, fault.reason, known))


def key_of(text: str) -> str:
    """Stands for the id of a post that has none.

    >>> key_of("A post")
    't-c448d84b8bcfcf51'
    """
    return f"t-{blake2b(text.encode(), digest_size=8).hexdigest()}"


def _text(value) -> str:
    value = value.as_py() if hasattr(value, "as_py") else value
    try:
        return as_text("text", value)
    except BadField:
        return str(value)
