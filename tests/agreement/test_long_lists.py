"""Of many affects a page shows those first that differ most, and the others by a click."""

import pytest
from django.template.loader import render_to_string

from agreement import drift_rows, figures


def apart(difference: float | None, interval: list[float] | None = None) -> dict:
    return {"older": 0.5, "newer": 0.5, "difference": difference, "interval": interval}


def beside(**differences: dict) -> dict:
    nothing = {figure: apart(None) for figure in figures.OF_AFFECT}
    affects = {key: nothing | {"alpha": each} for key, each in differences.items()}
    return {"counts": {}, "figures": {"interrater": {}, "set_alpha": {}}, "affects": affects}


def test_sure_differences_come_first_then_large_ones_and_last_those_that_are_none():
    found = beside(
        none=apart(None),
        small=apart(0.01),
        large_but_perhaps_chance=apart(-0.4, [-0.9, 0.1]),
        sure_and_small=apart(0.02, [0.01, 0.03]),
        sure_and_larger=apart(-0.03, [-0.05, -0.01]),
    )

    alpha = figures.compared_parts(found, {"small": "Small"})[1]

    assert alpha["name"] == "Alpha" and alpha["rest"] == []
    assert [row["name"] for row in alpha["seen"]] == [
        "sure_and_larger",
        "sure_and_small",
        "large_but_perhaps_chance",
        "Small",
        "none",
    ]


@pytest.mark.parametrize(("affects", "seen"), [(4, 4), (10, 10), (11, 8), (28, 8)])
def test_few_affects_are_all_seen_at_once(affects, seen):
    found = beside(**{f"affect_{n:02}": apart(n / 100) for n in range(affects)})

    alpha = figures.compared_parts(found, {})[1]

    assert (len(alpha["seen"]), len(alpha["rest"])) == (seen, affects - seen)


def test_the_others_are_folded_up_in_the_page():
    found = beside(**{f"affect_{n:02}": apart(n / 100) for n in range(28)})
    parts = {"parts": figures.compared_parts(found, {})}
    names = {"older_name": "Then", "newer_name": "Now", "caption": "Both"}

    page = render_to_string("agreement/_compared.html", {"beside": found | parts, **names})

    shown, _, folded = page.partition("Alpha of each affect")[2].partition("<details")
    assert "affect_27" in shown and "affect_20" in shown and "affect_19" not in shown
    assert "20 more" in folded and "affect_00" in folded


def test_affects_whose_alpha_moves_most_come_first():
    weeks = [
        {"week": "2026-05-04", "affects": {"still": {"alpha": 0.9}, "moving": {"alpha": 0.1}}},
        {"week": "2026-05-11", "affects": {"moving": {"alpha": 0.6}, "new": {"alpha": None}}},
    ]

    seen = drift_rows.by_affect(weeks, {"moving": "Moving"})["seen"]

    assert seen["affects"] == ["Moving", "still", "new"]
    assert [week["cells"] for week in seen["weeks"]] == [[0.1, 0.9, None], [0.6, None, None]]
