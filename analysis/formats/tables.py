"""Tables: a row for each judgement, or a row for each post with a column for each rater."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from analysis.gathering import Answer, key_of
from analysis.labels import as_cell
from analysis.layouts import Layout
from analysis.plans import PLACES
from lib.fields import BadField, as_text, is_missing
from lib.tables import Reject, Row

TRUE, FALSE = {"1", "1.0", "true"}, {"0", "0.0", "false", ""}


def answers(rows: Iterable[Row | Reject], layout: Layout) -> Iterator[Answer | Reject]:
    """The answers of a table's rows, and rejects for values that can't be read."""
    read = _reader(layout)
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield from read(row)
        except BadField as bad:
            post = str(row.values.get(layout.post, ""))[:200]
            yield Reject(row.number, bad.field, bad.reason, post)


def _reader(layout: Layout) -> Callable[[Row], Iterator[Answer]]:
    if layout.raters:
        return lambda row: _wide(row, layout)
    seen = Counter()

    def read(row: Row) -> Iterator[Answer]:
        post, text = post_of(row, layout)
        rater = row.values.get(layout.rater)
        if layout.rater == PLACES:
            seen[post] += 1
            rater = f"place {seen[post]}"
        yield Answer(row.number, post, rater, _labels(row, layout), text)

    return read


def _wide(row: Row, layout: Layout) -> Iterator[Answer]:
    """An empty cell says that this rater didn't judge the post."""
    post, text = post_of(row, layout)
    for name in layout.raters:
        if not is_missing(value := row.values.get(name)):
            yield Answer(row.number, post, name, as_cell(value), text)


def post_of(row: Row, layout: Layout) -> tuple[Any, str]:
    """(id, text) of the post that a row is about."""
    text = as_text("text", row.values.get(layout.text)) if layout.text else ""
    if layout.post:
        return row.values.get(layout.post), text
    if not text.strip():
        raise BadField("text", "is empty, and no other column tells which post this is")
    return key_of(text), text


def _labels(row: Row, layout: Layout):
    if layout.picks:
        return as_cell(row.values.get(layout.picks))
    return tuple(name for name in layout.flags if _flag(name, row.values.get(name)))


def _flag(name: str, value: Any) -> bool:
    word = "" if is_missing(value) else str(value).strip().lower()
    if word not in TRUE | FALSE:
        raise BadField(name, f"must be 0 or 1, not {word[:40]!r}")
    return word in TRUE
