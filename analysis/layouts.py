"""Which column of a table holds what: said by its reader, or else told by names and content."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.errors import UnknownColumns
from analysis.plans import PLACES, Plan, names_in
from lib.fields import is_missing
from lib.tables import Row
from taxonomy.rules import MAX_AFFECTS

#: Names by which tools and data sets call their columns, the clearest first; case doesn't matter.
NAMES = {
    "post": [
        "post_id", "item_id", "text_id", "instance_id", "example_id", "doc_id", "document_id",
        "comment_id", "tweet_id", "task_id", "sentence_id", "id", "item", "instance", "post",
    ],
    "rater": [
        "rater_id", "annotator_id", "worker_id", "user_id", "coder_id", "judge_id", "rater",
        "annotator", "worker", "user", "username", "coder", "labeler", "labeller", "judge",
        "completed_by",
    ],
    "picks": [
        "picks", "labels", "label", "choices", "choice", "annotations", "annotation", "emotions",
        "emotion", "affects", "affect", "classes", "class", "categories", "category", "answer",
        "sentiment",
    ],
    "text": [
        "text", "body", "post_text", "comment", "tweet", "sentence", "content", "message",
        "document", "data",
    ],
}  # fmt: skip
#: What Label Studio tells about an annotation beside its labels.
ABOUT_THE_WORK = ("annotation_id", "lead_time", "created_at", "updated_at")
#: A column for each rater, as tables with one row a post have them.
RATER_COLUMN = re.compile(
    r"(annotator|rater|coder|worker|judge|user|labell?er)[ _-]?\w{1,20}", re.I
)
#: Rows that are looked at before a column is taken for what it seems.
SAMPLE_ROWS = 1000
FLAGS = ({"0", "1", "0.0", "1.0"}, {"true", "false"})


@dataclass(frozen=True)
class Layout:
    """One of three: `picks` in one column; `flags`, a column of 0 and 1 for each label; or
    `raters`, a column for each rater.

    post    the posts' ids; empty: their texts tell them apart
    rater   who judged; "#" where nobody says: the first, second … judgement of each post
    """

    post: str
    text: str
    rater: str = ""
    picks: str = ""
    flags: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()


def layout_of(sample: Sequence[Row], plan: Plan) -> Layout:
    """The layout of a table that begins with these rows. Raises UnknownColumns."""
    columns = list(dict.fromkeys(name for row in sample for name in row.values))
    _check_said(columns, plan)
    found = {role: plan.columns.get(role) or _named(columns, role) for role in NAMES}
    if not (found["post"] or found["text"]):
        raise _cannot_tell("post", "which post a row is about", columns)
    places = {"post": found["post"], "text": found["text"]}
    raters = names_in(plan.columns.get("raters", "")) or _rater_columns(columns, found)
    if raters and "rater" not in plan.columns:
        return Layout(**places, raters=raters)
    if not found["rater"]:
        raise _cannot_tell("rater", "who judged", columns)
    if found["picks"] and "labels" not in plan.columns:
        return Layout(**places, rater=found["rater"], picks=found["picks"])
    others = [name for name in columns if name not in (*found.values(), *ABOUT_THE_WORK)]
    if flags := names_in(plan.columns.get("labels", "")) or _flag_columns(others, sample):
        return Layout(**places, rater=found["rater"], flags=flags)
    return Layout(**places, rater=found["rater"], picks=_only_choice(others, columns, sample))


def _check_said(columns: Sequence[str], plan: Plan) -> None:
    for role, said in plan.columns.items():
        for name in names_in(said) if role in ("raters", "labels") else [said]:
            if name not in columns and (role, name) != ("rater", PLACES):
                raise UnknownColumns(
                    f"There is no column '{name}'; the columns are: {', '.join(columns)}."
                )


def _named(columns: Sequence[str], role: str) -> str:
    by_name = {name.lower().replace(" ", "_"): name for name in reversed(columns)}
    return next((by_name[name] for name in NAMES[role] if name in by_name), "")


def _rater_columns(columns: Sequence[str], found: dict[str, str]) -> tuple[str, ...]:
    """Two columns or more that are named after raters, where no column tells who judged."""
    named = [name for name in columns if RATER_COLUMN.fullmatch(name)]
    of_raters = tuple(name for name in named if name not in NAMES["rater"])
    return of_raters if len(of_raters) > 1 and not found["rater"] else ()


def _flag_columns(columns: Iterable[str], sample: Sequence[Row]) -> tuple[str, ...]:
    """Columns of 0 and 1; if there are no two, columns of true and false."""
    values = {name: {_word(row.values.get(name)) for row in sample} - {""} for name in columns}
    for spelling in FLAGS:
        found = tuple(name for name, words in values.items() if words and words <= spelling)
        if len(found) > 1:
            return found
    return ()


def _only_choice(others: list[str], columns: list[str], sample: Sequence[Row]) -> str:
    """The one column left whose values could be labels: few, and some of them again."""
    fitting = [name for name in others if _could_be_labels(name, sample)]
    if len(fitting) != 1:
        raise _cannot_tell("picks", "which labels were given", columns)
    return fitting[0]


def _could_be_labels(name: str, sample: Sequence[Row]) -> bool:
    words = [str(value) for row in sample if not is_missing(value := row.values.get(name))]
    return bool(words) and len(set(words)) <= min(MAX_AFFECTS, max(1, len(words) - 1))


def _word(value: Any) -> str:
    return "" if is_missing(value) else str(value).strip().lower()


def _cannot_tell(role: str, what: str, columns: Sequence[str]) -> UnknownColumns:
    way = f"--columns {role}=NAME"
    return UnknownColumns(
        f"No column tells {what}; the columns are: {', '.join(columns)}. "
        f"If one of them does, say so: {way}."
    )
