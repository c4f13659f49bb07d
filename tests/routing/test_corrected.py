"""Figures of a routed campaign, corrected beside the raw ones, through every door of agreement."""

import csv
import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from agreement.support import effective_size
from routing import queries, rounds

PAGE = "/campaigns/feelings/agreement/"
REST = "/api/v1/campaigns/feelings/agreement/"


@pytest.fixture
def routed(campaign, learnt, judge):
    """Two rounds that went for what entertains and saddens, answered as the words say."""
    truth = {post.id: affect for post, affect in zip(learnt, kinds(), strict=True)}
    for seed in (1, 2):
        round = rounds.run(campaign=campaign, strategy="focused", budget=12, seed=seed)
        drawn = [each.campaign_post for each in round.selections.select_related("campaign_post")]
        for affect in set(truth.values()):
            judge([post for post in drawn if truth[post.id] == affect], affect)
    return campaign


def kinds() -> list[str]:
    return ["entertained"] * 10 + ["saddened"] * 10 + ["neutral"] * 40


def by_hand(campaign) -> dict[str, float]:
    """The weighted share of posts judged to be neutral, and what the weights are worth."""
    weights = queries.weights(campaign)
    rows = campaign.judgements.values_list("campaign_post_id", "picks").distinct()
    w = np.array([weights.get(post, 1.0) for post, _ in rows])
    neutral = np.array([picks == 4 for _, picks in rows])
    return {"prevalence": (w @ neutral) / w.sum(), "worth": effective_size(w)}


def test_the_command_prints_both(routed):
    out = StringIO()
    call_command("agreement", "--campaign", "feelings", stdout=out)

    raw, corrected = out.getvalue().split("Corrected by the inverse of their propensities")
    assert "neutral" in raw
    row = next(line.split() for line in corrected.splitlines() if line.startswith("neutral"))
    assert (row[0], row[2]) == ("neutral", f"{by_hand(routed)['prevalence']:.3f}")
    assert float(row[1]) < float(row[2])


def test_rest_gives_both(routed, dan, api):
    figures = api(dan).get(REST).json()

    expected = by_hand(routed)
    found = figures["corrected"]
    assert found["affects"]["neutral"]["prevalence"] == pytest.approx(expected["prevalence"])
    assert found["compared"]["worth"] == pytest.approx(expected["worth"], abs=0.1)
    assert found["compared"]["posts"] == figures["compared"]["posts"] == 48
    assert found["co_occurrence"]["judgements"] != figures["co_occurrence"]["judgements"]
    assert (found["options"]["weighted"], figures["options"]["weighted"]) == (True, False)


def test_the_page_shows_both(routed, client, ben):
    client.force_login(ben)

    page = client.get(PAGE)

    assert "Corrected for how the posts were chosen" in page.content.decode()
    neutral = page.context["corrected_rows"][2]
    assert neutral["corrected"]["prevalence"] == pytest.approx(by_hand(routed)["prevalence"])
    assert f"{neutral['corrected']['prevalence']:.3f}" in page.content.decode()
    assert not page.context["is_corrected"]


def test_the_heat_map_can_be_corrected(routed, client, ben):
    client.force_login(ben)

    raw, corrected = (
        client.get(PAGE, {"over": "judgements", **more}) for more in ({}, {"corrected": ""})
    )

    assert corrected.context["is_corrected"]
    cells = [page.context["heat_map"][0]["cells"][2]["value"] for page in (raw, corrected)]
    assert cells[0] != cells[1]
    order = corrected.context["figures"]["corrected"]["co_occurrence"]["judgements"]
    assert cells[1] == order[0][2]


def table(client, name: str) -> list[dict]:
    """What lies behind a chart of the page."""
    answer = client.get(f"{PAGE}charts/{name}.csv")
    return list(csv.DictReader(StringIO(answer.content.decode())))


def test_both_are_in_the_csv(routed, client, ben):
    client.force_login(ben)
    affects, pairs = table(client, "agreement"), table(client, "co-occurrence")

    expected = by_hand(routed)["prevalence"]
    assert float(affects[2]["corrected_prevalence"]) == pytest.approx(expected)
    assert affects[2]["prevalence"] != affects[2]["corrected_prevalence"]
    assert pairs[1]["corrected_judgements"] not in ("", pairs[1]["judgements"])


def test_an_unrouted_campaign_has_nothing_to_correct(campaign, learnt, client, ben):
    client.force_login(ben)

    page = client.get(PAGE, {"corrected": ""})
    out = StringIO()
    call_command("agreement", "--campaign", "feelings", "--json", stdout=out)

    assert "Corrected for" not in page.content.decode()
    assert json.loads(out.getvalue())["corrected"] is None
    assert {row["corrected_alpha"] for row in table(client, "agreement")} == {""}
