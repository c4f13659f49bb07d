"""Label Studio's JSON export: a task is a post, each of its annotations one rater's answer.

    {"id": 7, "data": {"text": "…"}, "annotations": [
        {"completed_by": 3, "was_cancelled": false, "result": [
            {"from_name": "feeling", "type": "choices", "value": {"choices": ["joy"]}}]}]}

An annotation that was cancelled is a skip and no answer; predictions are a model's. JSON-MIN and
CSV exports are tables with a row for each annotation.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from analysis.errors import UnknownColumns
from analysis.gathering import Answer, Gatherer
from analysis.layouts import NAMES
from analysis.plans import Plan
from lib.fields import BadField, as_text
from lib.tables import Reject, Row


def is_export(values: dict[str, Any]) -> bool:
    return isinstance(values.get("annotations"), list) and isinstance(values.get("data"), dict)


def answers(
    rows: Iterable[Row | Reject], sample: Sequence[Row], plan: Plan, gatherer: Gatherer
) -> Iterator[Answer | Reject]:
    """The answers in the annotations of all tasks. Raises UnknownColumns."""
    question = question_of(sample, plan)
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield from _of_task(row, question, plan, gatherer)
        except BadField as bad:
            yield Reject(row.number, bad.field, bad.reason, str(row.values.get("id", ""))[:200])


def question_of(sample: Sequence[Row], plan: Plan) -> str:
    """The `from_name` of the choices to read."""
    asked = dict.fromkeys(
        part["from_name"]
        for row in sample
        for annotation in _dicts(row.values.get("annotations"))
        for part in _dicts(annotation.get("result"))
        if _chosen(part.get("value")) is not None and isinstance(part.get("from_name"), str)
    )
    said = plan.columns.get("picks", "")
    if said in asked or (not said and len(asked) == 1):
        return said or next(iter(asked))
    told = ", ".join(asked) or "nothing that is a choice, a rating or a taxonomy"
    way = "Say which one is meant: --columns picks=NAME."
    raise UnknownColumns(f"The annotations answer: {told}. {way if asked else ''}".strip())


def _of_task(row: Row, question: str, plan: Plan, gatherer: Gatherer) -> Iterator[Answer]:
    data = row.values.get("data")
    if not isinstance(data, dict):
        raise BadField("data", "must be an object with what was shown")
    post = data.get(plan.columns["post"]) if "post" in plan.columns else row.values.get("id")
    text = _text(data, plan)
    for annotation in _dicts(row.values.get("annotations")):
        if annotation.get("was_cancelled"):
            gatherer.skipped += 1
            continue
        yield Answer(row.number, post, _rater(annotation), _labels(annotation, question), text)


def _labels(annotation: dict[str, Any], question: str) -> tuple[str, ...]:
    return tuple(
        label
        for part in _dicts(annotation.get("result"))
        if part.get("from_name") == question
        for label in _chosen(part.get("value")) or ()
    )


def _chosen(value: Any) -> tuple[str, ...] | None:
    """The labels that a part of a result holds; None where it holds something else."""
    value = value if isinstance(value, dict) else {}
    if isinstance(value.get("choices"), list):
        return tuple(map(str, value["choices"]))
    if isinstance(value.get("taxonomy"), list):
        return tuple(" > ".join(map(str, path)) for path in value["taxonomy"])
    if isinstance(value.get("rating"), (int, float)):
        return (f"{value['rating']:g}",)
    return None


def _rater(annotation: dict[str, Any]) -> Any:
    """An account's number, or the account."""
    by = annotation.get("completed_by")
    return (by.get("email") or by.get("id")) if isinstance(by, dict) else by


def _text(data: dict[str, Any], plan: Plan) -> str:
    named = [plan.columns.get("text", ""), *NAMES["text"]]
    texts = [value for value in data.values() if isinstance(value, str)]
    return as_text("text", next((data[n] for n in named if data.get(n)), "".join(texts[:1])))


def _dicts(value: Any) -> list[dict]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
