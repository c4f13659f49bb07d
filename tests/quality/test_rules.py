"""Who deserves a look. Cases in a table, a remark per row."""

import pytest

from quality.rules import reasons

CROWD = {
    "gold_share": 0.85,
    "agreement": 0.52,
    "favourite_share": 0.12,
    "longest_run": 2.0,
    "fast_share": 0.01,
    "fast_below": 3.0,
}
ADA = {
    "judgements": 60,
    "timed": 60,
    "gold_n": 25,
    "gold_right": 21,
    "gold_share": 0.84,
    "agreement": 0.5,
    "agreement_posts": 60,
    "favourite_share": 0.1,
    "longest_run": 3,
    "fast_share": 0.02,
    "drift_seconds": -0.3,
    "drift_picks": None,
    "z": {"agreement": -0.2, "favourite_share": -0.3},
}
FEW_GOLD = {"gold_n": 4, "gold_right": 0, "gold_share": 0.0}
LOW_GOLD = {"gold_n": 25, "gold_right": 10, "gold_share": 0.4}
NEARLY = {"gold_n": 25, "gold_right": 16, "gold_share": 0.64}
ALONE = {"agreement": 0.05, "z": {"agreement": -5.0, "favourite_share": 0.0}}
SAME = {"favourite_share": 0.9, "z": {"agreement": 0.0, "favourite_share": 30.0}}
LITTLE_MORE = {"favourite_share": 0.2, "z": {"agreement": 0.0, "favourite_share": 9.0}}
UNDEFINED = {"agreement": None, "fast_share": None, "z": dict.fromkeys(ADA["z"])}


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({}, []),
        (LOW_GOLD, ["gold 40 % of 25, crowd 85 %"]),
        (FEW_GOLD, []),  # four answers say nothing
        (NEARLY, []),  # worse, but it may be chance
        (ALONE, ["agreement 0.05, crowd 0.52"]),
        (ALONE | {"agreement_posts": 19}, []),
        (SAME, ["the same picks in 90 % of 60, crowd 12 %"]),
        (LITTLE_MORE, []),  # far out in a crowd of one mind, but not straight-lining
        ({"longest_run": 10}, ["10 times the same in a row, crowd 2"]),
        ({"longest_run": 9}, []),
        ({"fast_share": 0.61}, ["61 % of 60 under 3.0 s, crowd 1 %"]),
        ({"fast_share": 0.61, "timed": 19}, []),
        ({"drift_seconds": -1.24}, ["quicker in the last four weeks, by 1.2 spreads"]),
        (
            {"drift_seconds": 0.8, "drift_picks": -0.9},
            [
                "slower in the last four weeks, by 0.8 spreads",
                "fewer picks a judgement in the last four weeks, by 0.9 spreads",
            ],
        ),
        ({"drift_picks": 0.79}, []),
        (UNDEFINED, []),
        (ALONE | SAME | LOW_GOLD | {"judgements": 19}, ["gold 40 % of 25, crowd 85 %"]),
        (
            LOW_GOLD | {"fast_share": 0.5},
            ["gold 40 % of 25, crowd 85 %", "50 % of 60 under 3.0 s, crowd 1 %"],
        ),
    ],
)
def test_what_is_odd_is_said_with_numbers(odd, said):
    assert reasons(ADA | odd, CROWD) == said


def test_where_all_repeat_themselves_only_the_extreme_is_odd():
    """A plain campaign: the middle rater gives the same answer to 60 % of its posts."""
    crowd = CROWD | {"favourite_share": 0.6, "longest_run": 8.0}

    assert reasons(ADA | SAME | {"favourite_share": 0.75, "longest_run": 20}, crowd) == []
    assert reasons(ADA | SAME | {"longest_run": 24}, crowd) == [
        "the same picks in 90 % of 60, crowd 60 %",
        "24 times the same in a row, crowd 8",
    ]
