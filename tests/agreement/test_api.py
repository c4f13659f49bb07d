import json
from io import StringIO

import pytest
from django.core.management import call_command

from agreement import queries, tasks
from agreement.models import Report
from tests.agreement.stored import ragged, store

DOOR = "/api/v1/campaigns/feelings/agreement/"


@pytest.fixture
def judged(campaign):
    store(campaign, ragged(5))
    return campaign


@pytest.fixture
def rung(monkeypatch):
    """The ids that the worker was rung for; no worker runs."""
    ids = []
    monkeypatch.setattr(tasks.compute_report, "delay_on_commit", ids.append)
    return ids


def printed(*arguments) -> dict:
    out = StringIO()
    call_command("agreement", "--campaign=feelings", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("who", "status"), [("ben", 200), ("dan", 200), ("ada", 403), ("cleo", 403)]
)
def test_the_door_is_for_admins_and_engineers(api, judged, request, rung, who, status):
    client = api(request.getfixturevalue(who))

    assert client.get(DOOR).status_code == status
    assert client.post(DOOR).status_code == (202 if status == 200 else status)
    assert len(rung) == (1 if status == 200 else 0)


def test_without_a_token_the_door_says_how_to_bring_one(api, judged):
    answer = api().get(DOOR)

    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("This address needs a token")


def test_an_unknown_campaign_is_a_problem(api, dan, campaign):
    answer = api(dan).get("/api/v1/campaigns/nowhere/agreement/")

    assert [answer.status_code, answer.json()["code"]] == [404, "unknown_campaign"]


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ({}, []),
        (
            {"correlation": "spearman", "undefined": "zero", "min_posts": 5},
            ["--correlation=spearman", "--undefined=zero", "--min-posts=5"],
        ),
    ],
)
def test_the_answer_is_what_the_command_prints(api, dan, judged, query, arguments):
    answer = api(dan).get(DOOR, query)

    body = answer.json()
    assert body.pop("computed_at")
    assert body.pop("newer") == 0
    assert [answer.status_code, body] == [200, printed(*arguments)]


def test_a_campaign_without_judgements_answers_nulls(api, dan, campaign):
    body = api(dan).get(DOOR).json()

    assert [body["posts"], body["interrater"], body["set_alpha"]] == [0, None, None]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("correlation", "kendall", '"kendall" is not a valid choice.'),
        ("undefined", "drop", '"drop" is not a valid choice.'),
        ("min_posts", "1", "Ensure this value is greater than or equal to 2."),
        ("bootstrap", "10001", "Ensure this value is less than or equal to 10000."),
        ("seed", "x", "A valid integer is required."),
    ],
)
def test_an_option_that_cannot_be_used_is_named(api, dan, judged, name, value, what):
    for call in (api(dan).get, api(dan).post):
        answer = call(f"{DOOR}?{name}={value}")
        assert answer.status_code == 400
        assert answer.json()["errors"] == [{"where": name, "what": what}]


def test_with_draws_the_worker_is_asked_and_the_report_comes_later(api, dan, judged, rung):
    asked = [api(dan).get(DOOR, {"bootstrap": 20}) for _ in range(2)]

    report = Report.objects.get()
    assert [answer.status_code for answer in asked] == [202, 202]
    assert asked[0].headers["Retry-After"] == "2"
    body = asked[0].json()
    assert body.pop("created_at")
    assert body == {
        "id": report.id,
        "campaign": "feelings",
        "state": "queued",
        "options": report.options,
        "error": "",
        "computed_at": None,
    }
    assert rung == [report.id]

    tasks.compute_report(report.id)
    body = api(dan).get(DOOR, {"bootstrap": 20}).json()
    assert [body.pop("computed_at") is not None, body.pop("newer")] == [True, 0]
    assert body == printed("--bootstrap=20")


def test_of_many_judgements_the_stored_report_is_answered_until_a_new_one(
    api, dan, judged, rung, monkeypatch
):
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    before = printed("--store")
    store(judged, {"one more": {"r1": {"neutral"}, "r2": {"neutral"}}})

    body = api(dan).get(DOOR).json()
    assert [body["judgements"], body["newer"]] == [before["judgements"], 2]

    assert api(dan).post(DOOR).status_code == 202
    tasks.compute_report(*rung)
    body = api(dan).get(DOOR).json()
    assert [body["judgements"], body["newer"]] == [before["judgements"] + 2, 0]
