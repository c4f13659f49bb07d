"""Which step comes next: a pure decision, every case of it."""

import pytest

from joining.rules import Step, first_step

C, S, G, Q = Step.CONSENT, Step.STRATA, Step.GUIDELINE, Step.QUIZ
ALL = {C, S, G, Q}


@pytest.mark.parametrize(
    ("asked", "done", "failed", "expected"),
    [
        (set(), set(), False, Step.READY),  # a campaign that nobody has configured
        (ALL, set(), False, C),
        (ALL, {C}, False, S),
        (ALL, {C, S}, False, G),
        (ALL, {C, S, G}, False, Q),
        (ALL, ALL, False, Step.READY),
        (ALL, {S, G, Q}, False, C),  # a new consent text after everything else
        ({Q}, {C}, False, Q),
        ({G}, {S, C, G}, False, Step.READY),  # done, and not asked for any more
        (ALL, {C, S, G}, True, Step.FAILED),
        (ALL, set(), True, Step.FAILED),  # asked for nothing any more
        ({C}, set(), True, C),  # the quiz is gone, and the failure with it
    ],
)
def test_the_first_step_that_is_left(asked, done, failed, expected):
    assert first_step(asked, done, failed=failed) is expected
