import doctest

import pytest

from analysis import answers, gathering, labels, names, plans, reading


@pytest.mark.parametrize("module", [answers, gathering, labels, names, plans, reading])
def test_examples_in_docstrings_hold(module):
    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0
