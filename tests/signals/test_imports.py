"""People and their signals come in from files; bad rows are told of and stop nothing."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO

import pandas as pd
import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def run(tmp_path):
    """Imports lines of a file: `run("import_people", "people.csv", "person_id", "p1")`."""

    def import_file(command: str, name: str, *lines: str) -> dict:
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        out = StringIO()
        call_command(command, str(path), "--json", stdout=out, stderr=StringIO())
        return json.loads(out.getvalue())

    return import_file


def rejects(tmp_path, name: str) -> list[tuple[str, ...]]:
    with (tmp_path / f"{name}.rejects.csv").open() as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def people() -> list[tuple]:
    from signals.models import Person

    return list(Person.objects.order_by("key").values_list("key", "bio", "features", "consented"))


@pytest.mark.django_db
def test_people_come_in_with_features_in_columns_or_in_a_list(run):
    run("import_people", "people.csv", "person_id,bio,age,posts", "p1,likes tea,44,1.5", "p2,,,2")
    run("import_people", "people.jsonl", '{"person_id": "p3", "features": [1, null]}')

    assert people() == [
        ("p1", "likes tea", [44.0, 1.5], True),
        ("p2", "", [None, 2.0], True),
        ("p3", "", [1.0, None], True),
    ]


@pytest.mark.django_db
def test_people_imported_again_change_only_in_what_is_new(run):
    lines = ["person_id,bio,features", "p1,tea,1|2", "p2,coffee,"]

    assert run("import_people", "people.csv", *lines) == {
        "added": 2, "updated": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    assert run("import_people", "people.csv", *lines)["unchanged"] == 2
    done = run("import_people", "people.csv", "person_id,consented", "p1,no", "p2,yes")
    assert (done["updated"], done["unchanged"]) == (1, 1)
    assert people() == [("p1", "tea", [1.0, 2.0], False), ("p2", "coffee", [], True)]


@pytest.mark.django_db
def test_people_with_other_features_than_the_rest_are_left_out(run, tmp_path):
    run("import_people", "people.csv", "person_id,features", "p1,1|2")

    with pytest.raises(CommandError, match="3 rows were left out") as caught:
        run("import_people", "more.csv", "person_id,features", "p2,1", "p3,one|two", ",1|2", "p4,")

    assert caught.value.returncode == 2
    assert rejects(tmp_path, "more.csv") == [
        ("1", "features", "are 1; other people have 2", "p2"),
        ("2", "features", "must be a number, not 'one'", "p3"),
        ("3", "person_id", "is missing", ""),
    ]
    assert [person[0] for person in people()] == ["p1", "p4"]


@pytest.mark.django_db
def test_signals_come_in_once_and_make_people_known(run, campaign, add_posts):
    from signals.models import Signal

    add_posts(campaign, "A dog")
    lines = [
        "person_id,post_id,kind,at",
        "u1,p1,like,2026-11-01T09:00:00Z",
        "u1,p1,Love,2026-11-01T09:00:00Z",
        "u1,p1,like,2026-11-01T10:00:00Z",
    ]

    assert run("import_signals", "signals.csv", *lines) == {
        "added": 3, "unchanged": 0, "people": 1, "rejected": 0,
    }  # fmt: skip
    assert run("import_signals", "signals.csv", *lines) == {
        "added": 0, "unchanged": 3, "people": 0, "rejected": 0,
    }  # fmt: skip
    assert list(Signal.objects.order_by("id").values_list("kind", "at")) == [
        ("like", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("love", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("like", datetime(2026, 11, 1, 10, tzinfo=UTC)),
    ]


@pytest.mark.django_db
def test_signals_that_cannot_be_used_are_told_of(run, campaign, add_posts, tmp_path):
    from signals.models import Person, Signal

    add_posts(campaign, "A dog")

    with pytest.raises(CommandError, match="4 rows were left out"):
        run(
            "import_signals",
            "signals.csv",
            "person_id,post_id,kind,at",
            "u1,p1,like,2026-11-01T09:00:00Z",
            "u2,p1,lik,2026-11-01T09:00:00Z",
            "u3,p9,like,2026-11-01T09:00:00Z",
            "u4,p1,like,yesterday",
            "u5,p1,like,",
        )

    assert sorted(rejects(tmp_path, "signals.csv")) == [
        ("2", "kind", "is 'lik'; did you mean 'like'?", "p1"),
        ("3", "post_id", "there is no such post; bring it in with import_posts first", "p9"),
        ("4", "at", "must be a time such as 2026-11-21T10:30:00Z, not 'yesterday'", "p1"),
        ("5", "at", "is missing", "p1"),
    ]
    assert Signal.objects.count() == 1
    assert Person.objects.count() == 1, "nobody becomes known by a row that was left out"


@pytest.mark.django_db
def test_signals_come_in_from_parquet(campaign, add_posts, tmp_path):
    from signals.models import Signal

    add_posts(campaign, "A dog")
    at = pd.Timestamp("2026-11-01T09:00:00.123456Z")
    table = pd.DataFrame({"person_id": ["u1"], "post_id": ["p1"], "kind": ["haha"], "at": [at]})
    table.to_parquet(tmp_path / "signals.parquet")

    call_command("import_signals", str(tmp_path / "signals.parquet"), stdout=StringIO())

    assert Signal.objects.get().at == at


@pytest.mark.django_db
def test_a_file_without_a_needed_column_is_refused_whole(run):
    with pytest.raises(CommandError, match="It has no column 'at'"):
        run("import_signals", "signals.csv", "person_id,post_id,kind", "u1,p1,like")
