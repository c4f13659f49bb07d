"""Exports of other tools, with several annotators."""

import pytest

from analysis import reading
from analysis.errors import UnknownColumns
from analysis.plans import Plan
from lib.tables import BadFile
from tests.analysis.conftest import said

joy, awe, both = map(frozenset, (("joy",), ("awe",), ("joy", "awe")))


def annotation(rater, *labels, name="feeling", **fields) -> dict:
    part = {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": labels}}
    return {"id": 900, "completed_by": rater, "result": [part] if labels else [], **fields}


def task(number: int, *annotations: dict, **fields) -> dict:
    data = {"text": f"Post {number}", "source": "forum"}
    return {"id": number, "data": data, "annotations": list(annotations), **fields}


def test_label_studio_has_an_answer_in_each_annotation(file):
    prediction = {"model_version": "m1", "result": annotation(0, "awe")["result"]}
    tasks = [
        task(7, annotation(1, "joy", "awe"), annotation(2, "joy"), predictions=[prediction]),
        task(8, annotation(1, "awe", was_cancelled=True), annotation(2, was_cancelled=False)),
    ]

    found = reading.read(file("project.json", tasks), Plan(), pytest.fail)

    assert said(found) == {("7", "1", both), ("7", "2", joy), ("8", "2", frozenset())}
    assert (found.skipped, found.texts) == (1, ["Post 7", "Post 8"])


def test_label_studio_may_name_accounts(read):
    ada = {"id": 1, "email": "ada@example.org", "first_name": "", "last_name": ""}

    found, _ = read("project.json", [task(7, annotation(ada, "joy"))])

    assert found == {("7", "ada@example.org", joy)}


def test_label_studio_asks_which_question_is_meant(read):
    tasks = [task(7, annotation(1, "joy"), annotation(2, "long", name="length"))]

    with pytest.raises(UnknownColumns, match="feeling, length.*--columns picks=NAME"):
        read("project.json", tasks)
    found, _ = read("project.json", tasks, columns={"picks": "feeling"})

    assert found == {("7", "1", joy), ("7", "2", frozenset())}


def test_label_studio_ratings_and_taxonomies_are_labels(read):
    rating = {"from_name": "q", "type": "rating", "value": {"rating": 4}}
    path = {"from_name": "q", "type": "taxonomy", "value": {"taxonomy": [["good", "joy"]]}}
    tasks = [
        task(7, {"completed_by": 1, "result": [rating]}, {"completed_by": 2, "result": [path]})
    ]

    found, _ = read("project.json", tasks)

    assert found == {("7", "1", frozenset(["4"])), ("7", "2", frozenset(["good > joy"]))}


def test_label_studio_spans_are_no_answers_to_a_question(read):
    span = {"from_name": "part", "type": "labels", "value": {"start": 0, "labels": ["joy"]}}

    with pytest.raises(UnknownColumns, match="nothing that is a choice"):
        read("project.json", [task(7, {"completed_by": 1, "result": [span]})])


def test_label_studio_annotator_twice_on_a_task_is_told(read):
    tasks = [task(7, annotation(1, "joy"), annotation(1, "awe"))]

    assert read("project.json", tasks) == ({("7", "1", joy)}, [(1, "picks")])


def test_label_studio_tasks_without_annotator_or_data_are_rejected(read):
    tasks = [task(7, annotation(1, "joy"), annotation(None, "joy")), {"id": 8, "data": 3}]

    assert read("project.json", tasks) == ({("7", "1", joy)}, [(2, "data"), (1, "rater")])


MIN_ROWS = [
    {
        "id": 7,
        "text": "Sun",
        "feeling": {"choices": ["joy", "awe"]},
        "annotator": 1,
        "lead_time": 3.1,
    },
    {"id": 7, "text": "Sun", "feeling": "joy", "annotator": 2, "lead_time": 2.5},
    {"id": 8, "text": "Fog", "feeling": "joy", "annotator": 1, "lead_time": 9.9},
    {"id": 8, "text": "Fog", "feeling": "joy", "annotator": 2, "lead_time": 4.0},
]


def test_label_studio_json_min_has_a_row_for_each_annotation(read):
    rows = [{**row, "annotation_id": number} for number, row in enumerate(MIN_ROWS)]

    found, rejects = read("project-min.json", rows)

    assert found == {("7", "1", both), ("7", "2", joy), ("8", "1", joy), ("8", "2", joy)}
    assert rejects == []


def test_label_studio_json_min_annotator_twice_on_a_task_is_told(read):
    rows = [
        {"id": 7, "text": "Sun", "feeling": label, "annotator": 1, "annotation_id": number}
        for number, label in enumerate(["joy", "joy", "awe"])
    ]

    assert read("project-min.json", rows) == ({("7", "1", joy)}, [(3, "picks")])


def test_label_studio_csv_holds_json_in_its_cells(read):
    rows = (
        "annotation_id,annotator,feeling,id,text\n"
        '1,1,"{""choices"":[""joy"",""awe""]}",7,Sun\n2,2,joy,7,Sun\n3,1,joy,8,Fog\n4,2,joy,8,Fog\n'
    )

    assert read("project.csv", rows)[0] == {
        ("7", "1", both), ("7", "2", joy), ("8", "1", joy), ("8", "2", joy),
    }  # fmt: skip


def test_doccano_has_a_file_for_each_annotator(file):
    path = file(
        "export.zip",
        {
            "admin.jsonl": [
                {"id": 1, "text": "Sun", "label": ["joy", "awe"], "Comments": []},
                {"id": 2, "text": "Fog", "label": []},
            ],
            "eve.jsonl": [{"id": 1, "text": "Sun", "label": ["joy"]}],
        },
    )

    found = reading.read(path, Plan(), pytest.fail)

    assert said(found) == {("1", "admin", both), ("1", "eve", joy)}
    assert (found.skipped, found.texts) == (1, ["Sun"])


def test_doccano_csv_joins_labels_by_a_hash(read):
    files = {"admin.csv": "id,text,label\n1,Sun,joy#awe\n", "eve.csv": "id,text,label\n1,Sun,joy\n"}

    assert read("export.zip", files)[0] == {("1", "admin", both), ("1", "eve", joy)}


def test_doccano_annotators_who_did_nothing_are_no_fault(read):
    files = {
        "admin.jsonl": [{"id": 1, "text": "Sun", "label": ["joy"]}],
        "eve.jsonl": "",
        "flo.csv": "id,text,label\n",
        "__MACOSX/._admin.jsonl": "\0\0",
    }

    assert read("export.zip", files) == ({("1", "admin", joy)}, [])


def test_doccano_of_mixed_projects_keeps_labels_among_cats(read):
    rows = [{"id": 1, "text": "Sun", "cats": ["joy"], "entities": []}]

    assert read("eve.jsonl", rows)[0] == {("1", "eve", joy)}


def test_older_doccano_names_the_user_in_each_row(read):
    rows = [{"doc_id": 1, "text": "Sun", "labels": ["joy"], "username": "ada"}]
    numbers = [{"id": 1, "text": "Sun", "annotations": [{"label": 5, "user": 3}], "meta": {}}]

    assert read("all.jsonl", rows)[0] == {("1", "ada", joy)}
    assert read("old.jsonl", numbers)[0] == {("1", "3", frozenset(["5"]))}


def test_doccano_spans_are_rejected(read):
    rows = [
        {"id": 1, "text": "Sun", "label": [[0, 3, "joy"]]},
        {"id": 2, "text": "Fog", "label": ["joy"]},
    ]

    assert read("eve.jsonl", rows) == ({("2", "eve", joy)}, [(1, "picks")])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [({"readme.txt": "hello"}, "holds no file"), (b"PK\x05\x06" + bytes(18), "holds no file")],
)
def test_a_zip_of_something_else_is_refused(read, content, sentence):
    with pytest.raises(BadFile, match=sentence):
        read("export.zip", content)


def test_a_zip_that_would_unpack_to_too_much_is_refused(read, monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 10)

    with pytest.raises(BadFile, match="unpacks to more"):
        read("export.zip", {"eve.jsonl": [{"id": 1, "text": "Sun", "label": ["joy"]}]})


def test_a_format_may_be_told(read):
    rows = [{"id": 1, "text": "Sun", "label": "joy"}]

    assert read("eve.jsonl", rows, format="doccano")[0] == {("1", "eve", joy)}
