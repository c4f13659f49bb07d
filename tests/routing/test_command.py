"""`manage.py route`."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from routing import scoring, tasks
from routing.models import Round


def route(*options: str) -> str:
    out = StringIO()
    call_command("route", "--campaign", "feelings", *options, stdout=out)
    return out.getvalue()


def test_it_runs_a_round_and_says_so(campaign, learnt):
    said = route("--budget", "5", "--seed", "3")

    assert said.startswith("Round 1 drew 5 of 60 posts in ")
    assert "(strategy focused, seed 3). Heads: entertained, saddened, neutral." in said


def test_workers_are_rung_for_their_part_of_a_large_round(campaign, learnt, monkeypatch):
    rung = []
    monkeypatch.setattr(scoring, "CHUNK", 25)
    monkeypatch.setattr(tasks.run_round, "apply_async", lambda ids, **_: rung.append(*ids))

    route("--budget", "5")

    assert rung == [Round.objects.get().id] * 3


def test_it_prints_json(campaign, learnt):
    figures = json.loads(route("--budget", "5", "--seed", "3", "--json"))

    assert figures.pop("seconds") >= 0
    assert figures == {
        "campaign": "feelings",
        "round": 1,
        "strategy": "focused",
        "seed": 3,
        "budget": 5,
        "pool": 60,
        "near_duplicates": 0,
        "drawn": 5,
        "heads": ["entertained", "saddened", "neutral"],
        "look_at": "hashed 1-2-grams",
    }


def test_a_round_is_drawn_again_from_its_row(campaign, learnt):
    route("--budget", "5", "--seed", "3")
    before = list(Round.objects.values_list("state", "drawn"))

    said = route("--repeat", "1")
    figures = json.loads(route("--repeat", "1", "--json"))

    assert said == "Round 1 draws 5 posts again, and its selections are among them.\n"
    assert figures == {"round": 1, "seed": 3, "drawn": 5, "same": True}
    assert list(Round.objects.values_list("state", "drawn")) == before


def test_a_round_whose_row_was_tampered_with_is_found_out(campaign, learnt):
    route("--budget", "5", "--seed", "3")
    Round.objects.update(seed=4)

    assert json.loads(route("--repeat", "1", "--json"))["same"] is False


def test_it_reports_what_the_rounds_found(campaign, learnt, judge):
    route("--budget", "60")
    judge(learnt[:10], "entertained")

    report = route("--report")

    assert "Round 1 (focused): 10 of 60 drawn posts judged." in report
    assert "entertained" in report and "ratio" in report
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--strategy", "top_k", "--budget", "5"), "propensity is\n?.not defined"),
        ((), "--budget POSTS"),
        (("--budget", "0"), "at least one post"),
    ],
)
def test_mistakes_end_in_a_sentence(campaign, learnt, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        route(*options)


def test_the_web_process_loads_no_scikit_learn():
    program = (
        "import sys, django; django.setup(); import routing.views, routing.api, routing.urls;"
        "print([name for name in ('sklearn', 'safetensors', 'scipy') if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
