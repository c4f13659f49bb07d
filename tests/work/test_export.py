"""One's own data: all of it, nothing of others, nothing that tells gold apart."""

import csv
import io
import json

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from rest_framework.authtoken.models import Token

from annotation import campaigns, members
from annotation.models import Judgement, Rater
from work.personal import TABLES

EXPORT = "/work/my-data.json"
CSV = "/work/my-judgements.csv"

#: Rows that lead to a person, and yet tell what somebody did as an admin or an engineer.
OF_STAFF = {
    "admin.LogEntry": "what an admin changed behind the pages",
    "agreement.Reading": "who asked where rules and raters part",
    "agreement.Report": "who asked for a report",
    "agreement.Slices": "who asked for the figures of groups",
    "agreement.Weeks": "who asked for the figures by week",
    "analysis.Analysis": "who sent a file of labels to be read",
    "modelling.TrainingRun": "who started a run",
    "routing.Pin": "who asked for a post before all others",
    "snapshots.Snapshot": "who froze a snapshot",
    "taxonomy.Proposal": "who proposed an affect",
}
#: Rows about a rater which are an admin's check on the answers, and stay with the admins.
CHECKS = {"annotation.SettingAside"}


def personal_models() -> set[str]:
    """Every model from whose rows foreign keys lead to a rater or an account."""
    found = {Rater, get_user_model()}
    while True:
        owners = {model for model in found if model._meta.label not in OF_STAFF}
        more = {
            model
            for model in apps.get_models()
            if not model._meta.proxy and owners & {field.related_model for field in keys(model)}
        }
        if more <= found:
            return {model._meta.label for model in found}
        found |= more


def keys(model) -> list:
    return [field for field in model._meta.concrete_fields if field.remote_field]


def test_no_table_of_a_person_is_forgotten():
    exported = {table.model._meta.label for table in TABLES}

    assert personal_models() == exported | OF_STAFF.keys() | CHECKS, (
        "put the new ones into work/personal.py, or say above why not"
    )
    assert exported & (OF_STAFF.keys() | CHECKS) == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_field_of_a_table_is_forgotten(table):
    # A way such as campaign__slug shows the field it begins with.
    shown = {path.split("__")[0] for path in (*table.columns.values(), table.whose)}
    fields = {field.name for field in table.model._meta.concrete_fields} - {"id"}

    assert fields - shown - table.left_out.keys() == set()
    assert table.left_out.keys() & shown == set()


def test_the_export_has_a_row_of_every_table(browser, ada, lived):
    data = json.loads(browser(ada).get(EXPORT).getvalue())

    assert [name for name, rows in data.items() if not rows] == []
    assert list(data) == ["exported_at", *(table.name for table in TABLES)]


def test_the_export_reads_well(browser, ada, lived):
    data = json.loads(browser(ada).get(EXPORT).getvalue())

    judged, flagged = data["judgements"]
    assert {name: judged[name] for name in ("campaign", "picks", "other", "revision")} == {
        "campaign": "feelings",
        "picks": ["saddened"],
        "other": "wistful",
        "revision": 1,
    }
    assert [row["picks"] for row in data["revisions"]] == [["neutral"], ["neutral"]]
    assert data["quiz_answers"][0]["picks"] == ["entertained"]
    assert data["account"][0]["email"] == "ada@example.org"
    assert data["participant_ids"][0]["participant"] == "ada-7"
    assert [row["skip_reason"] for row in data["assignments"]] == ["", "I can’t tell", ""]
    assert data["consents"][0]["text"] == "I agree."
    assert judged["judged_at"].startswith("20") and judged["judged_at"].endswith("Z")


def test_the_export_holds_nothing_of_others_and_no_secret(
    browser, ada, people, campaign, live, lived
):
    eve = campaigns.add_rater(campaign=campaign, user=people("Evelyn")).rater
    live(eve)

    mine = browser(ada).get(EXPORT).getvalue().decode()

    assert "evelyn" not in mine.lower()
    assert Token.objects.get(user=ada.user).key not in mine
    assert ada.user.password not in mine
    assert "evelyn" in browser(eve).get(EXPORT).getvalue().decode()


def exports(browser, rater) -> list:
    """Both files, less the moments of the export and of the sign-in before it."""
    data = json.loads(browser(rater).get(EXPORT).getvalue())
    return [data | {"exported_at": None, "account": None}, browser(rater).get(CSV).getvalue()]


def test_the_export_does_not_tell_gold_apart(browser, ada, lived):
    with_gold = Judgement.objects.filter(rater=ada).update(gold_right=False)
    before = exports(browser, ada)
    Judgement.objects.filter(rater=ada).update(gold_right=None)

    assert with_gold == 2
    assert exports(browser, ada) == before


def test_the_export_does_not_tell_what_was_set_aside(browser, ada, ben, campaign, judge):
    judge(ada, "2026-11-18 10:00")
    before = exports(browser, ada)
    made = members.set_aside(
        membership=ada.memberships.get(), reason="always the same", by=ben, pause=False
    )

    assert made.judgements == 1
    assert exports(browser, ada) == before


def test_the_csv_has_ones_judgements(browser, ada, lived):
    answer = browser(ada).get(CSV)

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert answer["Content-Disposition"] == 'attachment; filename="my-judgements.csv"'
    assert [(row["campaign"], row["picks"], row["other"]) for row in rows] == [
        ("feelings", "saddened", "wistful")
    ] * 2


def test_no_cell_of_the_csv_is_a_formula(browser, ada, judge):
    judge(ada, "2026-11-18 10:00", other="=1+1")

    (row,) = csv.DictReader(io.StringIO(browser(ada).get(CSV).getvalue().decode()))

    assert row["other"] == "'=1+1"


def test_the_export_is_written_while_it_is_sent(browser, ada, judge, django_assert_max_num_queries):
    for _ in range(3):
        judge(ada, "2026-11-18 10:00")

    answer = browser(ada).get(EXPORT)

    assert answer.streaming
    with django_assert_max_num_queries(len(TABLES) + 1):
        assert len(json.loads(answer.getvalue())["judgements"]) == 3


def test_whoever_has_done_nothing_gets_an_export_all_the_same(browser, cleo):
    data = json.loads(browser(cleo).get(EXPORT).getvalue())

    assert [row["key"] for row in data["rater"]] == ["cleo"]
    assert data["judgements"] == []
