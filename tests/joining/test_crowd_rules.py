"""What links say, and what we answer."""

import doctest

import pytest

from joining import crowd_rules
from joining.crowd_errors import IdMissing, IdUnusable
from joining.crowd_rules import Ids, completion_link, fill, is_preview, read_ids


def test_the_examples_are_true():
    assert doctest.testmod(crowd_rules).failed == 0


PROLIFIC = {"PROLIFIC_PID": "5f1a", "STUDY_ID": "60c2", "SESSION_ID": "61d3"}
MTURK = {"workerId": "A1B2", "hitId": "3XYZ", "assignmentId": "3QQQ", "turkSubmitTo": "x"}


@pytest.mark.parametrize(
    ("kind", "sent", "ids"),
    [
        ("prolific", PROLIFIC, Ids("5f1a", "60c2", "61d3")),
        ("mturk", MTURK, Ids("A1B2", "3XYZ", "3QQQ")),
        ("open", {"participant": " eve@uni.example "}, Ids("eve@uni.example")),
        ("open", {"participant": "7", "study": "s", "session": "t"}, Ids("7", "s", "t")),
    ],
)
def test_each_platform_names_its_ids_in_its_own_way(kind, sent, ids):
    assert read_ids(kind, sent) == ids


@pytest.mark.parametrize("name", PROLIFIC)
def test_an_id_that_is_missing_is_named(name):
    with pytest.raises(IdMissing, match=f"your {name}. Prolific adds it"):
        read_ids("prolific", {**PROLIFIC, name: " "})


@pytest.mark.parametrize(
    "value",
    [
        "{{%PROLIFIC_PID%}}",  # somebody opened the link that belongs on the platform
        "a" * 101,
        "=1+1",
        "-5",
        "a b",
        "a\x00b",
        "<script>",
        "ä",
        "a/b",
    ],
)
def test_what_is_no_id_is_refused(value):
    with pytest.raises(IdUnusable, match="The PROLIFIC_PID in this link cannot be used"):
        read_ids("prolific", {**PROLIFIC, "PROLIFIC_PID": value})


def test_only_mturk_has_previews():
    sent = {"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE"}

    assert is_preview("mturk", sent)
    assert not is_preview("mturk", MTURK)
    assert not is_preview("open", sent)


def test_values_in_a_url_are_quoted_and_nothing_else_is_touched():
    url = "https://example.org/?a={participant}&b={session}&c=%7B"

    assert fill(url, Ids("x&y=z", session="{study}")) == (
        "https://example.org/?a=x%26y%3Dz&b=%7Bstudy%7D&c=%7B"
    )


@pytest.mark.parametrize(
    ("kind", "url", "code", "link"),
    [
        ("prolific", "https://p.example/?cc=1", "1", "https://p.example/?cc=1"),
        ("prolific", "", "A&B", "https://app.prolific.com/submissions/complete?cc=A%26B"),
        ("prolific", "", "", ""),
        ("mturk", "", "C0DE", ""),
        ("open", "https://o.example/{participant}", "", "https://o.example/p"),
    ],
)
def test_the_way_back(kind, url, code, link):
    assert completion_link(kind, url, code, Ids("p")) == link
