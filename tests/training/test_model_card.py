"""The tables of the card, with and without weights."""

from training.model_card import COLUMNS, all_tables

FIGURES = dict.fromkeys((figure for _, _, figure in COLUMNS), 0.5)


def table(average_precision: float) -> dict:
    figures = FIGURES | {"average_precision": average_precision}
    red = figures | {"positives": 31, "averaged": True}
    return {"tasks": {"red": red}, "macro": figures | {"tasks": 1, "micro_f1": 0.5}}


def tables(**more: dict) -> dict:
    return {name: table(0.25) | more for name in ("two_tower", "linear", "prevalence")}


def test_a_routed_campaigns_figures_come_with_those_as_judged():
    text = all_tables({"test": {"posts": tables(as_judged=table(0.75))}})

    weighted, raw = text.split("As judged, without weights:")
    assert "0.250" in weighted and "0.750" not in weighted
    assert "0.750" in raw and "0.250" not in raw


def test_other_figures_stand_alone():
    assert "As judged" not in all_tables({"test": {"posts": tables()}})
