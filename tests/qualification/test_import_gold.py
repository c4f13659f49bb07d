"""`manage.py import_gold` makes posts gold from a file, and tells what it could not use."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from annotation.models import Gold
from qualification.models import Quiz


@pytest.fixture
def run(campaign, add_posts, tmp_path, capsys):
    """Writes lines to a file and imports it; gives the counts."""
    add_posts(campaign, "one", "two", "three")

    def write_and_import(*lines, name="gold.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines))
        try:
            call_command("import_gold", str(path), campaign="feelings", json=True)
        finally:
            told = capsys.readouterr().out
        return json.loads(told)

    return write_and_import


def rejected(tmp_path):
    with (tmp_path / "gold.csv.rejects.csv").open() as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


def test_rows_become_gold_and_quiz_posts(run, campaign):
    told = run(
        "post_id,expected,excluded,explanation,use",
        "p1,entertained|neutral,saddened,It is a joke.,quiz",
        "p2,saddened,,,",
    )

    assert told == {"added": 2, "changed": 0, "unchanged": 0, "rejected": 0}
    assert list(
        Gold.objects.order_by("id").values_list(
            "campaign_post__post__key",
            "campaign_post__state",
            "expected",
            "excluded",
            "explanation",
        )
    ) == [("p1", "quiz", 0b101, 0b10, "It is a joke."), ("p2", "gold", 0b10, 0, "")]
    assert Quiz.objects.filter(campaign=campaign).exists()


def test_gold_alone_asks_nobody_a_quiz(run):
    run("post_id,expected", "p1,neutral")

    assert not Quiz.objects.exists()


def test_importing_twice_changes_nothing_and_new_picks_are_a_change(run):
    lines = ["post_id,expected,use", "p1,neutral,gold", "p2,neutral,quiz"]
    run(*lines)

    assert run(*lines) == {"added": 0, "changed": 0, "unchanged": 2, "rejected": 0}
    assert run(*lines[:-1]) == {"added": 0, "changed": 0, "unchanged": 1, "rejected": 0}
    assert run(lines[0], "p1,saddened,gold")["changed"] == 1


def test_json_lines_take_lists(run):
    row = {"post_id": "p1", "expected": ["neutral"], "excluded": ["saddened"]}

    assert run(json.dumps(row), name="gold.jsonl")["added"] == 1


# The row, the field at fault and words of the reason.
BAD = [
    ("p9,neutral,,gold", "post_id", "no post of this campaign"),
    (",neutral,,gold", "post_id", "is missing"),
    ("p1,,,gold", "expected", "name at least one affect"),
    ("p1,furious,,gold", "picks", "has no affect 'furious'"),
    ("p1,neutral|neutral,,gold", "picks", "picked twice"),
    ("p1,neutral,neutral,gold", "excluded", "expected, too: neutral"),
    ("p1,other,,gold", "picks", "has no affect 'other'"),
    ("p1,neutral,,test", "use", "must be gold or quiz"),
]


@pytest.mark.parametrize(("row", "field", "reason"), BAD)
def test_a_bad_row_goes_to_the_rejects_and_the_others_in(run, tmp_path, capsys, row, field, reason):
    with pytest.raises(CommandError, match="1 row was left out") as stopped:
        run("post_id,expected,excluded,use", row, "p2,neutral,,gold")

    assert stopped.value.returncode == 2
    ((number, at, why, _),) = rejected(tmp_path)
    assert (number, at) == ("1", field)
    assert reason in why
    assert Gold.objects.count() == 1


def test_a_file_without_the_columns_is_refused(run):
    with pytest.raises(CommandError, match="expected"):
        run("post_id,picks", "p1,neutral")
