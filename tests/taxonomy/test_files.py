"""Taxonomy files: every fault is told at once, and what is read can be written again."""

import json

import pytest

from taxonomy import files
from taxonomy.apps import BUILT_IN
from taxonomy.errors import BadTaxonomy

SMALL = {"key": "t", "version": 1, "question": "What?", "affects": [{"key": "joy"}]}


def taxonomy(**changes) -> dict:
    return {**SMALL, **changes}


def faults(raw: object) -> list[dict]:
    with pytest.raises(BadTaxonomy) as error:
        files.parse(raw)
    return error.value.errors


def test_the_shortest_file_is_filled_up():
    assert files.parse(SMALL).as_json() == {
        "key": "t",
        "version": 1,
        "question": "What?",
        "question_personal": "",
        "min_picks": 1,
        "max_picks": None,
        "affects": [
            {
                "key": "joy",
                "name": "Joy",
                "definition": "",
                "example": "",
                "near_miss": "",
                "valence": "neutral",
                "importance": 1.0,
                "personalised": False,
            }
        ],
    }


def test_what_is_written_is_read_back(tmp_path):
    file = files.parse(taxonomy(min_picks=0, max_picks=7, question_personal="And you?"))
    (tmp_path / "t.json").write_text(json.dumps(file.as_json()))

    assert files.read(tmp_path / "t.json") == file


def test_the_built_in_taxonomy_is_the_one_of_the_paper():
    affects = files.read(BUILT_IN / "affects-v1.json")

    by_valence = {}
    for affect in affects.affects:
        by_valence.setdefault(affect.valence, set()).add(affect.key)
    assert by_valence == {
        "positive": {
            "adoring", "connected", "entertained", "excited", "grateful", "informed", "inspired",
            "relaxed", "touched",
        },
        "either": {"surprised"},
        "negative": {"constructively_angered", "destructively_angered", "saddened", "scared"},
        "neutral": {"neutral"},
    }  # fmt: skip
    assert (affects.min_picks, affects.max_picks) == (1, 3)
    assert all(affect.definition for affect in affects.affects)
    personalised = {affect.key for affect in affects.affects if affect.personalised}
    assert personalised == by_valence["positive"] | by_valence["either"]


def test_62_affects_are_as_many_as_a_mask_holds():
    affects = [{"key": f"a{n}"} for n in range(63)]

    assert len(files.parse(taxonomy(affects=affects[:62])).affects) == 62
    assert faults(taxonomy(affects=affects)) == [
        {"where": "affects", "what": "has 63; a taxonomy holds at most 62"}
    ]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ([], "file"),
        ("text", "file"),
        (taxonomy(key="Big Key"), "key"),
        (taxonomy(key=""), "key"),
        (taxonomy(key="x" * 61), "key"),
        (taxonomy(key=None), "key"),
        (taxonomy(version=0), "version"),
        (taxonomy(version="1"), "version"),
        (taxonomy(version=True), "version"),
        (taxonomy(question=" "), "question"),
        (taxonomy(question=None), "question"),
        (taxonomy(min_picks=-1), "min_picks"),
        (taxonomy(max_picks=0), "max_picks"),
        (taxonomy(min_picks=3, max_picks=2), "max_picks"),
        (taxonomy(max_picks="3"), "max_picks"),
        (taxonomy(affects=[]), "affects"),
        (taxonomy(affects={"joy": 1}), "affects"),
        (taxonomy(affects=["joy"]), "affects[0]"),
        (taxonomy(affects=[{"name": "Joy"}]), "affects[0]"),
        (taxonomy(affects=[{"key": "Joy!"}]), "affects[0]"),
        (taxonomy(affects=[{"key": "other"}]), "affects[0]"),
        (taxonomy(affects=[{"key": "joy"}, {"key": "joy"}]), "affects[1]"),
        (taxonomy(affects=[{"key": "joy", "valence": "nice"}]), "affects[0].valence"),
        (taxonomy(affects=[{"key": "joy", "importance": -1}]), "affects[0].importance"),
        (taxonomy(affects=[{"key": "joy", "importance": True}]), "affects[0].importance"),
    ],
)
def test_each_fault_is_told_with_its_place(raw, where):
    assert [fault["where"] for fault in faults(raw)] == [where]


def test_all_faults_are_told_at_once():
    places = [fault["where"] for fault in faults({"affects": [{"key": "A"}, {"key": "other"}]})]

    assert places == ["key", "version", "question", "affects[0]", "affects[1]"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "line 1: not JSON"),
        (b"", "line 1: not JSON"),
        ("{\n  é".encode("cp1252"), "is not UTF-8 text"),
        (json.dumps(taxonomy(key="")).encode(), "can't be used: key: must be small letters"),
    ],
)
def test_a_file_that_can_not_be_read_says_which_and_why(tmp_path, content, sentence):
    (tmp_path / "t.json").write_bytes(content)

    with pytest.raises(BadTaxonomy) as error:
        files.read(tmp_path / "t.json")

    assert sentence in error.value.message
    assert "t.json" in error.value.message


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadTaxonomy, match="missing.json can't be read: No such file"):
        files.read(tmp_path / "missing.json")


def test_a_mark_at_the_beginning_does_no_harm(tmp_path):
    (tmp_path / "t.json").write_text("\ufeff" + json.dumps(SMALL), encoding="utf-8")

    assert files.read(tmp_path / "t.json").key == "t"
