"""doccano's exports: a file of JSON lines (or CSV) for each annotator, together in a zip.

    {"id": 7, "text": "…", "label": ["joy", "awe"]}

The file's name is the annotator's. Older versions write `labels` and a `username`, or
`annotations` with the numbers of a label and a user. A post without labels is one that this
annotator hasn't come to, for the export has all posts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from analysis.gathering import Answer, Gatherer
from analysis.labels import as_cell
from analysis.layouts import NAMES
from analysis.plans import Plan
from lib.fields import BadField, as_text
from lib.tables import Reject, Row

LABELS = ("label", "labels", "cats", "categories")
TEXTS = ("text", "data", *NAMES["text"])


def is_export(values: dict[str, Any]) -> bool:
    """Lists of labels, or annotations, and nothing that says who judged but maybe a username."""
    if isinstance(values.get("annotations"), list) and "text" in values:
        return True
    has_text = any(name in values for name in ("text", "data"))
    return has_text and any(isinstance(values.get(name), list) for name in LABELS)


def answers(
    rows: Iterable[Row | Reject], annotator: str, plan: Plan, gatherer: Gatherer
) -> Iterator[Answer | Reject]:
    """The answers in one file; `annotator` made those that name nobody."""
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        try:
            found = list(_of_post(row, annotator, plan))
        except BadField as bad:
            yield Reject(row.number, bad.field, bad.reason, str(row.values.get("id", ""))[:200])
            continue
        gatherer.skipped += not found
        yield from found


def _of_post(row: Row, annotator: str, plan: Plan) -> Iterator[Answer]:
    values = row.values
    post = values.get(plan.columns.get("post", "id"), values.get("doc_id"))
    text = as_text("text", next((values[name] for name in TEXTS if values.get(name)), ""))
    for rater, labels in _by_rater(values, annotator, plan):
        if labels not in ((), ""):
            yield Answer(row.number, post, rater, labels, text)


def _by_rater(values: dict[str, Any], annotator: str, plan: Plan) -> Iterable[tuple]:
    if isinstance(values.get("annotations"), list):
        given = defaultdict(list)
        for part in values["annotations"]:
            if not isinstance(part, dict) or "label" not in part:
                raise BadField("annotations", "must be objects with a label and a user")
            given[part.get("user", annotator)].append(str(part["label"]))
        return ((rater, tuple(labels)) for rater, labels in given.items())
    rater = values.get(plan.columns.get("rater", "username")) or annotator
    names = [plan.columns["picks"]] if "picks" in plan.columns else LABELS
    labels = next((values[name] for name in names if values.get(name)), ())
    return [(rater, as_cell(labels))]
