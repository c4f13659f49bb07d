"""What routing gained: by command, page and REST, against figures worked out by hand."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone

from agreement import live
from annotation.models import CampaignPost
from routing import checks, estimation, gained, gains, judged_posts, queries, rounds, tasks
from routing.models import Gained, Measurement, Selection

PAGE = "/campaigns/feelings/routing/gains/"
REST = "/api/v1/campaigns/feelings/routing/gains/"
KINDS = ["entertained"] * 10 + ["saddened"] * 10 + ["neutral"] * 40


@pytest.fixture
def answer(campaign, learnt, judge):
    """Judges what a round drew, as the words say."""
    truth = {post.id: affect for post, affect in zip(learnt, KINDS, strict=True)}

    def answer(round):
        drawn = [each.campaign_post for each in round.selections.select_related("campaign_post")]
        for affect in set(KINDS):
            judge([post for post in drawn if truth[post.id] == affect], affect)
        return round

    return answer


@pytest.fixture
def routed(campaign, answer):
    for seed in (1, 2):
        answer(rounds.run(campaign=campaign, strategy="focused", budget=12, seed=seed))
    return campaign


def test_yields_are_those_of_a_loop_over_the_drawn_posts(routed):
    shares = Selection.objects.filter(round__campaign=routed).order_by("round_id")
    routed_to = {each.campaign_post_id: 1 - each.uniform for each in shares}
    funny = set(
        routed.judgements.filter(picks=1).values_list("campaign_post_id", flat=True).distinct()
    )

    found = gains.report(routed)

    judgements = 2 * sum(routed_to.values())
    positives = sum(part for post, part in routed_to.items() if post in funny)
    row = found["affects"]["entertained"]
    assert found["judgements"] == {
        "routed": pytest.approx(judgements, abs=0.1),
        "uniform": pytest.approx(48 - judgements, abs=0.1),
    }
    assert row["routed"]["value"] == pytest.approx(1000 * positives / judgements, rel=1e-4)
    assert row["posts"] == len(funny & routed_to.keys())
    assert row["routed"]["low"] < row["routed"]["value"] < row["routed"]["high"]


def test_routing_finds_more_than_an_even_draw_of_the_same_rounds(routed):
    ratio = gains.report(routed)["affects"]["entertained"]["ratio"]

    assert ratio["value"] > 1.2


def test_prevalence_is_corrected(routed):
    weights = queries.weights(routed)
    neutral = set(routed.judgements.filter(picks=4).values_list("campaign_post_id", flat=True))
    total = sum(weights.values()) + 24

    found = gains.report(routed)["prevalence"]["neutral"]

    carried = sum(weights.get(post, 1.0) for post in neutral)
    assert found["corrected"]["value"] == pytest.approx(carried / total, rel=1e-4)
    assert found["raw"] == pytest.approx(len(neutral) / 48, rel=1e-4)
    assert found["raw"] < found["corrected"]["value"]
    assert found["corrected"]["low"] < (40 + 8) / 84 < found["corrected"]["high"]


def test_the_weights_say_how_many_evenly_drawn_posts_they_are_worth(routed):
    weights = np.array([*queries.weights(routed).values(), *[1.0] * 24])

    found = gains.report(routed)["weights"]

    assert found["posts"] == 48
    assert found["worth"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), abs=0.1)
    assert found["largest"] == pytest.approx(weights.max() / weights.mean(), abs=0.01)


def test_rounds_without_heads_gained_nothing_to_speak_of(campaign, add_posts, judge):
    posts = add_posts(campaign, *(f"post {n}" for n in range(20)))
    rounds.run(campaign=campaign, budget=20, seed=1)
    judge(posts, "neutral")

    found = gains.report(campaign)

    assert found["judgements"] == {"routed": 0.0, "uniform": 0.0}
    assert found["affects"]["neutral"]["ratio"]["value"] is None
    assert found["prevalence"]["neutral"]["corrected"]["value"] == 1.0


def test_an_even_round_is_no_yardstick_for_the_routed_ones(routed, answer):
    before = gains.report(routed)["judgements"]
    answer(rounds.run(campaign=routed, strategy="check", budget=10, seed=3))

    assert gains.report(routed)["judgements"] == before


def test_a_campaign_without_a_round_says_so(campaign):
    out = StringIO()
    call_command("route", "--campaign", "feelings", "--report", stdout=out)

    assert out.getvalue().strip() == "No round is done yet."


def test_no_head_learns_from_the_check(campaign, answer):
    check = answer(rounds.run(campaign=campaign, strategy="check", budget=30, seed=1))
    later = rounds.run(campaign=campaign, strategy="focused", budget=5, seed=2)

    learnt_from = {head["positives"] + head["negatives"] for head in later.heads["affects"]}
    assert (check.drawn, learnt_from) == (30, {24})


def test_what_a_later_round_drew_anew_is_no_part_of_the_check(campaign, learnt, judge):
    check = rounds.run(campaign=campaign, strategy="check", budget=30, seed=1)
    drawn = [each.campaign_post for each in check.selections.select_related("campaign_post")]
    judge(drawn[:20], "neutral")
    anew = rounds.run(campaign=campaign, strategy="focused", budget=20, seed=2)
    again = {*anew.selections.values_list("campaign_post", flat=True)} & {p.id for p in drawn}

    kept = {*queries.check_posts(campaign).values_list("id", flat=True)}

    assert again and kept == {post.id for post in drawn} - again


def test_heads_are_measured_on_the_check(campaign, answer):
    answer(rounds.run(campaign=campaign, strategy="check", budget=40, seed=1))
    answer(rounds.run(campaign=campaign, strategy="focused", budget=8, seed=2))

    assert checks.measure(campaign=campaign) == 2
    assert checks.measure(campaign=campaign) == 0

    point = checks.curve(campaign)["rounds"][-1]
    assert (point["round"], point["posts"], point["learnt_from"]) == (2, 40, 24)
    assert point["affects"]["entertained"] > 0.8
    assert point["macro"] == point["affects"]["neutral"] > 0.9  # only one has ten carriers


def test_a_grown_check_is_measured_anew(campaign, learnt, judge):
    rounds.run(campaign=campaign, strategy="check", budget=60, seed=1)
    judge(learnt[:30], "neutral")
    checks.measure(campaign=campaign)
    judge(learnt[30:], "saddened")

    tasks.measure_heads(campaign.id)

    assert Measurement.objects.get().posts == 60


def test_an_affect_without_a_head_counts_as_ranked_by_chance():
    positive = np.array([[True], [False], [False], [False]])

    found = checks.average_precision(np.zeros((4, 0)), [], ["calm"], positive)

    assert found == {"calm": 0.25}


def test_the_command_prints_it_for_people_and_programs(routed):
    out, raw = StringIO(), StringIO()
    call_command("route", "--campaign", "feelings", "--report", stdout=out)
    call_command("route", "--campaign", "feelings", "--report", "--json", stdout=raw)

    said, figures = out.getvalue(), json.loads(raw.getvalue())
    assert "Positives per 1,000 judgements, in rounds that had heads" in said
    assert "Nothing tells yet. Draw a check" in said
    assert "Round 2 (focused): 12 of 12 drawn posts judged." in said
    assert [each["round"] for each in figures.pop("rounds")] == [1, 2]
    assert figures == json.loads(json.dumps(gains.report(routed)))


def test_the_page_shows_it(routed, answer, client, ben):
    answer(rounds.run(campaign=routed, strategy="check", budget=20, seed=3))
    checks.measure(campaign=routed)
    client.force_login(ben)

    page = client.get(PAGE)

    row = page.context["rows"][0]
    assert (row["name"], row["routed"]) == (
        "Entertained",
        gains.report(routed)["affects"]["entertained"]["routed"],
    )
    shown = page.content.decode()
    assert f"{100 * row['prevalence']['corrected']['value']:.2f} %" in shown
    assert "Round 3" in shown and "When to stop" in shown


def test_rest_gives_it(routed, dan, api):
    found = api(dan).get(REST).json()

    assert (found.pop("newer"), bool(found.pop("made_at"))) == (0, True)
    assert found == json.loads(json.dumps(gains.report(routed)))


def test_the_page_asks_a_worker_to_measure(
    routed, client, dan, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks.measure_heads, "delay", rung.append)
    client.force_login(dan)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PAGE}measure/")

    assert rung == [routed.id]


@pytest.fixture
def many_drawn(routed, monkeypatch, django_capture_on_commit_callbacks):
    """A campaign of which a worker counts; answers what was rung."""
    rung = []
    monkeypatch.setattr(gained, "FEW_DRAWN", 20)
    monkeypatch.setattr(tasks.count_gains, "delay", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        yield rung


def test_where_many_posts_were_drawn_a_worker_counts(
    many_drawn, routed, learnt, judge, client, dan, api, django_capture_on_commit_callbacks
):
    client.force_login(dan)
    with django_capture_on_commit_callbacks(execute=True):
        first, early = client.get(PAGE), api(dan).get(REST)
    assert (early.status_code, early["Retry-After"]) == (202, "10")
    assert "A worker is counting" in first.content.decode() and many_drawn == [routed.id] * 2

    tasks.count_gains(routed.id)
    counted, untouched = gains.report(routed), Gained.objects.get()
    judge([post for post in learnt if not fresh(post).judged][:3], "neutral")
    tasks.count_gains(routed.id)

    later = api(dan).get(REST).json()
    assert Gained.objects.get() == untouched
    assert (later.pop("newer"), later["undrawn"], bool(later.pop("made_at"))) == (6, 24, True)
    assert later == json.loads(json.dumps(counted))
    assert "6 judgements came since" in client.get(PAGE).content.decode()
    assert many_drawn == [routed.id] * 2
    Gained.objects.update(made_at=timezone.now() - 2 * gained.PAUSE)
    tasks.count_gains(routed.id)
    assert api(dan).get(REST).json()["undrawn"] == 27


def test_running_sums_say_the_same_as_all_judgements(routed, learnt, judge):
    judge([post for post in learnt if not fresh(post).judged][:5], "saddened", raters=1)
    from_judgements = gains.report(routed)

    live.current(campaign=routed)

    assert live.is_at_hand(campaign=routed)
    found = judged_posts.count(routed)
    assert found.posts == from_judgements["judged"] + from_judgements["undrawn"] == 53
    assert gains.report(routed) == from_judgements


def test_weights_need_no_pool_and_propensities_do(routed):
    draws = queries.read_draws(routed)
    full = queries.with_pools(routed, draws)

    assert estimation.weights(draws).tolist() == estimation.weights(full).tolist()
    assert (full.propensities >= draws.propensities).all()
    assert (full.propensities > 0).sum() > (draws.propensities > 0).sum() == 24


def fresh(post) -> CampaignPost:
    return CampaignPost.objects.get(id=post.id)


def test_raters_see_nothing_of_it(routed, client, api, ada, cleo):
    client.force_login(ada.user)

    assert client.get(PAGE).status_code == 403
    assert [api(who).get(REST).status_code for who in (None, ada, cleo)] == [401, 403, 403]


def test_more_rounds_cost_no_more_statements_but_their_pools(
    routed, answer, django_assert_max_num_queries
):
    with django_assert_max_num_queries(21) as few:
        gains.report(routed)
    answer(rounds.run(campaign=routed, strategy="focused", budget=5, seed=5))
    with django_assert_max_num_queries(len(few) + 1):
        gains.report(routed)


def test_a_post_drawn_twice_counts_for_the_draw_that_got_it_judged(campaign, answer):
    rounds.run(campaign=campaign, strategy="focused", budget=30, seed=1)
    second = answer(rounds.run(campaign=campaign, strategy="focused", budget=30, seed=2))

    evidence = gains.read(campaign)

    assert estimation.weights(evidence.draws).sum() == pytest.approx(60, rel=0.5)
    judged = evidence.draws.ids[evidence.draws.judged]
    shares = dict(second.selections.values_list("campaign_post", "uniform"))
    assert evidence.shares[evidence.draws.judged, -1].tolist() == [shares[post] for post in judged]
