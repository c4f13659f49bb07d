"""Tables in the shapes that data sets and tools have."""

import pytest

from analysis import reading
from analysis.errors import NothingToAnalyse, TooManyLabels, UnknownColumns
from analysis.formats import csv_columns
from analysis.plans import Plan
from lib.tables import BadFile
from tests.analysis.conftest import said

none, joy, awe, both = map(frozenset, ((), ("joy",), ("awe",), ("joy", "awe")))
ANSWERS = {("1", "ada", both), ("1", "eve", joy), ("2", "ada", none)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bars.csv", "id,rater,labels\n1,ada,joy|awe\n1,eve,joy\n2,ada,\n"),
        ("semicolons.csv", "id,rater,labels\n1,ada,joy; awe\n1,eve,joy\n2,ada,\n"),
        ("commas.csv", 'id,rater,labels\n1,ada,"joy,awe"\n1,eve,joy\n2,ada,\n'),
        ("lists.csv", 'id,rater,labels\n1,ada,"[""joy"", ""awe""]"\n1,eve,"[""joy""]"\n2,ada,[]\n'),
        ("tabs.tsv", "id\trater\tlabels\n1\tada\tjoy|awe\n1\teve\tjoy\n2\tada\t\n"),
        ("excel.csv", "id;rater;labels\n1;ada;joy|awe\n1;eve;joy\n2;ada;\n"),
        ("flags.csv", "id,rater,joy,awe\n1,ada,1,1\n1,eve,1,0\n2,ada,0,0\n"),
        ("decimals.csv", "id,rater,joy,awe\n1,ada,1.0,1.0\n1,eve,1.0,0.0\n2,ada,0.0,\n"),
        ("words.csv", "id,rater,joy,awe\n1,ada,True,True\n1,eve,True,False\n2,ada,False,False\n"),
        ("wide.csv", "id,rater_ada,rater_eve\n1,joy|awe,joy\n2,[],\n"),
        (
            "rows.json",
            [
                {"id": 1, "rater": "ada", "labels": ["joy", "awe"]},
                {"id": 1, "rater": "eve", "labels": ["joy"]},
                {"id": 2, "rater": "ada", "labels": []},
            ],
        ),
    ],
)
def test_the_same_answers_come_out_of_every_shape(read, name, content):
    found, rejects = read(name, content)

    assert {
        (post, rater.removeprefix("rater_"), labels) for post, rater, labels in found
    } == ANSWERS
    assert rejects == []


def test_rows_of_one_label_each_are_joined(file):
    path = file("rows.csv", "post_id,annotator,label\n1,ada,joy\n1,ada,awe\n1,eve,joy\n1,eve,joy\n")

    found = reading.read(path, Plan(), pytest.fail)

    assert said(found) == {("1", "ada", both), ("1", "eve", joy)}
    assert found.joined == 2


def test_where_rows_hold_several_labels_the_first_one_stays(read):
    rows = "id,rater,labels\n1,ada,joy|awe\n1,ada,joy\n1,ada,awe|joy\n"

    assert read("rows.csv", rows) == ({("1", "ada", both)}, [(2, "picks")])


def test_repeats_are_rejected_where_that_is_said(read):
    rows = "id,rater,label\n1,ada,joy\n1,ada,awe\n"

    assert read("rows.csv", rows, repeats="reject") == ({("1", "ada", joy)}, [(2, "picks")])


def test_lists_of_flags_take_their_names_from_the_plan(read):
    rows = [{"text_id": 7, "annotator1": [0, 1, 1], "annotator2": [1, 0, 0], "text": "Hm"}]

    found, _ = read("rows.json", rows, labels=("joy", "awe", "fear"))

    assert found == {("7", "annotator1", frozenset(["awe", "fear"])), ("7", "annotator2", joy)}


def test_lists_of_flags_without_names_are_numbered(read):
    found, _ = read("rows.json", [{"id": 7, "rater": "ada", "labels": [0, 1, 1]}])

    assert found == {("7", "ada", frozenset(["label 2", "label 3"]))}


def test_columns_may_be_told(read):
    rows = "a,b,c,d\n1,ada,x,joy\n1,eve,y,awe\n"
    columns = {"post": "a", "rater": "b", "picks": "d"}

    assert read("rows.csv", rows, columns=columns)[0] == {("1", "ada", joy), ("1", "eve", awe)}


def test_flag_columns_and_rater_columns_may_be_told(read):
    flags = "id,rater,joy,seen,awe\n1,ada,1,1,0\n"
    wide = "id,ada,mark,eve\n1,joy,9,awe\n"

    assert read("flags.csv", flags, columns={"labels": "joy, awe"})[0] == {("1", "ada", joy)}
    assert read("wide.csv", wide, columns={"raters": "ada,eve"})[0] == {
        ("1", "ada", joy),
        ("1", "eve", awe),
    }


def test_places_stand_for_raters_that_nobody_names(read):
    rows = "id,grade\n1,joy\n1,awe\n2,joy\n"

    found, _ = read("rows.csv", rows, columns={"rater": "#", "picks": "grade"})

    assert found == {("1", "place 1", joy), ("1", "place 2", awe), ("2", "place 1", joy)}


def test_posts_without_an_id_are_told_apart_by_their_text(file):
    path = file("rows.csv", "text,rater,label\nSun,ada,joy\nSun,eve,awe\nRain,ada,awe\n")

    found = reading.read(path, Plan(), pytest.fail)

    assert (len(found.post_ids), found.texts) == (2, ["Sun", "Rain"])


def test_a_post_has_the_text_it_comes_with_first(file):
    path = file("rows.csv", "id,text,rater,label\n1,Sun,ada,joy\n1,Rain,eve,awe\n2,Fog,ada,awe\n")

    assert reading.read(path, Plan(), pytest.fail).texts == ["Sun", "Fog"]


def test_a_separator_may_be_told(read):
    rows = 'id,rater,label\n1,ada,"quiet, happy"\n1,eve,joy/awe\n'

    found, _ = read("rows.csv", rows, separator="none")
    slashed, _ = read("rows.csv", rows, separator="/")

    assert ("1", "ada", frozenset(["quiet, happy"])) in found
    assert ("1", "eve", both) in slashed


def test_labels_keep_their_names_and_the_frequent_come_first(file):
    path = file("rows.csv", "id,rater,label\n1,a,愤怒\n1,b,Joy!\n2,a,Joy!\n2,b,joy\n")

    assert reading.read(path, Plan(), pytest.fail).labels == ("Joy!", "joy", "愤怒")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",ada,joy,", "post"),
        ("1,,joy,", "rater"),
        (f"1,{'a' * 181},joy,", "rater"),
        (f"{'p' * 131},ada,joy,", "post"),
        (f"1,ada,{'j' * 81},", "picks"),
        ('1,ada,"[[1, 2]]",', "picks"),
        ("1,ada,joy", ""),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_land(read, row, field):
    rows = f"id,rater,label,note\n1,eve,awe,\n{row}\n2,eve,awe,\n"

    found, rejects = read("rows.csv", rows)

    assert (found, rejects) == ({("1", "eve", awe), ("2", "eve", awe)}, [(2, field)])


def test_a_flag_that_is_none_is_rejected(read):
    rows = "id,rater,joy,awe\n1,ada,1,0\n2,ada,maybe,1\n"

    assert read("rows.csv", rows, columns={"labels": "joy,awe"}) == (
        {("1", "ada", joy)},
        [(2, "joy")],
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "rater,label\nada,joy\n", "which post"),
        ("b.csv", "id,label\n1,joy\n", "who judged"),
        ("c.csv", "id,rater,x,y\n1,ada,one,two\n2,ada,one,two\n", "--columns picks=NAME"),
        ("d.csv", "id,rater,label\n", "no rows"),
        ("e.csv", "", "empty"),
        ("f.txt", "id,rater,label\n1,ada,joy\n", "known endings"),
        ("g.json", '{"id": 1}', "one array"),
        ("h.csv", b"\x00\x01\x02", "NUL"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(read, name, content, sentence):
    with pytest.raises(BadFile, match=sentence):
        read(name, content)


def test_a_column_that_is_not_there_is_named(read):
    with pytest.raises(UnknownColumns, match="'mood'; the columns are: id, rater, label"):
        read("rows.csv", "id,rater,label\n1,ada,joy\n", columns={"picks": "mood"})


def test_more_labels_than_fit_are_refused(read):
    rows = "".join(f"{n},ada,label{n}\n" for n in range(63))

    with pytest.raises(TooManyLabels, match="63 different labels.*holds 62"):
        read("rows.csv", f"id,rater,label\n{rows}")


def test_a_file_without_a_good_row_is_refused(read):
    with pytest.raises(NothingToAnalyse):
        read("rows.csv", "id,rater,label\n,ada,joy\n")


def test_columns_and_rows_read_the_same(file, monkeypatch):
    lines = [
        f'{n % 7},"r {n % 3}",{"joy|awe" if n % 2 else ""},"Say ""{n}""\nagain"' for n in range(99)
    ]
    path = file("rows.csv", "\n".join(["id,rater,label,text", *lines, ",ada,joy,", "1,,joy,"]))
    quick, slow = [], []

    by_columns = reading.read(path, Plan(repeats="reject"), quick.append)
    monkeypatch.setattr(csv_columns, "can_gather", lambda *_: False)
    by_rows = reading.read(path, Plan(repeats="reject"), slow.append)

    assert said(by_columns) == said(by_rows)
    assert (by_columns.texts, by_columns.labels) == (by_rows.texts, by_rows.labels)
    assert by_columns.rows.tolist() == by_rows.rows.tolist()
    assert quick == slow


def test_columns_give_up_where_a_row_is_broken(file):
    path = file("rows.csv", "id,rater,label\n1,ada,joy\n1,eve\n2,ada,awe\n")
    rejects = []

    found = reading.read(path, Plan(), rejects.append)

    assert said(found) == {("1", "ada", joy), ("2", "ada", awe)}
    assert [(reject.row, reject.reason) for reject in rejects] == [
        (2, "has 2 cells; the header has 3")
    ]
