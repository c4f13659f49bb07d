"""Strata: nobody stands out, not by what is shown, not by what is left out, not by what changes."""

import json
from collections import Counter

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from agreement import access, slices, tasks
from agreement.models import Slices
from agreement.slice_rules import FEWEST, may_release, shown
from annotation import members
from annotation.models import Membership, Rater
from joining import strata
from tests.agreement.stored import ragged, store

REST = "/api/v1/campaigns/feelings/agreement/strata/"
PAGE = "/campaigns/feelings/agreement/strata/"
BANDS = ["18-24"] * 6 + ["25-34"] * 5 + ["35-44"] * 4 + [""] * 5


@pytest.fixture
def judged(campaign):
    """Twenty raters, most of whom said how old they are."""
    store(campaign, ragged(5, posts=80, raters=len(BANDS)))
    for number, band in enumerate(BANDS):
        rater = Rater.objects.get(key=f"r{number}")
        Membership.objects.create(campaign=campaign, rater=rater)
        if band:
            strata.declare(rater=rater, age_band=band)
    return campaign


def part(key: str) -> Membership:
    return Membership.objects.get(rater__key=key)


def ages(found) -> dict:
    return found.figures["parts"]["age_band"]


def aside(ben, *numbers: int) -> list[Membership]:
    parts = [part(f"r{number}") for number in numbers]
    for each in parts:
        members.set_aside(membership=each, reason="x", by=ben)
    return parts


@given(st.dictionaries(st.text(max_size=2), st.integers(1, 20), max_size=8))
def test_no_group_is_small_and_none_is_what_is_left_over(sizes):
    groups = shown(sizes)

    left_out = sum(sizes.values()) - sum(sizes[group] for group in groups)
    assert all(sizes[group] >= FEWEST for group in groups)
    assert not groups or left_out == 0 or left_out >= FEWEST


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ({}, []),
        ({"a": 5}, ["a"]),
        ({"a": 4}, []),
        ({"a": 9, "b": 5}, ["a", "b"]),
        ({"a": 9, "b": 5, "c": 1}, ["a"]),  # or c were all less a and b
        ({"a": 9, "b": 5, "c": 1, "d": 4}, ["a", "b"]),  # five in the dark already
        ({"a": 9, "b": 5, "c": 1, "d": 3}, ["a"]),
        ({"a": 9, "c": 1}, []),
    ],
)
def test_the_next_smallest_group_hides_a_small_one(sizes, groups):
    assert shown(sizes) == groups


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ([], True),
        ([set()], True),
        ([{1}], False),
        ([{1, 2, 3, 4}], False),
        ([{1, 2, 3, 4, 5}], True),
        ([{1, 2, 3, 4, 5}, {5}], False),  # five since the last, one since the last but one
    ],
)
def test_a_release_differs_from_each_earlier_one_by_five_or_none(changed, may):
    assert may_release(changed) is may


def test_groups_show_pick_rates_as_means_over_raters(judged):
    found = ages(slices.compute(campaign=judged))

    assert [(group["group"], group["raters"]) for group in found["groups"]] == [("18-24", 6)] + [
        ("", 5)
    ]
    assert found["raters_left_out"] == 9
    own = []
    for number in range(6):
        rater = judged.judgements.filter(rater__key=f"r{number}").values_list("picks", flat=True)
        own.append(sum(picks & 1 for picks in rater) / len(rater))
    assert found["groups"][0]["rates"]["entertained"] == pytest.approx(sum(own) / 6, abs=0.0051)


def test_nothing_that_is_kept_or_shown_names_a_rater_or_a_small_group(judged, api, client, dan):
    tasks.compute_slices(slices.queue(campaign=judged).id)
    client.force_login(dan)

    texts = [
        Slices.objects.get().figures_json,
        api(dan).get(REST).content.decode(),
        client.get(PAGE).content.decode(),
    ]
    for text in texts:
        assert "35-44" not in text
        assert "25-34" not in text
        assert "18-24" in text
    assert not Counter(json.loads(texts[0])).keys() & {"raters", "ids"}


def test_one_rater_set_aside_takes_the_figures_away_and_back(judged, ben):
    before = slices.release(campaign=judged)

    (one,) = aside(ben, 1)
    assert slices.release(campaign=judged) is None
    assert access.get_slices(judged).report is None
    members.bring_back(membership=one, by=ben)

    assert access.get_slices(judged).report.figures == before.figures
    assert slices.released(judged).count() == 1 or ages(slices.release(campaign=judged)) == ages(
        before
    )


def test_five_raters_set_aside_together_are_released(judged, ben):
    before = slices.release(campaign=judged)
    aside(ben, 0, 6, 11, 12, 15)

    after = slices.release(campaign=judged)

    assert after.id != before.id
    assert ages(after)["groups"] != ages(before)["groups"]


def test_four_back_and_one_more_is_one_against_the_first_release(judged, ben):
    slices.release(campaign=judged)
    parts = aside(ben, 0, 6, 11, 12, 15)
    slices.release(campaign=judged)
    for each in parts[:4]:
        members.bring_back(membership=each, by=ben)
    aside(ben, 16)

    assert not slices.may_release(judged)  # two raters lie between now and the first release


@pytest.mark.parametrize("happening", ["declares", "takes back", "comes"])
def test_one_rater_who_changes_makes_no_release(judged, happening):
    first = slices.release(campaign=judged)
    if happening == "declares":
        strata.declare(rater=Rater.objects.get(key="r19"), age_band="18-24")
    elif happening == "takes back":
        strata.withdraw(rater=Rater.objects.get(key="r0"))
    else:
        store(judged, {"a new post": {"a new rater": {"neutral"}, "r1": {"neutral"}}})

    assert slices.release(campaign=judged).id == first.id
    queued = slices.queue(campaign=judged)
    tasks.compute_slices(queued.id)
    assert [each.id for each in Slices.objects.all()] == [first.id]


def test_new_judgements_of_the_same_raters_are_released(judged):
    first = slices.release(campaign=judged)
    store(judged, {"a new post": {"r0": {"neutral"}, "r1": {"neutral"}}})

    assert slices.release(campaign=judged).id != first.id


def test_the_page_asks_a_worker_and_says_what_is_left_out(judged, client, dan, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.compute_slices, "delay_on_commit", rung.append)
    client.force_login(dan)

    assert "A worker is computing" in client.get(PAGE).content.decode()
    tasks.compute_slices(rung[0])

    page = " ".join(client.get(PAGE).content.decode().split())
    assert "9 raters are in groups that are left out" in page


def test_rest_writes_both_its_times_in_one_way(judged, api, dan):
    slices.release(campaign=judged)

    answer = api(dan).get(REST).json()

    assert [answer[name][-1] for name in ("as_of", "computed_at")] == ["Z", "Z"]


def test_the_command_prints_one_question(judged, capsys):
    call_command("agreement", campaign="feelings", by="age_band")

    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[:2] == ["group", "raters"]
    assert lines[3].split()[:2] == ["18-24", "6"]
    assert lines[4].split()[:3] == ["not", "said", "5"]
    assert lines[-1].startswith("9 raters are in groups that are left out")


def test_raters_see_no_strata(client, judged, ada, api):
    client.force_login(ada.user)

    assert client.get(PAGE).status_code == 403
    assert api(ada.user).get(REST).status_code == 403
