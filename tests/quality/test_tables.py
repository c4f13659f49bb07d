"""The table of raters: its figures, and when it is old."""

import numpy as np
import pytest
from django.core.cache import cache

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
        # An option that nobody on the rater's posts picked may be missing there.
        assert own.pop("bias").items() <= row["bias"].items()
        assert own == {name: row[name] for name in own}


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
