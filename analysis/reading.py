"""A file of any known format, gathered: its format told by its content."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from analysis.answers import Answers, finish
from analysis.formats import csv_columns, doccano, label_studio, tables
from analysis.gathering import Gatherer
from analysis.layouts import SAMPLE_ROWS, Layout, layout_of
from analysis.plans import Plan
from lib.errors import told_as
from lib.tables import BadFile, Reject, Row, open_table
from lib.tables.rows import megabytes

#: What a zip may hold unpacked.
MAX_UNPACKED = 4 * 1024 * 1024 * 1024
IN_ZIP = (".jsonl", ".json", ".csv")
#: Tools whose exports hold a whole answer in each row: a second one never adds to the first.
WHOLE = "reject"


def read(path: Path, plan: Plan, reject: Callable[[Reject], None]) -> Answers:
    """All answers in the file. Raises BadFile when none of it can be used."""
    if is_zipfile(path):
        gatherer, repeats = _of_zip(path, plan, reject), WHOLE
    else:
        gatherer, repeats = _of_file(path, plan, reject)
    repeats = repeats if plan.repeats == "auto" else plan.repeats
    return finish(gatherer, plan, repeats=repeats, reject=reject)


def format_of(values: dict) -> str:
    """The format whose rows look like this one.

    >>> format_of({"id": 1, "text": "A post", "label": ["joy"]})
    'doccano'
    """
    if label_studio.is_export(values):
        return "label-studio"
    return "doccano" if doccano.is_export(values) else "csv"


def check(path: Path, plan: Plan) -> None:
    """Raises BadFile for what the beginning of the file shows already."""
    if is_zipfile(path):
        with _zip(path) as archive:
            _members(path, archive)
        return
    sample, _ = _opened(path, plan)
    kind = _kind(sample, plan)
    if kind == "label-studio":
        label_studio.question_of(sample, plan)
    elif kind == "csv":
        layout_of(sample, plan)


def _of_file(path: Path, plan: Plan, reject: Callable) -> tuple[Gatherer, str]:
    gatherer = Gatherer(reject)
    sample, rows = _opened(path, plan)
    kind = _kind(sample, plan)
    if kind == "label-studio":
        gatherer.add_all(label_studio.answers(rows, sample, plan, gatherer))
        return gatherer, WHOLE
    if kind == "doccano":
        gatherer.add_all(doccano.answers(rows, annotator_of(path), plan, gatherer))
        return gatherer, WHOLE
    return _of_table(path, sample, rows, plan, gatherer, reject)


def _kind(sample: Sequence[Row], plan: Plan) -> str:
    """Label Studio's JSON-MIN and CSV are tables, too."""
    values = sample[0].values
    kind = format_of(values) if plan.format == "auto" else plan.format
    is_table = kind == "label-studio" and not label_studio.is_export(values)
    return "csv" if is_table else kind


def _of_table(
    path: Path,
    sample: Sequence[Row],
    rows: Iterator,
    plan: Plan,
    gatherer: Gatherer,
    reject: Callable,
) -> tuple[Gatherer, str]:
    layout = layout_of(sample, plan)
    repeats = WHOLE if "annotation_id" in sample[0].values else "auto"
    if csv_columns.can_gather(path, layout, plan.encoding):
        by_columns = Gatherer(reject)
        if csv_columns.gather(path, layout, by_columns):
            return by_columns, repeats
    gatherer.add_all(tables.answers(rows, layout))
    return gatherer, _repeats(layout, repeats)


def _repeats(layout: Layout, repeats: str) -> str:
    """Labels in columns of their own are a whole answer."""
    return WHOLE if layout.flags or layout.raters else repeats


def _of_zip(path: Path, plan: Plan, reject: Callable) -> Gatherer:
    gatherer = Gatherer(reject)
    with TemporaryDirectory() as folder, told_as(folder, path.name):
        for member in _unpacked(path, Path(folder)):
            rows = open_table(member, encoding=plan.encoding).rows
            gatherer.add_all(doccano.answers(rows, annotator_of(member), plan, gatherer))
    return gatherer


def _unpacked(path: Path, folder: Path) -> list[Path]:
    """The zip's files that hold answers, in the order of their names."""
    with _zip(path) as archive:
        members = _members(path, archive)
        try:
            return sorted(Path(archive.extract(member, folder)) for member in members)
        except (BadZipFile, OSError, RuntimeError) as error:
            raise BadFile(f"{path.name} can't be unpacked ({error}).") from error


def _zip(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except (BadZipFile, OSError) as error:
        raise BadFile(f"{path.name} can't be unpacked ({error}).") from error


def _members(path: Path, archive: ZipFile) -> list[ZipInfo]:
    members = [one for one in archive.infolist() if _holds_answers(one)]
    if not members:
        raise BadFile(f"{path.name} holds no file that ends in {', '.join(IN_ZIP)}.")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise BadFile(f"{path.name} unpacks to more than {megabytes(MAX_UNPACKED)}.")
    return members


def _holds_answers(member: ZipInfo) -> bool:
    """Not the file of an annotator who did nothing, nor what a Mac adds to its zips."""
    name = Path(member.filename).name.lower()
    return name.endswith(IN_ZIP) and not name.startswith(".") and member.file_size > 0


def _opened(path: Path, plan: Plan) -> tuple[list[Row], Iterator[Row | Reject]]:
    """The first good rows, and all rows. Raises BadFile when there is no good row."""
    rows = open_table(path, encoding=plan.encoding).rows
    first = list(islice(rows, SAMPLE_ROWS))
    sample = [row for row in first if isinstance(row, Row)]
    if not sample:
        why = f": row {first[0].row} {first[0].reason}" if first else " rows at all"
        raise BadFile(
            f"{path.name} has no good row{why}." if first else f"{path.name} has no{why}."
        )
    return sample, chain(first, rows)


def annotator_of(path: Path) -> str:
    """The name of the annotator whose file this is: "ada" of ada.jsonl.gz."""
    return path.name.removesuffix(".gz").rpartition(".")[0] or path.name
