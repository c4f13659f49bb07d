"""When to stop: one sentence for each state of a campaign, and never without its reason."""

import pytest

from routing import advice

USELESS = {"calm": {"value": 0.5, "low": 0.3, "high": 0.8}}
USEFUL = {"calm": {"value": 3.0, "low": 2.0, "high": 4.0}}
NOTHING = {"calm": {"value": None, "low": None, "high": None}}

CASES = [
    # figures on the check, ratios, is a post left; stop, how the sentence begins
    ([0.2, 0.4], USEFUL, False, True, "No post is left to draw"),
    ([0.3, 0.3, 0.305, 0.3], USEFUL, True, True, "The heads learn no more"),
    ([0.3, 0.3, 0.305, 0.32], USEFUL, True, False, "Go on: the heads still get better"),
    ([0.3, 0.2, 0.2], USEFUL, True, False, "Go on: 3 measured rounds can't tell"),
    ([0.3], NOTHING, True, False, "Go on: 1 measured round can't tell"),
    ([None, None], USEFUL, True, False, "The check is too small"),
    ([], NOTHING, True, False, "Nothing tells yet. Draw a check"),
    ([0.2, 0.3, 0.4, 0.5], USELESS, True, False, "Routing finds no affect more often"),
    # one affect that may be found more often is a reason to go on
    ([0.2, 0.3, 0.4, 0.5], USELESS | {"glad": USEFUL["calm"]}, True, False, "Go on: the heads"),
    # rounds without heads have no figure, and none is made up
    ([None, 0.3, 0.3, 0.3, 0.3], USEFUL, True, True, "The heads learn no more"),
]


@pytest.mark.parametrize(("figures", "ratios", "left", "stop", "sentence"), CASES)
def test_advice(figures, ratios, left, stop, sentence):
    found = advice.advise(figures=figures, ratios=ratios, pool_left=left)

    assert found["stop"] == stop
    assert found["why"].startswith(sentence)
