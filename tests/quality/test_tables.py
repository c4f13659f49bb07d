"""The table of raters: its figures, and when it is old."""

from datetime import timedelta

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreement import live
from annotation import crowd, members, simulation
from annotation.models import Judgement, Membership, Rater
from quality import access, queries, tables, tasks
from tests.agreement.stored import ragged, store


@pytest.fixture
def many(monkeypatch):
    """From two judgements on, the table is a matter for the worker."""
    monkeypatch.setattr("agreement.queries.FEW_JUDGEMENTS", 2)


@pytest.fixture
def rung(monkeypatch):
    """The ids that the worker was rung for; no worker runs."""
    ids = []
    monkeypatch.setattr(tasks.compute_table, "delay_on_commit", ids.append)
    return ids


@pytest.fixture(autouse=True)
def a_cache_of_its_own():
    cache.clear()
    yield
    cache.clear()


def row_of(table, key: str) -> dict:
    return next(row for row in table.rows() if row["rater"] == key)


def test_the_table_has_each_members_figures(judged, ada, add_gold, elsewhere):
    add_gold(judged, Rater.objects.get(key="r0"), right=1, wrong=4)
    add_gold(judged, Rater.objects.get(key="r1"), right=5, wrong=0)

    table = tables.compute(judged)

    assert [row["rater"] for row in table.rows()][-1] == "ada"  # has judged nothing yet
    assert {row["rater"] for row in table.rows()} == {*(f"r{n}" for n in range(7)), "ada"}
    odd = row_of(table, "r0")
    own = Judgement.objects.filter(campaign=judged, rater__key="r0")
    assert (odd["judgements"], odd["gold_n"], odd["gold_right"]) == (own.count(), 5, 1)
    assert (odd["seconds"], odd["picks"]) == (1.0, 1.0)
    assert odd["longest_run"] == own.filter(gold_right=None).count()
    assert odd["agreement"] is None
    assert (table.crowd["raters"], table.crowd["gold_share"]) == (7, 0.6)
    assert row_of(table, "ada")["judgements"] == 0


def test_the_table_points_at_the_straight_liner_and_at_nobody_else(judged):
    found = {row["rater"]: row["look"] for row in tables.compute(judged).rows() if row["look"]}

    assert list(found) == ["r0"]
    assert [reason.split(" in ")[0] for reason in found["r0"]][0] == "the same picks"


def test_what_is_set_aside_counts_nowhere(judged, liner, ben):
    before = tables.compute(judged).rows()
    members.set_aside(membership=liner, reason="x", by=ben, pause=False)

    table = tables.compute(judged)
    aside = row_of(table, "r0")
    assert (aside["judgements"], aside["set_aside"]) == (0, before_of(before, "r0")["judgements"])
    assert table.crowd["raters"] == 6
    assert row_of(table, "r1")["bias"] != before_of(before, "r1")["bias"]

    members.bring_back(membership=liner, by=ben)
    assert tables.compute(judged).rows() == before


def before_of(rows: list[dict], key: str) -> dict:
    return next(row for row in rows if row["rater"] == key)


def test_ones_own_figures_stay_while_set_aside(judged, liner, ben):
    crowd = tables.compute(judged).crowd
    before = tables.of_one(liner, crowd)
    assert before["bias"]["neutral"] > 0.5

    members.set_aside(membership=liner, reason="x", by=ben)

    assert tables.of_one(liner, crowd) == before


def test_the_figures_of_one_are_those_of_the_table(judged, add_gold):
    add_gold(judged, Rater.objects.get(key="r1"), right=3, wrong=2)
    table = tables.compute(judged)

    for membership in judged.memberships.all():
        row = table.raters[membership.rater_id]
        own = tables.of_one(membership, table.crowd)
        assert sum(week["judgements"] for week in own.pop("weeks")) == own["judgements"]
        # An option that nobody on the rater's posts picked may be missing there.
        assert own.pop("bias").items() <= row["bias"].items()
        assert own == {name: row[name] for name in own}


@pytest.mark.parametrize("is_aside", [False, True])
def test_over_many_judgements_ones_own_figures_are_the_same(
    judged, liner, ben, monkeypatch, is_aside
):
    """They follow from the running sums then, but for those whom the sums don't know."""
    crowd = tables.compute(judged).crowd
    live.current(campaign=judged)
    if is_aside:
        members.set_aside(membership=liner, reason="x", by=ben)
    expected = [tables.of_one(membership, crowd) for membership in judged.memberships.all()]

    monkeypatch.setattr("agreement.queries.FEW_JUDGEMENTS", 2)
    with CaptureQueriesContext(connection) as asked:
        found = [tables.of_one(membership, crowd) for membership in judged.memberships.all()]

    assert [rounded(row) for row in found] == [rounded(row) for row in expected]
    assert sum("campaign_post_id" in one["sql"] for one in asked) == is_aside


def rounded(row: dict) -> dict:
    """An option that nobody picked on the rater's posts may be missing, or be 0."""
    bias = {option: round(bias, 12) for option, bias in row["bias"].items() if bias}
    plain = {name: value for name, value in row.items() if name != "bias"}
    return {n: round(v, 12) if isinstance(v, float) else v for n, v in plain.items()} | bias


def test_who_changes_in_the_last_weeks_drifts(judged):
    """r1 judges every post quickly since a while; until then it was as slow as the others."""
    store(judged, {f"more {n}": {"r1": {"neutral"}, "r2": {"neutral"}} for n in range(60)})
    rater = Rater.objects.get(key="r1")
    own = list(Judgement.objects.filter(rater=rater).order_by("id"))
    for place, judgement in enumerate(own):
        is_recent = place >= len(own) // 2
        judgement.seconds = (3.0 if is_recent else 30.0) + place % 3
        judgement.judged_at = timezone.now() - timedelta(days=1 if is_recent else 40)
    Judgement.objects.bulk_update(own, ["seconds", "judged_at"])

    row = row_of(tables.compute(judged), "r1")

    assert row["drift_seconds"] < -3
    assert any(reason.startswith("quicker in the last four weeks") for reason in row["look"])


def test_the_strongest_bias_is_said_of_whom(judged):
    row = row_of(tables.compute(judged), "r0")

    assert row["strongest_bias"] == row["bias"][row["most_biased"]]
    assert abs(row["strongest_bias"]) == max(abs(bias) for bias in row["bias"].values())


def test_a_large_campaigns_table_is_the_workers_matter(judged, many, rung):
    assert access.get_table(judged) == access.Shown(None, is_stale=True)

    for _ in range(2):
        tasks.ask_for_table(judged)
    assert rung == [judged.id]
    assert access.get_table(judged).is_asked

    tasks.compute_table(judged.id)
    shown = access.get_table(judged)
    assert shown.table.rows() == tables.compute(judged).rows()
    assert (shown.newer, shown.is_stored, shown.is_asked, shown.is_stale) == (0, True, False, False)


def test_a_stored_table_knows_what_changed_since(judged, many, liner, ben):
    tasks.compute_table(judged.id)

    store(judged, {"one more": {"r1": {"neutral"}, "r2": {"neutral"}}})
    shown = access.get_table(judged)
    assert (shown.newer, shown.is_stale) == (2, False)

    made = members.set_aside(membership=liner, reason="x", by=ben)
    shown = access.get_table(judged)
    assert (shown.newer, shown.is_stale) == (2 + made.judgements, True)

    members.bring_back(membership=liner, by=ben)
    assert access.get_table(judged).newer == 2


def test_a_bell_for_a_campaign_that_is_gone_does_nothing(db):
    tasks.compute_table(12345)


def test_a_campaign_without_judgements_has_a_table_too(campaign, ada):
    table = tables.compute(campaign)

    (row,) = table.rows()
    assert (row["rater"], row["judgements"], row["look"], row["seconds"]) == ("ada", 0, [], None)
    assert (table.crowd["raters"], table.crowd["agreement"]) == (0, None)


def test_work_is_read_in_the_order_in_which_it_came(judged):
    rater = Rater.objects.get(key="r1")
    own = Judgement.objects.filter(campaign=judged, rater=rater)
    first = own.order_by("id").first()
    Judgement.objects.filter(id=first.id).update(seconds=None)  # moves the row to the end

    work = queries.read_work(own, members=np.array([rater.id]))

    stored = list(own.order_by("id").values_list("picks", "seconds"))
    assert work.picks.tolist() == [picks for picks, _ in stored]
    assert work.timed.tolist() == [seconds is not None for _, seconds in stored]


@pytest.mark.parametrize("seed", [0, 1])
def test_simulated_straight_liners_are_found_and_nobody_else(campaign, add_posts, seed):
    """The kinds of raters that the demo plants; a hasty rater is no spammer."""
    add_posts(campaign, *(f"post {n}" for n in range(250)))
    work = simulation.simulate(campaign=campaign, raters=14, judgements_wanted=500, seed=seed)
    for _ in work:
        pass
    planted = crowd.make_crowd(14, 3, np.random.default_rng(seed))
    liners = {f"feelings/{rater.name}" for rater in planted if rater.kind == "straight_liner"}

    found = {row["rater"] for row in tables.compute(campaign).rows() if row["look"]}

    assert found == liners


def test_members_of_other_campaigns_never_show(judged, elsewhere):
    rows = tables.compute(elsewhere).rows()

    assert {row["rater"]: row["judgements"] for row in rows} == {"foreign rater": 1, "r0": 1}
    assert Membership.objects.filter(rater__key="r0").count() == 2


def test_a_ragged_crowd_of_few_is_pointed_at_in_no_case(campaign):
    store(campaign, ragged(1, posts=10))
    rows = tables.compute(campaign).raters.values()

    assert [row["look"] for row in rows if row["look"]] == []
